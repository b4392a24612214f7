"""The news of a demo's year, planned: pure functions of dice; a replay that was cut off plans the same again."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from weiyifang.people.living import DAYS

READ_FOR = 21  # days after publication in which an article of the demo is read
FADES = 0.62  # each day that share of the day before reads it


@dataclass(frozen=True, kw_only=True)
class Paper:
    """The news of the year: articles a day, and of each article (in order) the day it appears and its reads in all."""

    a_day: Sequence[int]
    appears: Sequence[int]  # number of the day, from 0
    reads: Sequence[int]

    def read_on(self, day: int) -> list[tuple[int, int]]:
        """Which articles (by order) are read how often on a day; over all days this adds up to `reads` exactly."""
        found = []
        for order, appeared in enumerate(self.appears):
            age, last = day - appeared, min(READ_FOR, DAYS - 1 - appeared)
            if 0 <= age <= last:
                total = self.reads[order]
                count = _until(total, age, last) - _until(total, age - 1, last)
                if count:
                    found.append((order, count))
        return found


def _until(total: int, age: int, last: int) -> int:
    """How many of `total` reads have happened by the end of the day `age`; all of them by the `last` one."""
    if age < 0:
        return 0
    return total if age >= last else int(total * _by(age) / _by(last))


def _by(age: int) -> float:
    """Which part of those who will ever read an article has done so by the end of the day `age`."""
    return 1 - float(FADES ** (age + 1))


def plan_paper(rng: random.Random, *, articles: int, reads: int) -> Paper:
    """Spread articles over the days and reads over the articles: few are read much, all are read."""
    appears = sorted(rng.randrange(DAYS) for _ in range(articles))
    a_day = [0] * DAYS
    for day in appears:
        a_day[day] += 1
    # what appears shortly before the year ends has had less time: the last days look like those before them
    weights = [rng.paretovariate(2.2) * _by(min(READ_FOR, DAYS - 1 - day)) for day in appears]
    total = sum(weights)
    # largest remainder by running totals: the parts add up to `reads` exactly
    edges = [round(reads * part / total) for part in accumulate(weights)]
    parts = [after - before for before, after in zip([0, *edges], edges, strict=False)]
    return Paper(a_day=a_day, appears=appears, reads=parts)
