"""Plan an activity, give it dates, show it to all, call it off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypedDict, Unpack
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.activities import closing, events, rules
from weiyifang.activities.models import (
    ACTIVITY_FLOW,
    SESSION_FLOW,
    Activity,
    ActivityState,
    Attendance,
    Enrollment,
    Session,
    SessionState,
)
from weiyifang.activities.services import leaving
from weiyifang.capacity import services as capacity
from weiyifang.capacity.models import PlacePool
from weiyifang.core import clock, states
from weiyifang.core.access import require
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce, announced_together
from weiyifang.core.numbers import next_number
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import fill_community, source_of
from weiyifang.core.wording import as_day, when
from weiyifang.organizations import queries as organizations
from weiyifang.people.models import Resident
from weiyifang.timetable import services as timetable
from weiyifang.timetable.recurrence import Rule
from weiyifang.timetable.subjects import Subject


class NoDateYet(Refused):
    """Published without a date that is still to come."""

    sentence = _("It has no date yet. Add one, then show it to all.")


class DateStands(Refused):
    """A second date at the same time."""

    sentence = _("It has a date at this time already. Choose another time.")


class StillToCome(Refused):
    """Declared over while dates are still planned."""

    sentence = _("Dates are still to come. Hold them or call them off first.")


class NotBegunYet(Refused):
    """Marked as held before it began."""

    sentence = _("It has not begun yet. Mark it as held when it has.")


class PeopleCame(Refused):
    """Called off a date where `people` are checked in."""

    sentence = _(
        "%(people)d people are checked in on %(when)s, so this date cannot be called off. Did it take place? Then mark "
        "it so. Was it a mistake? Undo each on the list at the door first; their lesson fees are given back with it."
    )


class AlreadyHasEnrollments(Refused):
    """A change that would pull the seats from under people who enrolled."""

    sentence = _("People have enrolled already, so this can no longer be changed. Call it off, or plan a new activity.")


class Details(TypedDict, total=False):
    """What is said about an activity when it is planned or edited; the fields of `models.Activity`."""

    title: str
    summary: str
    description: str
    kind: str
    audience: str
    min_age: int | None
    max_age: int | None
    organizer: str
    instructor: Resident | None
    place: str
    books_place: bool
    places: int
    party_size: int
    fee_fen: int
    fee_note: str
    mode: str
    enrol_from: datetime | None
    offer_hours: int
    cover: str


BOOKED = frozenset({"place", "books_place", "instructor"})  # what the bookings of its dates follow from
SEATING = frozenset({"places", "mode"})  # what the seats of its dates follow from


@transaction.atomic
def plan(*, by: Actor, **details: Unpack[Details]) -> Activity:
    """A new draft, seen only by those who prepare it. Announces `ActivityPlanned`."""
    require(rules.can_plan_for(by, details.get("organizer", "")))
    organizations.check_source(details.get("organizer", ""), by=by)
    activity = Activity(number=next_number("activity"), **details)
    activity.save(force_insert=True)
    if activity.is_term:
        _open_seats(activity, source_of(activity), by=by)
    announce(
        events.ActivityPlanned(subject=source_of(activity), number=activity.number, title=activity.title),
        by=by,
    )
    return activity


@transaction.atomic
def edit(*, activity: Activity, by: Actor, **details: Unpack[Details]) -> Activity:
    """Change what is said about it; more or fewer seats reach the dates still to come.

    Raises `AlreadyHasEnrollments` when the way of enrolling changes after people enrolled, `capacity`'s refusal when
    there would be fewer seats than people, and `Taken` when another place or instructor is not free then. Announces
    `ActivityEdited` when anything changed.
    """
    activity = _locked(activity)
    require(rules.can_manage(by, activity) and rules.can_plan_for(by, details.get("organizer", activity.organizer)))
    changed = tuple(name for name, value in details.items() if getattr(activity, name) != value)
    if not changed:
        return activity
    organizations.check_source(details.get("organizer", ""), by=by)
    _check_seating(activity, details)
    for name in changed:
        setattr(activity, name, details[name])  # type: ignore[literal-required]
    activity.save(update_fields=changed)
    if BOOKED & set(changed):
        _rebook(activity, by=by)  # the timetable before the pools, as whoever calls a date off does
    if SEATING & set(changed):
        _reseat(activity, by=by)
    announce(
        events.ActivityEdited(subject=source_of(activity), number=activity.number, changed=changed),
        by=by,
    )
    return activity


@transaction.atomic
def publish(*, activity: Activity, by: Actor) -> None:
    """Show it to all and open enrolment. Raises `NoDateYet`. Announces `ActivityPublished`."""
    activity_now = _locked(activity)
    require(rules.can_manage(by, activity_now))
    if not activity_now.sessions.all().filter(state=SessionState.PLANNED, ends_at__gt=clock.now()).exists():
        raise NoDateYet()
    states.move(activity, ActivityState.PUBLISHED, flow=ACTIVITY_FLOW, published_at=clock.now())
    announce(
        events.ActivityPublished(
            subject=source_of(activity),
            number=activity.number,
            title=activity.title,
            kind=activity.kind,
            audience=activity.audience,
            organizer=activity.organizer,
        ),
        by=by,
    )


@transaction.atomic
def finish(*, activity: Activity, by: Actor) -> None:
    """It is over. Raises `StillToCome` while a date is planned. Announces `ActivityFinished`."""
    require(rules.can_manage(by, _locked(activity)))
    if Session.objects.filter(activity=activity, state=SessionState.PLANNED).exists():
        raise StillToCome()
    states.move(activity, ActivityState.FINISHED, flow=ACTIVITY_FLOW)
    announce(
        events.ActivityFinished(subject=source_of(activity), number=activity.number, title=activity.title),
        by=by,
    )


@transaction.atomic
def cancel(*, activity: Activity, reason: str, by: Actor) -> None:
    """Call it off: every date still planned, every enrolment. Announces `ActivityCancelled` and what follows.

    Dates that took place stay, with who came and their fees. Of each date still planned: as `cancel_session`; one
    where people are checked in keeps the whole from being called off. The seats of a term are given up with it.
    """
    require(rules.can_manage(by, _locked(activity)))
    states.move(activity, ActivityState.CANCELLED, flow=ACTIVITY_FLOW, cancel_reason=reason)
    with announced_together():
        announce(
            events.ActivityCancelled(
                subject=source_of(activity), number=activity.number, title=activity.title, reason=reason
            ),
            by=by,
        )
        for session in Session.objects.filter(activity=activity, state=SessionState.PLANNED).order_by("id"):
            session.activity = activity
            _call_off(session, reason, by=by)
        if activity.is_term:
            leaving.dismiss(Enrollment.objects.filter(activity=activity), source_of(activity), reason, by=by)


# --- dates ------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_session(*, activity: Activity, starts_at: datetime, ends_at: datetime, place: str = "", by: Actor) -> Session:
    """One more date, at the activity's place or another.

    Raises `DateStands`, and `timetable.services.Taken` when the place or the instructor is taken then. Announces
    `SessionPlanned`.
    """
    return _add_sessions(activity, [(starts_at, ends_at)], place, by=by)[0]


@transaction.atomic
def add_sessions(
    *, activity: Activity, spans: Sequence[tuple[datetime, datetime]], place: str = "", by: Actor
) -> list[Session]:
    """Several dates at once, all or none; otherwise like `add_session`."""
    return _add_sessions(activity, spans, place, by=by)


@transaction.atomic
def add_series(
    *, activity: Activity, rule: Rule, first_day: date, last_day: date, place: str = "", by: Actor
) -> list[Session]:
    """The dates of a recurrence between two days, both included; those that stand already are left as they are.

    One that was called off stays called off: whoever wants it back adds it by itself.
    """
    known = set(Session.objects.filter(activity=activity).values_list("starts_at", flat=True))
    spans = [span for span in rule.between(first_day, last_day) if span[0] not in known]
    return _add_sessions(activity, spans, place, by=by)


@transaction.atomic
def cancel_session(*, session: Session, reason: str, by: Actor) -> None:
    """Call one date off. Announces `SessionCancelled`, and `EnrollmentCancelled` for each who had enrolled for it.

    Seats and turns in its queue: all given up, without a way back (in a term they are of the term, and stay). Room and
    instructor: free again. Attendance: nobody may be checked in, or it raises `PeopleCame`; so no lesson fee stays
    in the fund for a lesson that never was.
    """
    require(rules.can_manage(by, session.activity))
    with announced_together():
        _call_off(session, reason, by=by)


def hold_session(*, session: Session, by: Actor) -> None:
    """It took place. Raises `NotBegunYet`. Announces `SessionHeld` with how many came."""
    hold_sessions(sessions=[session], by=by)


@transaction.atomic
def hold_sessions(*, sessions: Sequence[Session], by: Actor) -> None:
    """They took place, all of them or none; otherwise like `hold_session`."""
    for session in sessions:
        require(rules.can_check_in(by, session.activity))
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


def _add_sessions(
    activity: Activity, spans: Sequence[tuple[datetime, datetime]], place: str, *, by: Actor
) -> list[Session]:
    activity = _locked(activity)
    require(rules.can_manage(by, activity))
    if activity.state not in {ActivityState.DRAFT, ActivityState.PUBLISHED}:
        raise states.ForbiddenMove()
    dates = Session.objects.filter(activity=activity)
    starts = [starts_at for starts_at, _ends_at in spans]
    if dates.filter(starts_at__in=starts).exclude(state=SessionState.CANCELLED).exists():
        raise DateStands()
    last = dates.count()
    sessions = [
        Session(activity=activity, number=number, starts_at=starts_at, ends_at=ends_at, place=place)
        for number, (starts_at, ends_at) in enumerate(spans, start=last + 1)
    ]
    fill_community(sessions)
    Session.objects.bulk_create(sessions)
    for session in sessions:
        _book(session, by=by)
    if activity.places and not activity.is_term:
        capacity.open_pools(
            owners={source_of(session): closing.closes_at(session.starts_at) for session in sessions},
            places=activity.places,
            name=activity.title,
            offer_hours=activity.offer_hours,
            least_minutes=closing.rule_on(as_day(sessions[0].starts_at)).answer_minutes,
            by=by,
        )
    if activity.is_term:
        _close_with_the_last(activity, by=by)
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


def _call_off(session: Session, reason: str, *, by: Actor) -> None:
    Session.objects.select_for_update(no_key=True).get(pk=session.pk)  # whoever notes who came holds it too
    if came := Attendance.objects.filter(session=session).attendances():
        raise PeopleCame(people=came, when=when(session.starts_at))
    states.move(session, SessionState.CANCELLED, flow=SESSION_FLOW, cancel_reason=reason)
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
        _close_with_the_last(session.activity, by=by)
    else:
        leaving.dismiss(Enrollment.objects.filter(session=session), source_of(session), reason, by=by)


def _book(session: Session, *, by: Actor) -> None:
    """Take the place and the instructor for the time, when the activity asks for it."""
    if subjects := booked_for(session):
        timetable.allocate(
            subjects=subjects,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            source=source_of(session),
            by=by,
        )


def booked_for(session: Session) -> list[Subject]:
    """What a date takes for itself in the timetable: its place, if nobody else may use it, and its instructor."""
    activity = session.activity
    subjects = []
    if activity.books_place:
        id_ = place_id(session.community_id, session.shown_place)
        subjects.append(Subject(id=id_, kind="place", name=session.shown_place))
    if activity.instructor_id is not None:
        name = activity.instructor.name if activity.instructor else ""
        subjects.append(Subject(id=activity.instructor_id, kind="people.resident", name=name))
    return subjects


def _rebook(activity: Activity, *, by: Actor) -> None:
    """Take for the dates still to come what the activity asks for now. Raises `timetable.services.Taken`."""
    sessions = list(Session.objects.to_come().filter(activity=activity))
    for session in sessions:
        timetable.release(source=source_of(session), by=by)
    for session in sessions:
        session.activity = activity
        _book(session, by=by)


def place_id(community_id: int, name: str) -> UUID:
    """The id a place has in the timetable, by its name: there is no register of rooms here."""
    return uuid5(NAMESPACE_URL, f"weiyifang:{community_id}:place:{' '.join(name.split())}")


# --- seats ------------------------------------------------------------------------------------------------------


def _open_seats(activity: Activity, owner: str, starts_at: datetime | None = None, *, by: Actor) -> None:
    """Seats of a date, or of a term, whose queue ends with its last date (see `_close_with_the_last`)."""
    if activity.places:
        capacity.open_pool(
            owner=owner,
            places=activity.places,
            name=activity.title,
            offer_hours=activity.offer_hours,
            closes_at=closing.closes_at(starts_at) if starts_at is not None else None,
            least_minutes=closing.rule_on(as_day(starts_at or clock.now())).answer_minutes,
            by=by,
        )


def _close_with_the_last(activity: Activity, *, by: Actor) -> None:
    """The queue of a term ends before the last of its dates that is planned."""
    last = Session.objects.filter(activity=activity, state=SessionState.PLANNED).order_by("-starts_at").first()
    pool = PlacePool.objects.filter(owner=source_of(activity)).first()
    if last is not None and pool is not None:
        capacity.close_at(pool=pool, closes_at=closing.closes_at(last.starts_at), by=by)


def _reseat(activity: Activity, *, by: Actor) -> None:
    """Give the pools of the term, or of the dates still to come, the number of seats the activity has now."""
    if activity.is_term:
        owners: dict[str, datetime | None] = {source_of(activity): None}
    else:
        owners = {source_of(one): one.starts_at for one in Session.objects.to_come().filter(activity=activity)}
    pools = {pool.owner: pool for pool in PlacePool.objects.filter(owner__in=owners)}
    for owner, starts_at in owners.items():
        if owner in pools:
            capacity.resize(pool=pools[owner], places=activity.places, by=by)
        else:
            _open_seats(activity, owner, starts_at, by=by)
    if activity.is_term:
        _close_with_the_last(activity, by=by)


def _check_seating(activity: Activity, details: Details) -> None:
    """Raise `AlreadyHasEnrollments` when seats would stop being given, or be given in another way."""
    if details.get("mode", activity.mode) == activity.mode and bool(details.get("places", 1)):
        return
    if Enrollment.objects.live().filter(activity=activity).exists():
        raise AlreadyHasEnrollments()


def _locked(activity: Activity) -> Activity:
    return Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)
