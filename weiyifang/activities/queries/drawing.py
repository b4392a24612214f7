"""How the seats of a date are given where everybody stands in one list first."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from weiyifang.activities import lottery
from weiyifang.activities.models import Attendance, Draw, Session
from weiyifang.activities.orders import newcomers_since
from weiyifang.core import clock


def draw_of(session: Session) -> Draw | None:
    """Of the date, or of the term it belongs to."""
    of = None if session.activity.is_term else session.pk
    return Draw.objects.filter(activity=session.activity_id, session=of).first()


def sheet_of(draw: Draw) -> lottery.Sheet | None:
    """What was published of it; None before."""
    return lottery.read(draw.sheet) if draw.sheet else None


def date_words(session: Session) -> str:
    """Which date a sheet is of: the activity's number and the date's; of a term, the activity's."""
    number = session.activity.number
    return str(number) if session.activity.is_term else f"{number}/{session.number}"


def not_new(session: Session, residents: Collection[UUID]) -> set[UUID]:
    """Who of these has come to something of the same organizer within the rule's months before enrolment closes."""
    since = newcomers_since(session.starts_at, min(clock.now(), session.starts_at))
    came = Attendance.objects.filter(
        session__activity__organizer=session.activity.organizer,
        resident__in=residents,
        happened_at__gte=since,
        voids=None,
        voided_by=None,
    )
    return set(came.values_list("resident_id", flat=True))
