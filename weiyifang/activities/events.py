"""The facts this package announces: past tense, ids and plain values. What follows is written in `reactions`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event, Remark, Title

# --- about an activity (subject `activities.activity:<id>`) -----------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ActivityPlanned(Event):
    words = _("planned")

    number: int
    title: Title


@dataclass(frozen=True, kw_only=True)
class ActivityEdited(Event):
    words = _("changed")
    outdates_pages = True

    number: int
    changed: tuple[str, ...]  # names of the fields


@dataclass(frozen=True, kw_only=True)
class ActivityPublished(Event):
    words = _("published")

    number: int
    title: Title
    kind: str
    audience: str
    organizer: str  # a source, "" for the committee


@dataclass(frozen=True, kw_only=True)
class ActivityFinished(Event):
    words = _("finished")

    number: int
    title: Title


@dataclass(frozen=True, kw_only=True)
class ActivityCancelled(Event):
    words = _("called off")
    outdates_pages = True

    number: int
    title: Title
    reason: Remark


# --- about a session (subject `activities.session:<id>`) --------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SessionPlanned(Event):
    words = _("a date was added")

    activity_id: UUID
    number: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class SessionMoved(Event):
    """It is at another time, or at another place. Whoever enrolled keeps the seat."""

    words = _("was moved")
    outdates_pages = True

    activity_id: UUID
    title: Title
    was_at: datetime
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class SessionHeld(Event):
    words = _("took place")

    activity_id: UUID
    title: Title
    attendances: int


@dataclass(frozen=True, kw_only=True)
class SessionCancelled(Event):
    """Who had enrolled gets an `EnrollmentCancelled` each; in a term (one enrolment, many lessons) they keep it."""

    words = _("the date was called off")
    outdates_pages = True

    activity_id: UUID
    title: Title
    starts_at: datetime
    reason: Remark


@dataclass(frozen=True, kw_only=True)
class SeatsGiven(Event):
    """The list of a date (`subject`; or of a term) became a line in this `order`: `given` enrolments of `people` on it
    have their seats, the others wait."""

    words = _("the seats were given")

    session_id: UUID
    order: str
    people: int
    given: int


@dataclass(frozen=True, kw_only=True)
class SessionReminded(Event):
    """It is tomorrow: whoever has a seat is told so."""

    words = _("people were reminded")

    activity_id: UUID
    starts_at: datetime


@dataclass(frozen=True, kw_only=True)
class MessageWritten(Event):
    """Whoever runs it wrote to `people` of a date; `subject` is the message."""

    words = _("people were written to")

    session_id: UUID
    whom: str
    people: int


@dataclass(frozen=True, kw_only=True)
class AttendanceRecorded(Event):
    """`people` came (人次); one fact for everybody noted at once. Who they are stands in the attendance rows."""

    words = _("came")

    people: int
    method: str


@dataclass(frozen=True, kw_only=True)
class AttendanceVoided(Event):
    words = _("the attendance was a mistake")

    people: int
    reason: Remark


# --- about an enrolment (subject `activities.enrollment:<id>`) --------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class EnrollmentFact(Event):
    """What every fact about an enrolment says. `starts_at`: the date it is about, None for a term."""

    words = _("an enrolment changed")

    activity_id: UUID
    resident_id: UUID
    title: Title
    starts_at: datetime | None
    places: int


@dataclass(frozen=True, kw_only=True)
class EnrollmentConfirmed(EnrollmentFact):
    words = _("is in")

    fee_fen: int  # for all its places; 0 for a term, whose lessons are charged one by one
    had_waited: bool  # stood in the queue for it, and may have been offered it


@dataclass(frozen=True, kw_only=True)
class EnrollmentWaitlisted(EnrollmentFact):
    words = _("joined the queue")


@dataclass(frozen=True, kw_only=True)
class EnrollmentOffered(EnrollmentFact):
    """A place has come free and is held for them."""

    words = _("was offered a place")

    until: datetime


@dataclass(frozen=True, kw_only=True)
class EnrollmentLapsed(EnrollmentFact):
    """They did not answer an offer in time; the place went to the next."""

    words = _("did not answer in time")


@dataclass(frozen=True, kw_only=True)
class EnrollmentNotReached(EnrollmentFact):
    """The queue closed before their turn came."""

    words = _("the queue closed before their turn")


@dataclass(frozen=True, kw_only=True)
class EnrollmentCancelled(EnrollmentFact):
    words = _("gave the place back")

    fee_fen: int  # what a reaction has to give back
    reason: Remark  # "" when they gave it up themselves


# --- about an attendance (subject `activities.attendance:<id>`) -------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class LessonAttended(Event):
    """A pupil of a term came to a lesson that costs `fee_fen`, of which `fund_fen` are given to the fund.

    The rest is the teacher's. `activity_id`: the class that earns it; a lesson made up is one of the pupil's own.
    """

    words = _("came to a lesson")

    activity_id: UUID
    organizer: str
    resident_id: UUID
    title: Title
    held_on: date
    fee_fen: int
    fund_fen: int


@dataclass(frozen=True, kw_only=True)
class LessonVoided(Event):
    """A `LessonAttended` was a mistake; `subject` is the attendance it was about."""

    words = _("the lesson was a mistake")

    activity_id: UUID
    resident_id: UUID
    fee_fen: int


# --- about a running order (subject `activities.runningorder:<id>`) and its acts (`activities.act:<id>`) ---------


@dataclass(frozen=True, kw_only=True)
class RunningOrderBegun(Event):
    words = _("a running order was begun")

    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class RunningOrderPublished(Event):
    """Everybody may read it from now on; who performs is told when."""

    words = _("the running order was shown to all")
    outdates_pages = True

    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class ActFact(Event):
    """What every fact about an act says. `acts`: all that stand, first to last. `moved`: those of a published order
    that are on the stage at another time now than before, a new one among them.
    """

    words = _("the running order changed")
    outdates_pages = True

    order_id: UUID
    title: Title
    acts: tuple[UUID, ...]
    moved: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class ActAdded(ActFact):
    words = _("an act was added")

    minutes: int
    changeover: int


@dataclass(frozen=True, kw_only=True)
class ActEdited(ActFact):
    """`instead_of`: the organization that had been told to perform it at `was_at`, and does not any more."""

    words = _("an act was changed")

    minutes: int
    changeover: int
    instead_of: str = ""
    was_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ActMoved(ActFact):
    words = _("an act was moved")


@dataclass(frozen=True, kw_only=True)
class ActTakenOut(ActFact):
    """`was_at`: when it was to begin, if that had been published."""

    words = _("an act was taken out")

    was_at: datetime | None


# --- about a market's stalls (subject `activities.stall:<id>`) and what they brought in (`activities.stallcount:<id>`)


@dataclass(frozen=True, kw_only=True)
class StallsSetUp(Event):
    """The subject is the date."""

    words = _("stalls were set up")

    stalls: tuple[UUID, ...]
    numbers: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class StallFact(Event):
    """What every fact about who has a stall says. `is_own`: by the organization itself, not by who runs the market."""

    words = _("a stall changed hands")

    session_id: UUID
    number: int
    organization: str  # a source: who has it now, or had it until now
    is_own: bool


@dataclass(frozen=True, kw_only=True)
class StallTaken(StallFact):
    words = _("a stall was taken")


@dataclass(frozen=True, kw_only=True)
class StallGivenBack(StallFact):
    words = _("a stall was given back")


@dataclass(frozen=True, kw_only=True)
class StallCountedOnce(Event):
    words = _("the money of a stall was counted")

    stall_id: UUID
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class StallCountsDiffered(Event):
    """Two people counted differently: nothing is received."""

    words = _("two people counted differently")

    first_fen: int
    second_fen: int


@dataclass(frozen=True, kw_only=True)
class StallProceedsCounted(Event):
    """Two people counted alike. `activity`, `date`, `stall`: numbers; `organization`: who had the stall."""

    words = _("two people counted alike")

    stall_id: UUID
    activity: int
    date: int
    stall: int
    title: Title
    organization: str
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class StallProceedsTakenBack(Event):
    words = _("the count was a mistake")

    amount_fen: int
    reason: Remark
