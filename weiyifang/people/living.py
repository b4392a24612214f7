"""The demo's year, as a package sees it. What happens in it lies in each package's `days.py`; `replay` plays it.

There `Days` gives what the package does on the first morning and on the days after it. They know nothing of one
another's parts: their `turn` alone says what comes after what, and the same year always happens in the same order.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from weiyifang.communities.models import Community
from weiyifang.core.actors import Actor
from weiyifang.people.actors import actor_for
from weiyifang.people.demo import PARTS
from weiyifang.people.models import Account

DAYS = 365
Do = Callable[[random.Random, date], None]  # with dice that fall the same way each time


def first_day_of(last_day: date) -> date:
    """The first of the 365 days that end with `last_day`."""
    return last_day - timedelta(days=DAYS - 1)


def scaled(count: int, scale: float) -> int:
    """A published count at another scale, at least one."""
    return max(1, round(count * scale))


@dataclass
class Year:
    """Whose year it is, how large and until when. `scale` 1.0 is the whole."""

    community: Community
    seed: int
    scale: float
    last_day: date

    @property
    def first_day(self) -> date:
        return first_day_of(self.last_day)

    def day(self, number: int) -> date:
        """From 0 to 364."""
        return self.first_day + timedelta(days=number)

    def number(self, day: date) -> int:
        """Which day of the year it is, from 0."""
        return (day - self.first_day).days

    def is_last(self, day: date) -> bool:
        return day == self.last_day

    def dice(self, name: str) -> random.Random:
        """For a plan of the whole year: the same of this name in every process."""
        return random.Random(f"{self.seed}:{name}")  # noqa: S311  dice of a demo year

    def scaled(self, count: int) -> int:
        """A published count at this year's scale, at least one."""
        return scaled(count, self.scale)

    @cached_property
    def cast(self) -> Mapping[str, Actor]:
        """The cast by its keys, with the duties they had when the step began."""
        keys = [part.key for part in PARTS]
        accounts = Account.objects.filter(username__in=keys).order_by("id")
        return {account.username: actor_for(account) for account in accounts}

    def begin_step(self) -> None:
        """Ask for the cast anew, whichever process did the step before: somebody may have got a duty in it."""
        self.__dict__.pop("cast", None)


@dataclass(frozen=True, kw_only=True)
class Part:
    """What a package does on each day that `on` names (without it on all), at an hour of it.

    `turn`: its place among the parts of a day; parts of one turn follow as their packages are installed. `opens`: it
    belongs to the first morning instead, to the step of this name; parts of one step have one hour.
    """

    turn: int
    do: Do
    on: Callable[[date], bool] | None = None
    at: str = "08:00"
    opens: str = ""


class Days:
    """What one package does in a year."""

    def __init__(self, year: Year) -> None:
        self.year = year

    def parts(self) -> Iterable[Part]:
        """All of it."""
        raise NotImplementedError
