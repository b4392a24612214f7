"""The week of a thing, day by day, for its page, for paper and for calendars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from weiyifang.core import clock
from weiyifang.core.look.wording import as_day, clock_time, moment
from weiyifang.sharing import queries
from weiyifang.sharing.models import Resource
from weiyifang.sharing.queries import Taken


@dataclass(frozen=True, kw_only=True)
class Line:
    """One entry of a day."""

    taken: Taken
    words: str

    @property
    def hours(self) -> str:
        """`14:00–16:00`; with the days, where it is over several."""
        begins, ends = self.taken.starts_at, self.taken.ends_at
        if as_day(begins) == as_day(ends):
            return f"{clock_time(begins)}–{clock_time(ends)}"
        return f"{moment(begins)} – {moment(ends)}"


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day. `is_open`: it can be had on such a day at all."""

    day: date
    is_open: bool
    lines: Sequence[Line]

    @property
    def is_today(self) -> bool:
        return self.day == clock.today()


def week_of(resource: Resource, monday: date, days: int = 7) -> list[Day]:
    """What stands in its calendar on these days."""
    since, until = clock.day_bounds(monday)[0], clock.day_bounds(monday + timedelta(days=days - 1))[1]
    found = queries.taken(resource, since, until)
    return [
        Day(
            day=day,
            is_open=str(day.isoweekday()) in resource.weekdays,
            lines=[
                Line(taken=one, words=words(one))
                for one in found
                if as_day(one.starts_at) <= day <= as_day(one.ends_at)
            ],
        )
        for day in (monday + timedelta(days=step) for step in range(days))
    ]


def words(taken: Taken) -> str:
    """Who has it, as far as everybody may know: organizations by name, nobody else."""
    if taken.reason:
        return _("closed: %(why)s") % {"why": taken.reason}
    who = taken.who or _("taken")
    if taken.pieces:
        pieces = ngettext("%(n)d piece", "%(n)d pieces", taken.pieces) % {"n": taken.pieces}
        return _("%(who)s · %(pieces)s") % {"who": who, "pieces": pieces}
    return who
