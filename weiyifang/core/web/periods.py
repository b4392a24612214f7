"""A month or a year, as it is chosen for a statement or a file: `2026-10`, `2026`."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weiyifang.core import clock
from weiyifang.core.web.fields import offer

YEARS = 3  # that are offered: this one and those before it
MONTHS_AHEAD = 2  # that are offered besides, for what is planned


def bounds(period: str) -> tuple[date, date]:
    """Its first and its last day. Raises ValueError for what is no period."""
    year, _dash, month = period.partition("-")
    if not month:
        return date(int(year), 1, 1), date(int(year), 12, 31)
    first = date(int(year), int(month), 1)
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def choices() -> list[tuple[str, str]]:
    """The years and the months of a year and a bit, the newest first, in words."""
    today = clock.today()
    years = [
        (str(year), _("the whole of %(year)d") % {"year": year}) for year in range(today.year, today.year - YEARS, -1)
    ]
    last = today.year * 12 + today.month - 1 + MONTHS_AHEAD
    months = [date(number // 12, number % 12 + 1, 1) for number in range(last, last - 12 - MONTHS_AHEAD, -1)]
    return [*years, *((f"{month:%Y-%m}", date_format(month, "YEAR_MONTH_FORMAT")) for month in months)]


class PeriodForm(forms.Form):
    """Which month or year."""

    period = forms.ChoiceField(label=gettext_lazy("Month or year"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "period", choices())
        self.initial.setdefault("period", f"{clock.today():%Y-%m}")
