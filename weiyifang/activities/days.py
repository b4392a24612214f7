"""Activities in the demo's year: shown, enrolled for and held as its programme says; see `demo`."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any

from weiyifang.activities import demo, demo_desk, demo_gala, demo_groups, demo_market, demo_missed
from weiyifang.activities.demo_crowd import Crowd
from weiyifang.organizations import queries as organizations
from weiyifang.people import living
from weiyifang.people.living import Part
from weiyifang.people.models import Resident

LED = "摄友之家"  # what the cast's organization leader leads


class Days(living.Days):
    """In the morning what is due, in the late evening who came."""

    @cached_property
    def organizers(self) -> dict[str, str]:
        return organizations.sources_by_name()

    @cached_property
    def programme(self) -> list[demo.ActivityPlan]:
        return demo.plan_year(self.year.dice("activities"), self.year.first_day, self.year.last_day, self.year.scale)

    @cached_property
    def gala(self) -> tuple[dict[str, Any], demo.ActivityPlan] | None:
        """Its running order and its plan; None in a year that is too small to have one."""
        data = demo_gala.plan()
        return next(((data, plan) for plan in self.programme if plan.title == data["title"]), None)

    @cached_property
    def crowd(self) -> Crowd:
        return Crowd.load(self.year.first_day)

    def prepare(self, rng: random.Random, day: date) -> None:
        demo.prepare_day(
            rng,
            self.programme,
            self.crowd,
            organizers=self.organizers,
            last_day=self.year.last_day,
            by=self.year.cast["staff"],
        )

    @cached_property
    def missed(self) -> list[demo_missed.Missed]:
        return demo_missed.find(self.programme, self.year.first_day, self.year.last_day)

    def enrol_and_stay_away(self, rng: random.Random, day: date) -> None:
        demo_missed.enrol(self.missed, self.year.cast)

    def say_why(self, rng: random.Random, day: date) -> None:
        demo_missed.say(self.missed, self.year.cast, by=self.year.cast["staff"])

    def put_on_stage(self, rng: random.Random, day: date) -> None:
        if self.gala is not None:
            demo_gala.prepare(*self.gala, organizers=self.organizers, by=self.year.cast["staff"])

    @cached_property
    def markets(self) -> list[tuple[demo.ActivityPlan, dict[str, Any]]]:
        said = demo_market.plans()
        return [(plan, said[plan.title]) for plan in self.programme if plan.title in said]

    def take_stalls(self, rng: random.Random, day: date) -> None:
        for plan, said in self.markets:
            demo_market.take_stalls(rng, plan, said, organizers=self.organizers, by=self.year.cast["staff"])

    def count_proceeds(self, rng: random.Random, day: date) -> None:
        cast = self.year.cast
        for plan, said in self.markets:
            demo_market.count(rng, plan, said, scale=self.year.scale, first=cast["staff"], second=cast["secretary"])

    def attend(self, rng: random.Random, day: date) -> None:
        cast = self.year.cast
        away = demo_missed.away(self.missed, cast)
        demo.attend_day(rng, self.programme, self.crowd, away=away, by=cast["staff"])

    def leave_on_the_desk(self, rng: random.Random, day: date) -> None:
        resident, cast = Resident.objects.get(account__username="resident"), self.year.cast
        demo_desk.leave_on_the_desk(resident=resident, by=cast["resident"])
        leader = Resident.objects.get(account__username="leader")
        demo_groups.bring_the_members(organization=self.organizers[LED], leader=cast["leader"], resident=leader)
        demo_desk.call_one_off(whose=cast["resident"], reason="那天楼里停水，改日再办。", by=cast["staff"])

    def parts(self) -> Iterator[Part]:
        yield Part(turn=30, do=self.prepare)
        yield Part(turn=30, do=self.put_on_stage)
        yield Part(turn=30, do=self.take_stalls)
        yield Part(turn=30, do=self.enrol_and_stay_away)
        yield Part(turn=30, do=self.say_why)
        yield Part(turn=31, do=self.attend, at="21:30")
        yield Part(turn=32, do=self.count_proceeds, at="21:45")
        yield Part(turn=73, do=self.leave_on_the_desk, on=self.year.is_last, at="16:30")
