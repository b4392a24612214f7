"""The dates of an activity: added, moved to another time or place, called off, held."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from weiyifang.activities import events, rules
from weiyifang.activities.models import (
    SESSION_FLOW,
    Activity,
    ActivityState,
    Attendance,
    Enrollment,
    Session,
    SessionState,
)
from weiyifang.activities.services import acts, bookings, leaving, seating
from weiyifang.core import clock, states
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce, announced_together
from weiyifang.core.look.wording import as_day, when
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import fill_community, source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.timetable import services as timetable
from weiyifang.timetable.recurrence import Rule


class DateStands(Refused):
    """A second date at the same time."""

    sentence = _("It has a date at this time already. Choose another time.")


class NotBegunYet(Refused):
    """Marked as held before it began."""

    sentence = _("It has not begun yet. Mark it as held when it has.")


class PeopleCame(Refused):
    """Called off a date where `people` are checked in."""

    sentence = _(
        "Checked in on %(when)s already: %(people)d. So this date cannot be called off. Did it take place? Then mark "
        "it so. Was it a mistake? Undo each on the list at the door first; their lesson fees are given back with it."
    )


class BegunAlready(Refused):
    """Moved a date that has begun."""

    sentence = _("It has begun or is over, so it can no longer be moved. Add a new date instead.")


class TimeIsOver(Refused):
    """Moved a date to a time that is over."""

    sentence = _("That time is over. Choose one that is still to come.")
    status = 422


class MovedFromUnderThem(Refused):
    """Moved a date where `people` are checked in."""

    sentence = _(
        "Checked in on %(when)s already: %(people)d. So this date cannot be moved. Was it a mistake? Undo each on "
        "the list at the door first."
    )


@dataclass(frozen=True, kw_only=True)
class Date:
    """When and where. `calendar_key`, `calendar_sequence`: of the event of a calendar that it is (`calendars.key`)."""

    starts_at: datetime
    ends_at: datetime
    place: str = ""
    calendar_key: str = ""
    calendar_sequence: int = 0


@transaction.atomic
def add_session(*, activity: Activity, starts_at: datetime, ends_at: datetime, place: str = "", by: Actor) -> Session:
    """One more date, at the activity's place or another.

    Raises `DateStands`, and `timetable.services.Taken` when the place or the instructor is taken then. Announces
    `SessionPlanned`.
    """
    return _add_sessions(activity, [Date(starts_at=starts_at, ends_at=ends_at, place=place)], by=by)[0]


@transaction.atomic
def add_sessions(
    *, activity: Activity, spans: Sequence[tuple[datetime, datetime]], place: str = "", by: Actor
) -> list[Session]:
    """Several dates at once, all or none; otherwise like `add_session`."""
    return _add_sessions(activity, [Date(starts_at=one, ends_at=end, place=place) for one, end in spans], by=by)


@transaction.atomic
def add_series(
    *, activity: Activity, rule: Rule, first_day: date, last_day: date, place: str = "", by: Actor
) -> list[Session]:
    """The dates of a recurrence between two days, both included; those that stand already are left as they are.

    One that was called off stays called off: whoever wants it back adds it by itself.
    """
    known = set(Session.objects.filter(activity=activity).values_list("starts_at", flat=True))
    spans = [span for span in rule.between(first_day, last_day) if span[0] not in known]
    return _add_sessions(activity, [Date(starts_at=one, ends_at=end, place=place) for one, end in spans], by=by)


@transaction.atomic
def move_session(
    *,
    session: Session,
    starts_at: datetime,
    ends_at: datetime,
    place: str | None = None,
    with_later: bool = False,
    by: Actor,
) -> list[Session]:
    """Let a date be at another time, or at another place (None: where it was).

    Returns the dates that moved; what is there already is left alone.

    `with_later`: so do the planned dates after it of the same weekday and time of day, each by as many days and to the
    same time of day. Seats, turns in the queue and tickets: as they are, and the queue ends before the new time. Room
    and instructor: given up and taken anew, for all dates or none. Attendance: nobody may be checked in. Raises
    `BegunAlready`, `TimeIsOver`, `MovedFromUnderThem`, `DateStands`, `acts.LongerThanItsDate`, and
    `timetable.services.Taken`. Announces `SessionMoved` for each.
    """
    activity = locked(session.activity)
    require(rules.can_manage(by, activity))
    dates = Session.objects.filter(activity=activity).select_for_update(no_key=True).order_by("id")
    planned = {one.pk: one for one in dates if one.state == SessionState.PLANNED}
    if session.pk not in planned:
        raise states.ForbiddenMove()
    first = planned[session.pk]
    versions.check(first, by)
    if first.has_begun:
        raise BegunAlready()
    if starts_at <= clock.now():
        raise TimeIsOver()
    moving = [first, *(_like(first, planned.values()) if with_later else ())]
    was = {one.pk: (one.starts_at, one.ends_at) for one in moving}
    if came := Attendance.objects.filter(session__in=moving).attendances():
        raise MovedFromUnderThem(people=came, when=when(first.starts_at))
    days = as_day(starts_at) - as_day(first.starts_at)
    there = {one.pk: (one.starts_at, one.ends_at, one.place) for one in moving}
    for one in moving:
        one.activity = activity
        one.starts_at, one.ends_at = _shifted(one, days, starts_at, ends_at)
        one.place = one.place if place is None else place
        one.sequence += 1
    moving = [one for one in moving if (one.starts_at, one.ends_at, one.place) != there[one.pk]]
    if not moving:
        return []
    standing = Session.objects.filter(activity=activity).exclude(state=SessionState.CANCELLED).exclude(pk__in=was)
    if standing.filter(starts_at__in=[one.starts_at for one in moving]).exists():
        raise DateStands()
    for one in sorted(moving, key=lambda one: one.starts_at, reverse=starts_at > was[first.pk][0]):  # into free places
        one.save(update_fields=["starts_at", "ends_at", "place", "sequence"])
    acts.check_published_fit(moving)
    bookings.rebook(moving, by=by)
    seating.close_in_time(activity, moving, by=by)
    with announced_together():
        for one in moving:
            announce(
                events.SessionMoved(
                    subject=source_of(one),
                    activity_id=activity.pk,
                    title=activity.title,
                    was_at=was[one.pk][0],
                    starts_at=one.starts_at,
                    ends_at=one.ends_at,
                ),
                by=by,
            )
    return moving


@transaction.atomic
def follow(
    *,
    activity: Activity,
    new: Sequence[Date],
    moves: Sequence[tuple[Session, Date]],
    off: Sequence[Session],
    reason: str,
    by: Actor,
) -> None:
    """Let the dates of an activity be as a calendar says: added, moved and called off in one act, all or none.

    Each otherwise like `add_session`, `move_session` and `cancel_session`. An event of a calendar is one date: added
    again, also under another time, it raises `DateStands`. Of a date that came from here, the event's SEQUENCE becomes
    its own: what the calendar shows next is newer.
    """
    activity = locked(activity, by)
    with announced_together():
        for session, to in moves:
            move_session(session=session, starts_at=to.starts_at, ends_at=to.ends_at, place=to.place, by=by)
            rows = Session.objects.filter(pk=session.pk)
            if session.calendar_key == to.calendar_key:
                rows.update(calendar_sequence=to.calendar_sequence)
            else:
                rows.update(sequence=Greatest("sequence", to.calendar_sequence))
        if new:
            _add_sessions(activity, new, by=by)
        for session in sorted(off, key=lambda one: one.pk):
            cancel_session(session=session, reason=reason, by=by)


def _like(first: Session, dates: Iterable[Session]) -> list[Session]:
    """The dates after it that are of one series with it: on the same weekday, from and to the same time of day."""

    def turn(one: Session) -> tuple[int, time, timedelta]:
        begins = timezone.localtime(one.starts_at)
        return begins.weekday(), begins.time(), one.ends_at - one.starts_at

    later = [one for one in dates if one.starts_at > first.starts_at and turn(one) == turn(first)]
    return sorted(later, key=lambda one: one.starts_at)


def _shifted(one: Session, days: timedelta, starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    begins = clock.local(as_day(one.starts_at) + days, timezone.localtime(starts_at).time())
    return begins, begins + (ends_at - starts_at)


@transaction.atomic
def cancel_session(*, session: Session, reason: str, by: Actor) -> None:
    """Call one date off. Announces `SessionCancelled`, and `EnrollmentCancelled` for each who had enrolled for it.

    Seats and turns in its queue: all given up, without a way back (in a term they are of the term, and stay; visits
    end). Room and instructor: free again. Attendance: nobody may be checked in, or it raises `PeopleCame`; so no
    lesson fee stays in the fund for a lesson that never was.
    """
    require(rules.can_manage(by, session.activity))
    versions.check(_held(session), by)
    with announced_together():
        call_off(session, reason, by=by)


def hold_session(*, session: Session, by: Actor) -> None:
    """It took place. Raises `NotBegunYet`. Announces `SessionHeld` with how many came."""
    hold_sessions(sessions=[session], by=by)


@transaction.atomic
def hold_sessions(*, sessions: Sequence[Session], by: Actor) -> None:
    """They took place, all of them or none; otherwise like `hold_session`."""
    for session in sessions:
        require(rules.can_check_in(by, session.activity))
        versions.check_again(session, by)
        if not session.has_begun:
            raise NotBegunYet()
    states.move_all(sessions, SessionState.HELD, flow=SESSION_FLOW)
    came = Attendance.objects.filter(session__in=sessions).by_session()
    with announced_together():
        for session in sessions:
            announce(
                events.SessionHeld(
                    subject=source_of(session),
                    activity_id=session.activity_id,
                    title=session.activity.title,
                    attendances=came[session.pk],
                ),
                by=by,
            )


def _add_sessions(activity: Activity, wanted: Sequence[Date], *, by: Actor) -> list[Session]:
    activity = locked(activity, by)
    require(rules.can_manage(by, activity))
    if activity.state not in {ActivityState.DRAFT, ActivityState.PUBLISHED}:
        raise states.ForbiddenMove()
    dates = Session.objects.filter(activity=activity)
    starts = {one.starts_at for one in wanted}
    keys = {one.calendar_key for one in wanted} - {""}
    standing = dates.filter(starts_at__in=starts).exclude(state=SessionState.CANCELLED)
    if len(starts) < len(wanted) or standing.exists() or dates.filter(calendar_key__in=keys).exists():
        raise DateStands()
    last = dates.count()
    sessions = [
        Session(activity=activity, number=number, **vars(one)) for number, one in enumerate(wanted, start=last + 1)
    ]
    fill_community(sessions)
    Session.objects.bulk_create(sessions)
    for session in sessions:
        bookings.book(session, by=by)
    seating.open_for_dates(activity, sessions, by=by)
    if activity.is_term:
        seating.close_in_time(activity, by=by)
    with announced_together():
        for session in sessions:
            announce(
                events.SessionPlanned(
                    subject=source_of(session),
                    activity_id=activity.pk,
                    number=session.number,
                    starts_at=session.starts_at,
                    ends_at=session.ends_at,
                ),
                by=by,
            )
    return sessions


def call_off(session: Session, reason: str, *, by: Actor) -> None:
    """Part of calling a date, or all of them, off; see `cancel_session`."""
    held = _held(session)
    if came := Attendance.objects.filter(session=session).attendances():
        raise PeopleCame(people=came, when=when(session.starts_at))
    sequence = held.sequence + 1
    states.move(session, SessionState.CANCELLED, flow=SESSION_FLOW, cancel_reason=reason, sequence=sequence)
    timetable.release(source=source_of(session), by=by)
    announce(
        events.SessionCancelled(
            subject=source_of(session),
            activity_id=session.activity_id,
            title=session.activity.title,
            starts_at=session.starts_at,
            reason=reason,
        ),
        by=by,
    )
    if session.activity.is_term:
        seating.close_in_time(session.activity, by=by)
    leaving.dismiss(Enrollment.objects.filter(session=session), source_of(session), reason, by=by)  # of a term: visits


def _held(session: Session) -> Session:
    """The row, locked; whoever notes who came holds it too."""
    return Session.objects.select_for_update(no_key=True).get(pk=session.pk)


def has_date_to_come(activity: Activity) -> bool:
    """A planned date that is not over: what it takes to be shown."""
    return Session.objects.to_come().filter(activity=activity).exists()


def locked(activity: Activity, by: Actor | None = None) -> Activity:
    """The row as it stands, until the transaction ends, and as `by` has seen it.

    Dates are added, moved and numbered one after the other.
    """
    row = Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)
    if by is not None:
        versions.check(row, by)
    return row
