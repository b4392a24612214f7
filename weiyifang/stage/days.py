"""Shows in the demo's year: asked for twelve days before, played in the evening, paid three days later."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property

from weiyifang.people import living
from weiyifang.people.living import DAYS, Part
from weiyifang.stage import demo


class Days(living.Days):
    """After the organizations and the volunteers, whose calendars come first."""

    @cached_property
    def plan(self) -> list[demo.Show]:
        return demo.plan_year(self.year.dice("shows"), first_day=self.year.first_day, days=DAYS, scale=self.year.scale)

    def is_wanted(self, day: date) -> bool:
        return any(show.day - timedelta(days=demo.AHEAD) == day for show in self.plan)

    def is_played(self, day: date) -> bool:
        return any(show.day == day for show in self.plan)

    def is_paid(self, day: date) -> bool:
        return any(show.day + timedelta(days=demo.PAID_AFTER) == day for show in self.plan)

    def request(self, rng: random.Random, day: date) -> None:
        for show in self.plan:
            if show.day - timedelta(days=demo.AHEAD) == day:
                demo.request(show, staff=self.year.cast["staff"])

    def receive(self, rng: random.Random, day: date) -> None:
        demo.receive(day, accountant=self.year.cast["accountant"])

    def hold(self, rng: random.Random, day: date) -> None:
        demo.hold(day)

    def leave_on_the_desk(self, rng: random.Random, day: date) -> None:
        demo.leave_on_the_desk(staff=self.year.cast["staff"])

    def parts(self) -> Iterator[Part]:
        yield Part(turn=11, do=self.receive, on=self.is_paid)  # with the other money, before it is taken to the bank
        yield Part(turn=47, do=self.request, on=self.is_wanted, at="10:00")
        yield Part(turn=73, do=self.leave_on_the_desk, on=self.year.is_last, at="16:30")
        yield Part(turn=76, do=self.hold, on=self.is_played, at="21:30")
