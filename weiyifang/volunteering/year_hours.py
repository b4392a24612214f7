"""The hours of a year: for the papers about them, and for the roll of honour."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce

from weiyifang.core import clock
from weiyifang.volunteering.models import Hours, HoursQuerySet, Volunteer


def hours_of_year(resident_id: UUID, year: int) -> HoursQuerySet:
    """Somebody's approved hours of one year."""
    rows: HoursQuerySet = Hours.objects.approved().filter(volunteer__resident_id=resident_id)
    return _of_year(rows, year)


def minutes_of_year(resident_id: UUID, year: int) -> int:
    """What somebody worked in one year, as approved until now."""
    return int(hours_of_year(resident_id, year).aggregate(sum=Coalesce(Sum("minutes"), 0))["sum"])


def years_of(resident_id: UUID) -> list[tuple[int, int]]:
    """The years in which somebody has approved hours, with minutes; the newest first."""
    rows = Hours.objects.approved().filter(volunteer__resident_id=resident_id).order_by()
    return list(rows.values_list("came_at__year").annotate(sum=Sum("minutes")).order_by("-came_at__year"))


def roll_of_honour(year: int) -> QuerySet[Any]:
    """Name and minutes of whoever lets their name stand on it now, the most first."""
    named = Volunteer.objects.active().filter(is_named=True).values("resident")
    rows = _of_year(Hours.objects.approved().filter(volunteer__resident__in=named), year).order_by()
    sums = rows.values("volunteer__resident", "volunteer__resident__name").annotate(sum=Sum("minutes"))
    return sums.order_by("-sum", "volunteer__resident__number")


def _of_year(rows: HoursQuerySet, year: int) -> HoursQuerySet:
    begins, ends = (clock.day_bounds(date(one, 1, 1))[0] for one in (year, year + 1))
    return rows.filter(came_at__gte=begins, came_at__lt=ends)
