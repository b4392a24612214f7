"""Talents in the demo's year: put down on the first morning, asked all year round, and thanked the day after."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

from weiyifang.people import living
from weiyifang.people.living import Part
from weiyifang.people.models import Resident
from weiyifang.talents import demo

TALENTS, REQUESTS = 60, 80  # in the year; what is left open at its end is among the requests
KNOWN = ("leader", "resident")  # of the cast, who sign in; the leader is the photographer


class Days(living.Days):
    """After the organizations that ask them."""

    def put_down(self, rng: random.Random, day: date) -> None:
        demo.put_down(rng, known=self._known(), talents=max(len(KNOWN), self.year.scaled(TALENTS)))

    def is_asked(self, day: date) -> bool:
        return bool(self._todo(day))

    def ask(self, rng: random.Random, day: date) -> None:
        for number in self._todo(day):
            demo.ask(self._dice(day), number=number, day=day, staff=self.year.cast["staff"])

    def thank(self, rng: random.Random, day: date) -> None:
        demo.thank(self._dice(day), day=day)

    def leave_open(self, rng: random.Random, day: date) -> None:
        demo.leave_open(cast=self._known(), staff=self.year.cast["staff"])

    def parts(self) -> Iterator[Part]:
        yield Part(turn=26, do=self.put_down, at="07:30", opens="talents")
        yield Part(turn=46, do=self.ask, on=self.is_asked)
        yield Part(turn=47, do=self.thank, on=self._is_the_day_after)
        yield Part(turn=75, do=self.leave_open, on=self.year.is_last, at="16:30")

    def _dice(self, day: date) -> random.Random:
        """Of its own, so that the other parts of a day happen as they would without it."""
        return self.year.dice(f"talents {day}")

    def _known(self) -> list[Resident]:
        there = {row.pk: row for row in Resident.objects.filter(account__username__in=KNOWN)}
        ids = [self.year.cast[key].resident_id for key in KNOWN]
        return [there[pk] for pk in ids if pk is not None]

    def _todo(self, day: date) -> list[int]:
        """The numbers of the requests of a day, spread over the days on which what is asked still takes place."""
        requests, days = self.year.scaled(REQUESTS) - len(KNOWN), living.DAYS - demo.AHEAD - 2
        number = self.year.number(day)
        return [one for one in range(max(0, requests)) if one * days // max(1, requests) == number]

    def _is_the_day_after(self, day: date) -> bool:
        number = self.year.number(day) - demo.AHEAD - 1
        return number >= 0 and bool(self._todo(self.year.day(number)))
