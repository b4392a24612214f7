"""Volunteers in the demo's year: the service teams begin on the first morning."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

from weiyifang.people import living
from weiyifang.people.living import Part
from weiyifang.people.models import Resident
from weiyifang.volunteering import demo


class Days(living.Days):
    """After the organizations that some of the teams belong to."""

    def begin_teams(self, rng: random.Random, day: date) -> None:
        known = Resident.objects.filter(account__username__in=self.year.cast).exclude(account__username="leader")
        leader = Resident.objects.get(account__username="leader")
        demo.begin_teams(rng, leader=leader, cast=list(known), scale=self.year.scale)

    def parts(self) -> Iterator[Part]:
        yield Part(turn=25, do=self.begin_teams, at="07:30", opens="volunteers")
