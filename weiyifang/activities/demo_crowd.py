"""Who may come to what in a replayed year."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Self

from weiyifang.activities.models import Audience
from weiyifang.people.models import Gender, Resident

if TYPE_CHECKING:
    from weiyifang.activities.demo import ActivityPlan


class Crowd:
    """Who may come to what, by audience. The same residents each time: those on the register before the year began."""

    def __init__(self, residents: Sequence[Resident], day: date) -> None:
        self.residents, self.day = residents, day

    @classmethod
    def load(cls, day: date) -> Self:
        rows = Resident.objects.living_here().filter(joined_on__lte=day).order_by("number")
        return cls(list(rows.only("id", "community_id", "name", "gender", "born_on", "left_on", "number")), day)

    @cached_property
    def by_audience(self) -> dict[str, list[Resident]]:
        aged = [(resident, resident.age_on(self.day)) for resident in self.residents]
        grown = [resident for resident, age in aged if age is not None and age >= 18]
        return {
            Audience.EVERYONE: grown,
            Audience.FAMILIES: [resident for resident, age in aged if age is not None and (age < 13 or 25 <= age < 45)],
            Audience.ELDERS: [resident for resident, age in aged if age is not None and age >= 60],
            Audience.CHILDREN: [resident for resident, age in aged if age is not None and 5 <= age < 13],
            Audience.WOMEN: [resident for resident in grown if resident.gender == Gender.FEMALE],
        }

    def pick(self, dice: random.Random, plan: ActivityPlan, count: int) -> list[Resident]:
        """`count` different people it is for (fewer when there are not so many); of a weekly series, its regulars."""
        fitting = self.by_audience[plan.details["audience"]]
        if plan.has_regulars:
            most = max(one.people for one in plan.dates)
            circle = min(len(fitting), round(2.2 * max(most, plan.details["places"])) + 4)
            fitting = random.Random(plan.title).sample(fitting, circle)  # noqa: S311  dice of a demo year
        return dice.sample(fitting, min(count, len(fitting)))
