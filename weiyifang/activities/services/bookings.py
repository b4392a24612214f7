"""What a date takes in the timetable: its room, alone or beside others, and its instructor."""

from __future__ import annotations

from collections.abc import Iterable

from weiyifang.activities.models import Session
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import source_of
from weiyifang.timetable import services as timetable
from weiyifang.timetable.rooms import room
from weiyifang.timetable.subjects import Subject


def booked_for(session: Session) -> list[Subject]:
    """What a date takes: its place, for itself if nobody else may use it then, and its instructor."""
    activity = session.activity
    subjects = [room(session.shown_place, shared=not activity.books_place)]
    if activity.instructor_id is not None:
        name = activity.instructor.name if activity.instructor else ""
        subjects.append(Subject(id=activity.instructor_id, kind="people.resident", name=name))
    return subjects


def book(session: Session, *, by: Actor) -> None:
    """Take all of it for the time of the date. Raises `timetable.services.Taken`."""
    timetable.allocate(
        subjects=booked_for(session),
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        source=source_of(session),
        by=by,
    )


def rebook(sessions: Iterable[Session], *, by: Actor) -> None:
    """Give up what these dates took and take what they need now, all of them or none. Raises `Taken`."""
    dates = list(sessions)
    for session in dates:
        timetable.release(source=source_of(session), by=by)
    for session in dates:
        book(session, by=by)
