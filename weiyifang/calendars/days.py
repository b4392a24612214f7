"""Addresses of calendars in the demo's year: the cast's phones fetch them; one was made anew, one is over."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

from weiyifang.calendars import services
from weiyifang.calendars.models import Link
from weiyifang.core.actors import Actor
from weiyifang.organizations import queries as organizations
from weiyifang.people import living
from weiyifang.people.living import Part

LED = "摄友之家"  # what the cast's organization leader leads
BEGIN = 200  # the day of the year on which the first are made
RENEWED, ENDED = 260, 300  # the days on which a phone was lost, and on which somebody no longer wants it
FETCHED, TIMES = 7, 5  # on so many days at the end phones fetch, and how often on each


class Days(living.Days):
    """After the organizations, one of which has an address of its own."""

    def make(self, rng: random.Random, day: date) -> None:
        cast = self.year.cast
        self._make(cast["resident"], with_others=True)
        self._make(cast["volunteer"])
        self._make(cast["leader"])
        self._make(cast["leader"], of=organizations.sources_by_name()[LED])

    def renew(self, rng: random.Random, day: date) -> None:
        services.renew(link=self._link("leader"), by=self.year.cast["leader"])

    def end(self, rng: random.Random, day: date) -> None:
        services.end(link=self._link("volunteer"), by=self.year.cast["volunteer"])

    def fetch(self, rng: random.Random, day: date) -> None:
        for link in Link.objects.live().order_by("made_at", "id"):
            for _time in range(TIMES):
                services.note_fetched(link)

    def _make(self, whose: Actor, *, of: str = "", with_others: bool = False) -> None:
        assert whose.resident_id is not None  # the cast's residents
        services.make(resident_id=whose.resident_id, of=of, with_others=with_others, by=whose)

    def _link(self, key: str) -> Link:
        found: Link = Link.objects.live().get(resident=self.year.cast[key].resident_id, of="")
        return found

    def parts(self) -> Iterator[Part]:
        yield Part(turn=62, do=self.make, on=lambda day: self.year.number(day) == BEGIN, at="19:00")
        yield Part(turn=62, do=self.renew, on=lambda day: self.year.number(day) == RENEWED, at="19:00")
        yield Part(turn=62, do=self.end, on=lambda day: self.year.number(day) == ENDED, at="19:00")
        yield Part(turn=63, do=self.fetch, on=lambda day: self.year.number(day) >= living.DAYS - FETCHED, at="20:00")
