"""What is said of dates that people missed (subject `activities.excuse:<id>`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event, Remark


@dataclass(frozen=True, kw_only=True)
class AbsenceObjected(Event):
    """Somebody says why a date they missed shall not count."""

    words = _("objected to a missed date")

    enrollment_id: UUID
    said: Remark


@dataclass(frozen=True, kw_only=True)
class AbsenceExcused(Event):
    """It does not count, asked for or not."""

    words = _("excused a missed date")

    enrollment_id: UUID
    answer: Remark


@dataclass(frozen=True, kw_only=True)
class AbsenceUpheld(Event):
    """Somebody looked at it: it counts."""

    words = _("looked at a missed date: it counts")

    enrollment_id: UUID
    answer: Remark


@dataclass(frozen=True, kw_only=True)
class LetThrough(Event):
    """Enrolled at the desk before their moment; `subject` is the enrolment."""

    words = _("enrolled in spite of missed dates")

    reason: Remark
