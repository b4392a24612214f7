"""Volunteers in the demo's year: the service teams begin on the first morning, and plan four weeks at a time.

Who came is noted when the four weeks are over.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from weiyifang.people import living
from weiyifang.people.living import Part
from weiyifang.people.models import Resident
from weiyifang.volunteering import demo

SHIFTS = 3_000  # of all teams in the year
WAITS = 1  # shifts of each team whose hours nobody has approved when the year ends


class Days(living.Days):
    """After the organizations that some of the teams belong to."""

    def begin_teams(self, rng: random.Random, day: date) -> None:
        known = (
            Resident.objects.filter(account__username__in=self.year.cast)
            .exclude(account__username="leader")
            .order_by("number")
        )
        leader = Resident.objects.get(account__username="leader")
        demo.begin_teams(rng, leader=leader, cast=list(known), scale=self.year.scale)

    def is_planned(self, day: date) -> bool:
        """On the first day of each four weeks."""
        number = self.year.number(day)
        return number % demo.DAYS == 0 and number // demo.DAYS < demo.PLANS

    def plan_ahead(self, rng: random.Random, day: date) -> None:
        plan = self.year.number(day) // demo.DAYS
        demo.plan_ahead(day, plan=plan, shifts=self.year.scaled(SHIFTS))

    def is_over(self, day: date) -> bool:
        """On the day after each four weeks."""
        number = self.year.number(day)
        return number > 0 and number % demo.DAYS == 0 and number // demo.DAYS <= demo.PLANS

    def note_hours(self, rng: random.Random, day: date) -> None:
        cast, waits = self.year.cast, WAITS if self.year.is_last(day) else 0
        since = day - timedelta(days=demo.DAYS)
        demo.note_hours(rng, since, day, waits=waits, noted_by=cast["staff"], approved_by=cast["secretary"])
        demo.give_time(rng, by=cast["staff"])

    def leave_on_the_desk(self, rng: random.Random, day: date) -> None:
        demo.leave_on_the_desk(by=self.year.cast["staff"])

    def parts(self) -> Iterator[Part]:
        yield Part(turn=25, do=self.begin_teams, at="07:30", opens="volunteers")
        yield Part(turn=45, do=self.plan_ahead, on=self.is_planned)
        yield Part(turn=44, do=self.note_hours, on=self.is_over)
        yield Part(turn=74, do=self.leave_on_the_desk, on=self.year.is_last, at="16:30")
