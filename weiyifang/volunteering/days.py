"""Volunteers in the demo's year: the service teams begin on the first morning, and plan four weeks at a time.

Who came is noted when the four weeks are over.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property

from weiyifang.people import living
from weiyifang.people.living import Part
from weiyifang.people.models import Resident
from weiyifang.volunteering import demo, demo_asked
from weiyifang.volunteering.models import Team

SHIFTS = 3_000  # of all teams in the year, those that help one neighbour among them
REQUESTS = 30  # of neighbours for somebody's help
SWAPS_EVERY = 3  # plans, of which somebody stands in for somebody else in each
PAPERS_ON = (1, 8)  # month and day on which papers are asked for about the year before
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
        demo.plan_ahead(day, plan=plan, shifts=self.year.scaled(SHIFTS) - demo_asked.helped(self.requests))

    @cached_property
    def requests(self) -> int:
        return self.year.scaled(REQUESTS)

    def work_on_requests(self, rng: random.Random, day: date) -> None:
        """What was asked for, what is answered the day after, and what was done the day before."""
        staff, dice = self.year.cast["staff"], self.year.dice(f"help {day}")
        asked, answered, done = (self._asked(day, before) for before in (0, 1, 1 + demo_asked.LATER))
        demo_asked.finish(done, by=staff)
        demo_asked.answer(answered, by=staff)
        demo_asked.ask_for_help(dice, asked, by=staff)

    def are_requests_worked_on(self, day: date) -> bool:
        return any(self._asked(day, before) for before in (0, 1, 1 + demo_asked.LATER))

    def _asked(self, day: date, before: int) -> list[int]:
        return demo_asked.asked_on(self.year.number(day) - before, self.requests)

    def change_hands(self, rng: random.Random, day: date) -> None:
        """In turn, one team after the other; the first two are those of the cast."""
        plan, last, dice = self.year.number(day) // demo.DAYS, day + timedelta(days=demo.DAYS - 2), self._dice(day)
        teams = list(Team.objects.at_work().order_by("number"))
        for place in (plan % len(teams), plan % 2):
            demo_asked.stand_in(dice, teams[place], last=last)
        if plan % SWAPS_EVERY == 0:
            demo_asked.swap(dice, teams[plan // SWAPS_EVERY % len(teams)], last=last)

    def _dice(self, day: date) -> random.Random:
        return self.year.dice(f"volunteering {day}")

    def is_after_plan(self, day: date) -> bool:
        return self.is_planned(day - timedelta(days=1)) and self.year.number(day) > 0

    def write_papers(self, rng: random.Random, day: date) -> None:
        """In January about the year before, and on the last day about this one."""
        year = day.year if self.year.is_last(day) else day.year - 1
        demo_asked.write_papers(year, by=self.year.cast["staff"])

    def are_papers_written(self, day: date) -> bool:
        return (day.month, day.day) == PAPERS_ON or self.year.is_last(day)

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
        names = ("resident", "volunteer", "leader")
        cast = {name: Resident.objects.get(account__username=name) for name in names}
        demo_asked.leave_open(**cast, by=self.year.cast["staff"])

    def parts(self) -> Iterator[Part]:
        yield Part(turn=25, do=self.begin_teams, at="07:30", opens="volunteers")
        yield Part(turn=45, do=self.plan_ahead, on=self.is_planned)
        yield Part(turn=44, do=self.note_hours, on=self.is_over)
        yield Part(turn=46, do=self.change_hands, on=self.is_after_plan, at="09:00")
        yield Part(turn=47, do=self.work_on_requests, on=self.are_requests_worked_on, at="10:00")
        yield Part(turn=48, do=self.write_papers, on=self.are_papers_written, at="11:00")
        yield Part(turn=74, do=self.leave_on_the_desk, on=self.year.is_last, at="16:30")
