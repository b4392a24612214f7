"""Days and times as people write them: `2026年12月11日`, `２０２６／１２／１１`, `19：30`, `晚上7点半`.

For forms and imports. What is understood becomes what Django reads (`2026-12-11`, `19:30`); anything else is left as
it was typed, for the field to refuse in its own words.
"""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from weiyifang.core.text import number

_DAY = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*(?:[日号]|(?!\d))")
_CLOCK = re.compile(r"(上午|早上|中午|下午|晚上)?\s*(\d{1,2})\s*(?::|点|时)\s*(?:(\d{1,2})\s*分?|(半))?(:\d{2})?")
FIRST_YEAR, LAST_YEAR = 1900, 2199  # whatever is calculated from a day has to be in the calendar, too

_AFTER_NOON = {"中午", "下午", "晚上"}


def day_text(text: str) -> str:
    """`2026年12月11日` as `2026-12-11`."""
    folded = number(text)
    found = _DAY.fullmatch(folded)
    return "{}-{:0>2}-{:0>2}".format(*found.groups()) if found else folded


def clock_text(text: str) -> str:
    """`19：30`, `19点30分` and `晚上7点半` as `19:30`."""
    folded = number(text)
    found = _CLOCK.fullmatch(folded)
    if found is None:
        return folded
    part, hour, minute, half, seconds = found.groups()
    of_day = int(hour) + (12 if part in _AFTER_NOON and int(hour) < 11 else 0)
    return f"{of_day:02d}:{30 if half else int(minute or 0):02d}{seconds or ''}"


def moment_text(text: str) -> str:
    """A day, and behind it a time of day, as `2026-12-11 19:30`."""
    folded = number(text)
    found = _DAY.match(folded)
    if found is None:
        return folded
    rest = folded[found.end() :].strip()
    return f"{day_text(found.group())} {clock_text(rest)}" if rest and not rest.startswith("T") else folded


def _meant(day: Any) -> Any:
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(_("Look at the year once more."), code="invalid")
    return day


class DayField(forms.DateField):
    """A day, written as people write it, in a year that somebody may mean."""

    def to_python(self, value: Any) -> Any:
        return _meant(super().to_python(day_text(value) if isinstance(value, str) else value))


class ClockField(forms.TimeField):
    """A time of day, written as people write it."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(clock_text(value) if isinstance(value, str) else value)


class MomentField(forms.DateTimeField):
    """A day and a time, written as people write them."""

    def to_python(self, value: Any) -> Any:
        typed = moment_text(value) if isinstance(value, str) else value
        try:
            return _meant(super().to_python(typed))
        except OverflowError:  # the last day of the calendar, an hour to the west
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
