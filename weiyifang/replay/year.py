"""The year, step by step: the first morning and 365 days, put together from what each package does in them.

Each package says so in its `days.py`; see `people.living`.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from functools import partial
from itertools import groupby
from operator import attrgetter

from weiyifang.communities.models import Community
from weiyifang.communities.services import open_community
from weiyifang.core import clock, found
from weiyifang.people.living import DAYS, Part, Year
from weiyifang.replay.engine import Step
from weiyifang.replay.models import Run

CODE, SLUG, PHONE, HOURS = 500108002001, "nanhu", "023-0123 9999", "8:00–20:00"  # the number belongs to nobody
BEGINS = "08:00"  # each day


def open_nanhu() -> Community:
    """The community of the replay, opened from the register, or found open."""
    return open_community(code=CODE, slug=SLUG, phone=PHONE, phone_hours=HOURS)


def steps_of(run: Run, community: Community) -> list[Step]:
    """Everything, in order."""
    year = Year(community=community, seed=run.seed, scale=run.scale, last_day=run.last_day)
    every = [part for module in found.modules("days") for part in module.Days(year).parts()]
    every.sort(key=attrgetter("turn"))  # parts of one turn stay in the order their packages are installed in
    opening = groupby([part for part in every if part.opens], key=attrgetter("opens", "at"))
    daily = [part for part in every if not part.opens]
    return [
        *(_step(year, name, year.first_day, list(parts), at) for (name, at), parts in opening),
        *(
            _step(year, str(day), day, [part for part in daily if part.on is None or part.on(day)])
            for day in map(year.day, range(DAYS))
        ),
    ]


def _step(year: Year, name: str, day: date, parts: Sequence[Part], begins: str = BEGINS) -> Step:
    return Step(name=name, at=clock.local(day, begins), do=partial(_live, year=year, day=day, parts=parts))


def _live(rng: random.Random, year: Year, day: date, parts: Sequence[Part]) -> None:
    year.begin_step()
    for part in parts:
        with clock.at(clock.local(day, part.at)):
            part.do(rng, day)
