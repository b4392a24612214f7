"""Types for what programs send: texts are cleaned and measured as in a form, numbers are numbers and fit their column.

A schema that the API takes has no plain `str` or `int`; `tests/test_text.py` sees to it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

from django.utils import timezone
from pydantic import AfterValidator, BeforeValidator, Field

from weiyifang.core import text
from weiyifang.core.money import MOST_FEN
from weiyifang.core.web.dates_typed import FIRST_YEAR, LAST_YEAR

MOST_INT = 2**31 - 1  # an `integer` column


def _by(cleaner: Callable[[str], str]) -> BeforeValidator:
    def clean(said: Any) -> Any:
        return cleaner(said) if isinstance(said, str) else said

    return BeforeValidator(clean)


def _written(said: Any) -> Any:
    """A number is no day: not the seconds since 1970, which nobody means."""
    if isinstance(said, bool | int | float):
        raise ValueError("a day and a moment are written as text, such as 2026-12-11")  # noqa: TRY004  pydantic's own
    return said


def _meant(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"a year from {FIRST_YEAR} to {LAST_YEAR} is expected")
    return day


def _somewhere(moment: datetime) -> datetime:
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


Line = Annotated[str, _by(text.line)]
Paragraphs = Annotated[str, _by(text.paragraphs)]
PersonName = Annotated[str, _by(text.person_name)]
Number = Annotated[str, _by(text.number)]  # a phone, a code, an identity number
Whole = Annotated[int, Field(strict=True, ge=-MOST_INT, le=MOST_INT)]  # `true` and "3" are no numbers
Count = Annotated[int, Field(strict=True, ge=1, le=MOST_INT)]
Fen = Annotated[int, Field(strict=True, gt=0, le=MOST_FEN)]
Day = Annotated[date, BeforeValidator(_written), AfterValidator(_meant)]
# without a zone by the clock where the community lives; a clock may be wrong by any number of years: the verb knows
Moment = Annotated[datetime, BeforeValidator(_written), AfterValidator(_somewhere)]
