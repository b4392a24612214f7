"""What stands behind the `?` of an address, read in one place: anything may stand there.

A page with several such values has a form for them (`ListFilter(request.GET)`). What does not fit is left out: an
address that somebody passed on opens the page. A test refuses a view that reads `request.GET` itself.
"""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.utils.dateparse import parse_date

from weiyifang.core.text import line
from weiyifang.core.web.dates_typed import FIRST_YEAR, LAST_YEAR

LONGEST = 120  # letters of a value


def asked(request: HttpRequest, name: str, longest: int = LONGEST) -> str:
    """One line of at most so many letters; "" when there is none."""
    return line(request.GET.get(name, ""))[:longest].strip()


def asked_day(request: HttpRequest, name: str) -> date | None:
    """A day such as 2026-03-08; None for what is none, the 30th of February among it."""
    try:
        day = parse_date(asked(request, name))
    except ValueError:
        return None
    return day if day is not None and FIRST_YEAR <= day.year <= LAST_YEAR else None
