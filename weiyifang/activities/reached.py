"""Whom activities reach: whoever came to a date. Guests without a name are nobody's."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from weiyifang.activities.models import Attendance
from weiyifang.people.reaching import Reached


def _came() -> QuerySet[Attendance]:
    """Those that count: not voids, and not voided."""
    return Attendance.objects.filter(voids=None, voided_by=None)


REACHED = (Reached(code="activities", words=_("came to an activity"), rows=_came, moment="session__starts_at"),)
