"""The facts this package announces: past tense, ids and plain values. What follows is written in `reactions`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from weiyifang.core.events import Event

# --- about an activity (subject `activities.activity:<id>`) -----------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ActivityPlanned(Event):
    number: int
    title: str


@dataclass(frozen=True, kw_only=True)
class ActivityEdited(Event):
    number: int
    changed: tuple[str, ...]  # names of the fields


@dataclass(frozen=True, kw_only=True)
class ActivityPublished(Event):
    number: int
    title: str
    kind: str
    audience: str
    organizer: str  # a source, "" for the committee


@dataclass(frozen=True, kw_only=True)
class ActivityFinished(Event):
    number: int
    title: str


@dataclass(frozen=True, kw_only=True)
class ActivityCancelled(Event):
    number: int
    title: str
    reason: str


# --- about a session (subject `activities.session:<id>`) --------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SessionPlanned(Event):
    activity_id: UUID
    number: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class SessionHeld(Event):
    activity_id: UUID
    title: str
    attendances: int


@dataclass(frozen=True, kw_only=True)
class SessionCancelled(Event):
    """Who had enrolled gets an `EnrollmentCancelled` each; in a term (one enrolment, many lessons) they keep it."""

    activity_id: UUID
    title: str
    starts_at: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class AttendanceRecorded(Event):
    """`people` came (人次); one fact for everybody noted at once. Who they are stands in the attendance rows."""

    people: int
    method: str


@dataclass(frozen=True, kw_only=True)
class AttendanceVoided(Event):
    people: int
    reason: str


# --- about an enrolment (subject `activities.enrollment:<id>`) --------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class EnrollmentFact(Event):
    """What every fact about an enrolment says. `starts_at`: the date it is about, None for a term."""

    activity_id: UUID
    resident_id: UUID
    title: str
    starts_at: datetime | None
    places: int


@dataclass(frozen=True, kw_only=True)
class EnrollmentConfirmed(EnrollmentFact):
    fee_fen: int  # for all its places; 0 for a term, whose lessons are charged one by one


@dataclass(frozen=True, kw_only=True)
class EnrollmentWaitlisted(EnrollmentFact):
    pass


@dataclass(frozen=True, kw_only=True)
class EnrollmentOffered(EnrollmentFact):
    """A place has come free and is held for them."""

    until: datetime


@dataclass(frozen=True, kw_only=True)
class EnrollmentLapsed(EnrollmentFact):
    """They did not answer an offer in time; the place went to the next."""


@dataclass(frozen=True, kw_only=True)
class EnrollmentCancelled(EnrollmentFact):
    fee_fen: int  # what a reaction has to give back
    reason: str  # "" when they gave it up themselves


# --- about an attendance (subject `activities.attendance:<id>`) -------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class LessonAttended(Event):
    """A pupil of a term came to a lesson that costs `fee_fen`."""

    activity_id: UUID
    organizer: str
    resident_id: UUID
    title: str
    held_on: date
    fee_fen: int


@dataclass(frozen=True, kw_only=True)
class LessonVoided(Event):
    """A `LessonAttended` was a mistake; `subject` is the attendance it was about."""

    activity_id: UUID
    resident_id: UUID
    fee_fen: int
