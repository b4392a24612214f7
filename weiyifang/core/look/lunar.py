"""The lunar calendar (`lunar_python`) and the festivals people live by; solar terms from `chinese_calendar`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import chinese_calendar
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from lunar_python import Lunar, Solar

from weiyifang.core import dated

DIGITS = "〇一二三四五六七八九十"
MONTHS = ("", "正月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "冬月", "腊月")

LUNAR_FESTIVALS: dict[tuple[int, int], str | Promise] = {
    (1, 1): gettext_lazy("Spring Festival"),
    (1, 15): gettext_lazy("Lantern Festival"),
    (5, 5): gettext_lazy("Dragon Boat Festival"),
    (7, 7): gettext_lazy("Qixi"),
    (8, 15): gettext_lazy("Mid-Autumn Festival"),
    (9, 9): gettext_lazy("Double Ninth Festival"),
    (12, 8): gettext_lazy("Laba"),
}
SOLAR_FESTIVALS: dict[tuple[int, int], str | Promise] = {
    (1, 1): gettext_lazy("New Year's Day"),
    (3, 5): gettext_lazy("Lei Feng Day"),
    (3, 8): gettext_lazy("Women's Day"),
    (5, 1): gettext_lazy("Labour Day"),
    (6, 1): gettext_lazy("Children's Day"),
    (7, 1): gettext_lazy("Party Founding Day"),
    (10, 1): gettext_lazy("National Day"),
}
SOLAR_TERMS: dict[str, str | Promise] = {
    "清明": gettext_lazy("Qingming"),
    "冬至": gettext_lazy("Winter Solstice"),
}


def lunar_day(day: date) -> str:
    """`九月初五`; in English "lunar 9-5". Empty before 1901 and after 2099."""
    if not 1901 <= day.year <= 2099:
        return ""
    month, on, leap = _lunar(day)
    if not (get_language() or "").startswith("zh"):
        return _("lunar %(month)s-%(day)s") % {"month": f"{'+' if leap else ''}{month}", "day": on}
    return ("闰" if leap else "") + MONTHS[month] + _chinese_day(on)


@lru_cache(maxsize=1_000)  # a millisecond each: the front page asks for forty days
def _lunar(day: date) -> tuple[int, int, bool]:
    """Lunar month, day of it, and whether it is a leap month."""
    lunar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    month = int(lunar.getMonth())  # negative in a leap month
    return abs(month), int(lunar.getDay()), month < 0


def solar_day(year: int, month: int, day: int) -> date:
    """The common calendar's day for a lunar one (no leap month); raises ValueError when there is none."""
    try:
        solar = Lunar.fromYmd(year, month, day).getSolar()
    except Exception as error:  # the library raises bare exceptions
        raise ValueError(f"no lunar day {year}-{month}-{day}") from error
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


def _chinese_day(day: int) -> str:
    if day <= 10:
        return "初" + DIGITS[day]
    if day in (20, 30):
        return DIGITS[day // 10] + "十"
    return ("十", "廿")[day // 10 - 1] + DIGITS[day % 10]


def festival(day: date) -> str:
    """The festival on that day, or ""."""
    if (day.month, day.day) in SOLAR_FESTIVALS:
        return str(SOLAR_FESTIVALS[day.month, day.day])
    if not 1901 <= day.year <= 2099:
        return ""
    month, on, leap = _lunar(day)
    if not leap and (month, on) in LUNAR_FESTIVALS:
        return str(LUNAR_FESTIVALS[month, on])
    if _lunar(day + timedelta(days=1)) == (1, 1, False):
        return _("New Year's Eve")
    return next((str(SOLAR_TERMS[term]) for on, term in _terms(day) if on == day and term in SOLAR_TERMS), "")


@lru_cache(maxsize=1_000)
def _terms(day: date) -> tuple[tuple[date, str], ...]:
    return tuple(chinese_calendar.get_solar_terms(day, day))


@dataclass(frozen=True, kw_only=True)
class Ahead(dated.DatedRule):
    """How many days before a festival people begin to speak of it."""

    days: int


FESTIVALS = dated.RuleFile(
    name="core.festivals",
    path=Path(__file__).with_name("festivals.toml"),
    title=gettext_lazy("Festivals on the front page"),
    settings={"days": dated.Setting(label=gettext_lazy("Days ahead that a festival is spoken of"), most=60)},
    make=Ahead,
)


def next_festival(day: date) -> tuple[date, str] | None:
    """The first festival after `day` that is near enough to be spoken of (`festivals.toml`)."""
    within = FESTIVALS.on(day).days
    for ahead in range(1, within + 1):
        if name := festival(day + timedelta(days=ahead)):
            return day + timedelta(days=ahead), name
    return None
