"""What is lent in the demo's year: put on the list on the first day, then booked for seasons and day by day."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property

from weiyifang.organizations import queries as organizations
from weiyifang.people import living
from weiyifang.people.living import Part
from weiyifang.people.models import Resident
from weiyifang.sharing import demo

BORROWERS = 300  # neighbours who borrow something for themselves now and then
SEASON = 91  # days for which what comes every week is booked at once
LED = "摄友之家"  # what the cast's organization leader leads


class Days(living.Days):
    """In the morning, when activities have their rooms; with dice of its own."""

    @cached_property
    def organizers(self) -> dict[str, str]:
        return organizations.sources_by_name()

    @cached_property
    def borrowers(self) -> Sequence[Resident]:
        return list(Resident.objects.living_here().order_by("number")[:BORROWERS])

    def lend(self, rng: random.Random, day: date) -> None:
        number, by = self.year.number(day), self.year.cast["staff"]
        dice = self.year.dice(f"sharing {number}")
        if number == 0:
            demo.add_things(self.organizers, by=by)
        if number % SEASON == 0:
            demo.book_season(dice, day, self.organizers, scale=self.year.scale, by=by)
        demo.book_day(dice, day, number, self.organizers, self.borrowers, scale=self.year.scale, by=by)

    def leave_on_the_desk(self, rng: random.Random, day: date) -> None:
        resident, cast = Resident.objects.get(account__username="resident"), self.year.cast
        demo.leave_on_the_desk(
            leader_of=self.organizers[LED], leader=cast["leader"], resident=resident, by=cast["resident"]
        )

    def parts(self) -> Iterator[Part]:
        yield Part(turn=32, do=self.lend)
        yield Part(turn=74, do=self.leave_on_the_desk, on=self.year.is_last, at="16:30")
