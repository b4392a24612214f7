"""What is lent in the demo's year: put on the list on the first day, then booked for seasons and day by day."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from weiyifang.organizations import queries as organizations
from weiyifang.people import living
from weiyifang.people.living import Part
from weiyifang.people.models import Resident
from weiyifang.sharing import demo

BORROWERS = 300  # neighbours who borrow something for themselves now and then
HANDED_OVER = 14  # days from one thing that is handed over to the next
SEASON = 91  # days for which what comes every week is booked at once
WISHING = 14  # days in which organizations apply for the slots of the next season
LED = "摄友之家"  # what the cast's organization leader leads


class Days(living.Days):
    """In the morning, when activities have their rooms; with dice of its own.

    Who may have something is asked anew each day: it is the same whichever process lives the day.
    """

    def lend(self, rng: random.Random, day: date) -> None:
        number, by = self.year.number(day), self.year.cast["staff"]
        dice, organizers = self.year.dice(f"sharing {number}"), organizations.sources_by_name()
        borrowers = list(Resident.objects.living_here().order_by("number").values_list("pk", flat=True)[:BORROWERS])
        if number == 0:
            demo.add_things(organizers, by=by)
        if number % SEASON == 0:
            demo.book_season(dice, day, organizers, scale=self.year.scale, by=by)
        demo.book_day(dice, day, number, organizers, borrowers, scale=self.year.scale, by=by)

    def is_handed_over(self, day: date) -> bool:
        """Written down every other week: the desk of the demo is no rental office."""
        return self.year.number(day) % HANDED_OVER == HANDED_OVER // 2

    def hand_over(self, rng: random.Random, day: date) -> None:
        demo.hand_over(by=self.year.cast["staff"])

    def take_back(self, rng: random.Random, day: date) -> None:
        demo.take_back(self.year.dice(f"back {self.year.number(day)}"), by=self.year.cast["staff"])

    def is_before_spring(self, day: date) -> bool:
        return day == self.year.last_day - timedelta(days=WISHING)

    def open_season(self, rng: random.Random, day: date) -> None:
        organizers = organizations.sources_by_name()
        dice, led = self.year.dice("season"), organizers[LED]
        demo.open_season(dice, self.year.last_day, organizers, led=led, by=self.year.cast["staff"])

    def share_season_out(self, rng: random.Random, day: date) -> None:
        demo.share_season_out(by=self.year.cast["staff"])

    def leave_on_the_desk(self, rng: random.Random, day: date) -> None:
        resident, cast = Resident.objects.get(account__username="resident"), self.year.cast
        demo.leave_on_the_desk(
            leader_of=organizations.sources_by_name()[LED],
            leader=cast["leader"],
            resident=resident,
            by=cast["resident"],
        )

    def parts(self) -> Iterator[Part]:
        yield Part(turn=32, do=self.lend)
        yield Part(turn=33, do=self.hand_over, on=self.is_handed_over)
        yield Part(turn=34, do=self.take_back, on=self.is_handed_over, at="20:15")
        yield Part(turn=35, do=self.open_season, on=self.is_before_spring)
        yield Part(turn=36, do=self.share_season_out, on=self.year.is_last)
        yield Part(turn=74, do=self.leave_on_the_desk, on=self.year.is_last, at="16:30")
