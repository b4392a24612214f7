"""Statutory holidays and the working days swapped for them (法定节假日, 调休), as announced each year.

The State Council announces a year in the November before it; the dates are data of the package `chinesecalendar`.
Years it does not know have plain weekends; `is_known` tells so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal, NamedTuple

import chinese_calendar
from chinese_calendar import constants
from django.utils.translation import gettext_lazy as _

Kind = Literal["working", "rest", "holiday"]

NAMES = {
    "New Year's Day": _("New Year's Day"),
    "Spring Festival": _("Spring Festival"),
    "Tomb-sweeping Day": _("Tomb-sweeping Day"),
    "Labour Day": _("Labour Day"),
    "Dragon Boat Festival": _("Dragon Boat Festival"),
    "Mid-autumn Festival": _("Mid-autumn Festival"),
    "National Day": _("National Day"),
    "Anti-Fascist 70th Day": _("Victory Day"),
}
_KNOWN = frozenset(day.year for day in constants.holidays)


class DayKind(NamedTuple):
    """`holiday` and its name; `rest`: a plain weekend; `working`, with a name when it makes up for a holiday."""

    kind: Kind
    name: str = ""


def is_known(year: int) -> bool:
    """Have the holidays of this year been announced, as far as the program knows?"""
    return year in _KNOWN


def unannounced(days: Iterable[date]) -> list[date]:
    """Those of the days whose year is not announced yet: they may turn out to be holidays, or to make up for one."""
    return [day for day in days if not is_known(day.year)]


def day_kind(day: date) -> DayKind:
    """What kind of day it is. Never raises: a year nobody announced has plain weekends."""
    if not is_known(day.year):
        return DayKind("rest" if day.weekday() > 4 else "working")
    is_off, name = chinese_calendar.get_holiday_detail(day)
    said = str(NAMES.get(name, name)) if name else ""
    if not is_off:
        return DayKind("working", said)
    return DayKind("holiday" if name else "rest", said)
