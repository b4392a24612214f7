"""Dates that come again: RFC 5545 rules, counted on the wall clock of the place, with a policy for public holidays.

A class every Tuesday at nine stays at nine whatever the clocks of the country do: rules are expanded in naive local
time, and only the results become moments.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import Literal

from dateutil.rrule import rrule, rrulestr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from weiyifang.core.refusals import Refused
from weiyifang.timetable.holidays import day_kind
from weiyifang.timetable.subjects import Span

Policy = Literal["keep", "skip", "shift"]

PARTS = frozenset(
    {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYYEARDAY"}
    | {"BYSETPOS", "BYHOUR", "BYMINUTE", "BYSECOND"}
)  # not BYWEEKNO, nor BYSETPOS by the week: dateutil and libical disagree about them at the edges of years and weeks
FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
LONGEST_RULE = 200  # characters; the longest of RFC 5545's examples has 75
LARGEST_INTERVAL = 1000
YEARS = range(1900, 2400)  # in which a rule may start: birthdays are kept in calendars, too
CYCLE = 7600  # years: the calendar repeats every 400, and dateutil gives up looking for a next date only at 9999
MOST_DATES = 50_000  # looked at for one rule: more than a hundred years of every day
STEPS = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 28, "YEARLY": 365}  # days
FARTHEST_SHIFT = 14  # days; longer than any holiday
MARGIN = timedelta(days=60)  # around what is asked for, so that shifts do not depend on what is asked for


class BadRule(Refused):
    """A repetition this program does not understand, or will not count to its end."""

    sentence = _("This repetition cannot be used. Choose daily, weekly, monthly or yearly dates that do come.")


class TooManyDates(BadRule):
    """More dates than anybody can mean."""

    sentence = _("This repetition gives too many dates. Choose an earlier end.")


@dataclass(frozen=True)
class Occurrence:
    """One date of a rule: `planned` by the rule (local, naive), and when it takes place; None when it was dropped.

    `holiday` names what moved or dropped it.
    """

    planned: datetime
    starts_at: datetime | None
    ends_at: datetime | None
    holiday: str = ""


@dataclass(frozen=True)
class Rule:
    """`rrule` (RFC 5545, "FREQ=WEEKLY;BYDAY=TU") from `start` (naive local time), each date `minutes` long.

    `holidays`: what happens to a date that falls on a public holiday. "keep": it stays. "skip": it is dropped.
    "shift": it moves to the next day without a date of this rule that is a working day (for Mondays to Fridays; the
    days worked in return count) or a plain weekend (for Saturdays and Sundays), at most two weeks on, else it is
    dropped. Raises `BadRule`.
    """

    rrule: str
    start: datetime
    minutes: int
    holidays: Policy = "keep"

    def __post_init__(self) -> None:
        if self.start.tzinfo is not None or self.minutes <= 0:
            raise ValueError("a rule starts at a naive local time and lasts at least a minute")
        if self.holidays not in {"keep", "skip", "shift"}:
            raise ValueError(f"no such policy: {self.holidays}")
        _checked(self.rrule, self.start, timezone.get_default_timezone())

    def between(self, first_day: date, last_day: date) -> list[Span]:
        """When it takes place from `first_day` to `last_day` (both included), in order. Raises `TooManyDates`."""
        spans = [(one.starts_at, one.ends_at) for one in self.occurrences(first_day, last_day)]
        return [(start, end) for start, end in spans if start is not None and end is not None]

    def occurrences(self, first_day: date, last_day: date) -> list[Occurrence]:
        """The dates that take place in these days, and those planned there that were dropped: for a preview."""
        here = timezone.get_default_timezone()
        until = datetime.combine(last_day + MARGIN, time.max)
        planned = list(expand(self.rrule, self.start, until, here))
        since = first_day - MARGIN
        planned = [moment for moment in planned if moment.date() >= since]
        found = [self._held(moment, day, name) for moment, day, name in self._by_policy(planned)]
        days = [timezone.localtime(one.starts_at).date() if one.starts_at else one.planned.date() for one in found]
        within = [one for one, day in zip(found, days, strict=True) if first_day <= day <= last_day]
        return sorted(within, key=lambda one: (one.starts_at or timezone.make_aware(one.planned), one.planned))

    def _held(self, planned: datetime, day: date | None, holiday: str) -> Occurrence:
        if day is None:
            return Occurrence(planned, None, None, holiday)
        starts_at = timezone.make_aware(datetime.combine(day, planned.time()))
        return Occurrence(planned, starts_at, starts_at + timedelta(minutes=self.minutes), holiday)

    def _by_policy(self, planned: list[datetime]) -> Iterator[tuple[datetime, date | None, str]]:
        """Each planned date with the day it takes place on, and the holiday that changed it."""
        occupied = {moment.date() for moment in planned}
        for moment in planned:
            kind, name = day_kind(moment.date())
            if self.holidays == "keep" or kind != "holiday":
                yield moment, moment.date(), ""
            elif self.holidays == "skip":
                yield moment, None, name
            else:
                day = _next_like(moment.date(), occupied)
                if day is not None:
                    occupied.add(day)
                yield moment, day, name


def _next_like(day: date, occupied: set[date]) -> date | None:
    wanted = "rest" if day.weekday() > 4 else "working"
    days = (day + timedelta(days=step) for step in range(1, FARTHEST_SHIFT + 1))
    return next((other for other in days if other not in occupied and day_kind(other).kind == wanted), None)


def expand(text: str, start: datetime, until: datetime, zone: tzinfo) -> Iterator[datetime]:
    """The dates of a rule from `start` to `until`, all naive on the wall clock of `zone`. Raises `BadRule`."""
    rule, last, count = _checked(text, start, zone)
    until = until if last is None else min(until, last)
    try:
        for number, far in enumerate(islice(rule, count)):
            moment = far.replace(year=far.year - CYCLE)
            if moment > until:
                return
            if number >= MOST_DATES:
                raise TooManyDates(rule=text)
            yield moment
    except (ValueError, IndexError, TypeError, OverflowError) as error:  # what dateutil raises only when it counts
        raise BadRule(rule=text) from error


def steps_until(text: str, start: datetime, until: datetime) -> int:
    """How often a rule that `expand` has taken is asked for its next day, whether one comes or not."""
    frequency = next(name for name in STEPS if f"FREQ={name}" in text.upper())
    return max((until - start).days, 0) // STEPS[frequency] + 1


def _checked(text: str, start: datetime, zone: tzinfo) -> tuple[rrule, datetime | None, int | None]:
    """The rule from `start` a `CYCLE` later, without its end; its last moment; its COUNT. Raises `BadRule`."""
    try:
        return _read(text, start, zone)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise BadRule(rule=text[:LONGEST_RULE]) from error


def _read(text: str, start: datetime, zone: tzinfo) -> tuple[rrule, datetime | None, int | None]:
    if len(text) > LONGEST_RULE:
        raise ValueError("too long")
    pairs = [part.partition("=") for part in text.upper().removeprefix("RRULE:").rstrip(";").split(";")]
    parts = {name.strip(): value.strip() for name, _equals, value in pairs}
    if not (set(parts) <= PARTS and len(parts) == len(pairs) and parts.get("FREQ") in FREQUENCIES):
        raise ValueError("unknown or doubled parts")
    if parts["FREQ"] == "WEEKLY" and "BYSETPOS" in parts:
        raise ValueError("not counted alike by all programs")
    if not 1 <= int(parts.get("INTERVAL", "1")) <= LARGEST_INTERVAL or start.year not in YEARS:
        raise ValueError("would be counted for ever")
    count = int(parts.pop("COUNT")) if "COUNT" in parts else None
    if count is not None and count < 1:
        raise ValueError("no date at all")
    last = _last(parts.pop("UNTIL"), zone) if "UNTIL" in parts else None
    far = start.replace(year=start.year + CYCLE)
    rule = rrulestr(";".join(f"{name}={value}" for name, value in parts.items()), dtstart=far)
    if not isinstance(rule, rrule):
        raise TypeError("several rules")
    if next(iter(rule), None) is None:
        raise ValueError("no date at all")
    return rule, last, count


def _last(text: str, zone: tzinfo) -> datetime:
    """UNTIL as a naive local time: it may be a day (to its end), a local time, or a moment in UTC (with Z)."""
    if "T" not in text:
        return datetime.combine(datetime.strptime(text, "%Y%m%d").date(), time.max)  # noqa: DTZ007  a day has no zone
    moment = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007  on the wall clock, see above
    return moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) if text.endswith("Z") else moment
