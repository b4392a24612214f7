"""Which days people here work: weekends, statutory holidays (法定节假日) and swapped working days (调休).

The State Council announces a year's holidays in the November before; the library `chinesecalendar` carries them. For a
year it does not know yet, plain weekends are the answer, and `is_known` says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import chinese_calendar
from chinese_calendar.constants import holidays as _holidays
from chinese_calendar.constants import workdays as _workdays

DayKind = Literal["working", "rest", "holiday"]
FIRST, LAST = min(_holidays).year, max(_holidays).year


@dataclass(frozen=True, kw_only=True)
class Day:
    """A working day, a day of rest (weekend or day in lieu) or a statutory holiday, with the holiday's Chinese name."""

    kind: DayKind
    name: str = ""
    is_swapped: bool = False  # a weekend that is worked, or a weekday that is off, for a holiday nearby

    @property
    def is_working(self) -> bool:
        return self.kind == "working"


def is_known(year: int) -> bool:
    """Are the holidays of this year announced and in the data?"""
    return FIRST <= year <= LAST


def day_kind(day: date) -> Day:
    """What kind of day it is; never raises."""
    weekend = day.weekday() >= 5
    if not is_known(day.year):
        return Day(kind="rest" if weekend else "working")
    if day in _holidays:
        name = chinese_calendar.Holiday(_holidays[day]).chinese
        return Day(kind="holiday", name=name, is_swapped=not weekend)
    if day in _workdays:
        return Day(kind="working", name=chinese_calendar.Holiday(_workdays[day]).chinese, is_swapped=weekend)
    return Day(kind="rest" if weekend else "working")


def next_working_day(day: date) -> date:
    """The day itself when it is worked, else the first one after it."""
    while not day_kind(day).is_working:
        day += timedelta(days=1)
    return day
