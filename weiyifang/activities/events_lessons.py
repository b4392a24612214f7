"""The facts about single lessons of a class that a pupil cannot come to (subject `activities.lessonleave:<id>`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event


@dataclass(frozen=True, kw_only=True)
class LeaveFact(Event):
    """What every fact about a leave says."""

    words = _("a leave changed")

    enrollment_id: UUID
    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class LeaveTaken(LeaveFact):
    words = _("cannot come to a lesson")


@dataclass(frozen=True, kw_only=True)
class LeaveEnded(LeaveFact):
    words = _("comes to the lesson after all")
