"""Give places back: by oneself (with a way back), because an offer ran out, or because it was called off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weiyifang.activities import events, rules
from weiyifang.activities.models import (
    ENROLLMENT_FLOW,
    LIVE,
    Activity,
    ActivityState,
    Attendance,
    Draw,
    Enrollment,
    EnrollmentState,
    Session,
    SessionState,
)
from weiyifang.activities.services import shares
from weiyifang.activities.services.pools import AlreadyEnrolled
from weiyifang.activities.services.rows import about, confirmed, hold_classes
from weiyifang.capacity import queries as places
from weiyifang.capacity import services as capacity
from weiyifang.capacity.models import PlacePool, WaitEntry
from weiyifang.core import clock, states, timeline
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.forgetting import write_over
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require

WAY_BACK = timedelta(minutes=10)  # how long the page offers to take a cancellation back


class CameAlready(Refused):
    """Cancelled after they were checked in."""

    sentence = _("%(name)s was already here, so it can no longer be cancelled. Was that a mistake? Tell the helpers.")


class TooLateToCancel(Refused):
    """Cancelled after it began."""

    sentence = _("It has begun, so it can no longer be cancelled here. If something came up, call us.")


class PlaceTaken(Refused):
    """Took the cancellation back after the seat went to somebody else."""

    sentence = _("Your seat has gone to the next in line. You can enrol anew, or queue.")


class NothingToComeBackTo(Refused):
    """Took the cancellation back of what was called off, or is over."""

    sentence = _("This was called off or is over, so there is nothing to come back to. Have a look at the other dates.")


class WayBackOver(Refused):
    """Took the cancellation back more than `WAY_BACK` after it."""

    sentence = _("The time to take it back is over. You can enrol anew, or queue.")


class DrawnWithout(Refused):
    """Took back that they left a list, after it had become a line."""

    sentence = _("The seats were given meanwhile, without your ticket. You can queue.")


class OfferLetGo(Refused):
    """Took back that an offer was let go: it went to the next in that moment."""

    sentence = _("You let the offered seat go, and that cannot be taken back. You can queue again.")


@transaction.atomic
def cancel_enrollment(*, enrollment: Enrollment, by: Actor) -> None:
    """Give the places, or the turn in the queue, back; the next in line is offered them in the same moment.

    Seats: free at once. Turn: kept in `capacity` as it was left, for `undo_cancel`; who waits may leave at any time.
    Room and attendance: as they are. Money: none was taken; `fee_fen` says what is no longer owed. Raises
    `TooLateToCancel` and `CameAlready`. Announces `EnrollmentCancelled`.
    """
    check_may_cancel(enrollment, by)
    _locked_pool(enrollment.pool_owner)  # before the enrolment, as whoever calls the date off or ends an offer does
    versions.check_again(enrollment, by)
    give_up([enrollment], by=by)


def check_may_cancel(enrollment: Enrollment, by: Actor) -> None:
    """Raise `TooLateToCancel` or `CameAlready`, unless `by` may cancel it now."""
    require(rules.can_give_back(by, enrollment))
    has_seat = enrollment.state == EnrollmentState.CONFIRMED
    session = enrollment.session if has_seat else None
    if session is not None:
        came = Attendance.objects.filter(session=session, resident=enrollment.resident_id)
        if came.attendances():
            raise CameAlready(name=enrollment.resident.name)
        if session.has_begun:
            raise TooLateToCancel()


def give_up(rows: Sequence[Enrollment], *, by: Actor) -> None:
    """Part of cancelling, in a pool that is held: all at once, so that a group behind may have what comes free."""
    were = [(row, str(row.state)) for row in rows]
    for row in rows:
        states.move(row, EnrollmentState.CANCELLED, flow=ENROLLMENT_FLOW, cancelled_at=clock.now())
    _give_back(were, by=by)
    for row, was in were:
        announce(_cancelled(row, row.session, was, ""), by=by)


@transaction.atomic
def undo_cancel(*, enrollment: Enrollment, by: Actor) -> None:
    """Take back exactly what was given up within `WAY_BACK`: the same places while they are free, or the same turn.

    A turn comes back with the moment it began and how often it was passed over, so that those behind stay behind. An
    offer that was let go does not come back, nor a ticket of a list that has become a line. Raises
    `NothingToComeBackTo`, `WayBackOver`, `OfferLetGo`, `DrawnWithout`, `PlaceTaken`,
    `AlreadyEnrolled`. Announces `EnrollmentConfirmed` or `EnrollmentWaitlisted`.
    """
    require(rules.can_enrol(by, enrollment.activity, enrollment.resident_id))
    if enrollment.is_visit:
        hold_classes([enrollment.activity_id, *([enrollment.makes_up.activity_id] if enrollment.makes_up else [])])
    pool = _locked_pool(enrollment.pool_owner)  # before looking: whoever calls the date off waits for it
    if pool is None or not _is_on(enrollment):
        raise NothingToComeBackTo()
    if enrollment.cancelled_at is None or enrollment.cancelled_at <= clock.now() - WAY_BACK:
        raise WayBackOver()
    _take_back(enrollment, pool, by=by)


def _take_back(enrollment: Enrollment, pool: PlacePool, *, by: Actor) -> None:
    """The same places, or the same turn, in a pool that is held. Raises what `undo_cancel` says."""
    left = places.turns_left([source_of(enrollment)]).get(source_of(enrollment))
    if left is not None:
        _queue_again(enrollment, left, pool, by=by)
        return
    session = enrollment.session
    fits = shares.fits(session, [enrollment]) if session is not None else {}
    try:
        capacity.claim(pool=pool, holder=source_of(enrollment), places=enrollment.places, fits=fits, by=by)
    except capacity.Full as full:
        raise PlaceTaken() from full
    _check_no_twin(enrollment)
    _move_back(enrollment, EnrollmentState.CONFIRMED)
    announce(confirmed(enrollment, enrollment.session), by=by)


def _queue_again(enrollment: Enrollment, left: WaitEntry, pool: PlacePool, *, by: Actor) -> None:
    """The turn first in the enrolment, then in the queue: it may be theirs at once, and that is told of who waits."""
    if left.claim_id is not None:
        raise OfferLetGo()
    if enrollment.ticket is not None and not pool.collects and _was_drawn_since(enrollment):
        raise DrawnWithout()
    _check_no_twin(enrollment)
    _move_back(enrollment, EnrollmentState.WAITING)
    announce(events.EnrollmentWaitlisted(**about(enrollment, enrollment.session)), by=by)
    capacity.come_back(entry=left, by=by)


def _was_drawn_since(enrollment: Enrollment) -> bool:
    """Did the list become a line after they left it?"""
    draws = Draw.objects.filter(activity=enrollment.activity_id, session=enrollment.session_id)
    return draws.filter(drawn_at__gte=enrollment.cancelled_at).exists()


def _move_back(enrollment: Enrollment, to: EnrollmentState) -> None:
    states.move(enrollment, to, flow=ENROLLMENT_FLOW, cancelled_at=None, given_up_on_leaving=False)


def _check_no_twin(enrollment: Enrollment) -> None:
    """Enrolled anew meanwhile? Whoever enrols holds the pool, as the caller does. Raises `AlreadyEnrolled`."""
    rows = Enrollment.objects.live().filter(activity=enrollment.activity_id, resident=enrollment.resident_id)
    twin = Q(session=enrollment.session_id)
    if enrollment.is_visit:  # and what was booked instead of it meanwhile
        twin |= Q(session=None) | Q(session__isnull=False, makes_up=None)
    elsewhere = Enrollment.objects.live().filter(resident=enrollment.resident_id, makes_up=enrollment.makes_up_id)
    if rows.filter(twin).exists() or (enrollment.makes_up_id and elsewhere.exists()):
        raise AlreadyEnrolled(name=enrollment.resident.name)


def _is_on(enrollment: Enrollment) -> bool:
    """Is what they enrolled in still to come, as it stands now?"""
    dates = Session.objects.filter(
        activity=enrollment.activity_id, state=SessionState.PLANNED, starts_at__gt=clock.now()
    )
    if enrollment.session_id is not None:
        dates = dates.filter(pk=enrollment.session_id)
    shown = Activity.objects.filter(pk=enrollment.activity_id, state=ActivityState.PUBLISHED)
    return bool(shown.exists() and dates.exists())


@transaction.atomic
def close_lapsed(*, enrollment: Enrollment, by: Actor) -> None:
    """What `reactions` calls when an offer ran out. Announces `EnrollmentLapsed`."""
    states.move(enrollment, EnrollmentState.LAPSED, flow=ENROLLMENT_FLOW)
    announce(events.EnrollmentLapsed(**about(enrollment, enrollment.session)), by=by)


@transaction.atomic
def close_unreached(*, enrollment: Enrollment, by: Actor) -> None:
    """What `reactions` calls when the queue closed before their turn. Announces `EnrollmentNotReached`."""
    states.move(enrollment, EnrollmentState.UNREACHED, flow=ENROLLMENT_FLOW)
    announce(events.EnrollmentNotReached(**about(enrollment, enrollment.session)), by=by)


def dismiss(enrollments: QuerySet[Enrollment], owner: str, reason: str, *, by: Actor) -> None:
    """Cancel every live enrolment with a reason, the queue first so that nobody is offered a seat that is going.

    Seats and turns: given up, without a way back; nothing is kept for anybody. Attendance: none, or the caller has
    refused. Money: what was owed for a seat is owed no longer, and the fact says how much.
    """
    pool = _locked_pool(owner)
    if pool is None:
        return
    offered = places.offered_in(pool)
    rows = enrollments.filter(state__in=LIVE).select_related("activity", "session", "resident").order_by("id")
    for enrollment in sorted(rows, key=lambda row: (row.state == EnrollmentState.CONFIRMED, source_of(row) in offered)):
        was = enrollment.state
        states.move(enrollment, EnrollmentState.CANCELLED, flow=ENROLLMENT_FLOW, cancelled_at=clock.now())
        _give_back([(enrollment, was)], by=by)
        announce(_cancelled(enrollment, enrollment.session, was, reason), by=by)
    capacity.end_shares(pool=pool, by=by)


@transaction.atomic
def give_up_all(*, resident_id: UUID, by: Actor) -> int:
    """What `reactions` calls when somebody leaves the community, or is forgotten: all that is still to come.

    Seats and turns: given up, and the next in line is served; `take_back_all` is the way back. Attendance, fees and
    dates that have begun: as they are. Returns how many. Announces `EnrollmentCancelled` for each.
    """
    mine = Enrollment.objects.live().filter(resident=resident_id)
    lessons = Session.objects.to_come().filter(activity=OuterRef("activity"))
    to_come = Q(session__starts_at__gt=clock.now()) | Q(Exists(lessons), session=None)
    owners = {row.pool_owner for row in mine.filter(to_come | Q(state=EnrollmentState.WAITING))}
    pools = capacity.locked(owners)
    rows = mine.select_related("activity", "session", "resident").order_by("id")  # as they are now, in pools we hold
    given = [row for row in rows if row.pool_owner in pools]
    for enrollment in given:
        was = enrollment.state
        states.move(
            enrollment,
            EnrollmentState.CANCELLED,
            flow=ENROLLMENT_FLOW,
            cancelled_at=clock.now(),
            given_up_on_leaving=True,
        )
        _give_back([(enrollment, was)], by=by)
        announce(_cancelled(enrollment, enrollment.session, was, gettext("no longer lives here")), by=by)
    return len(given)


@transaction.atomic
def take_back_all(*, resident_id: UUID, since: datetime, by: Actor) -> int:
    """What `reactions` calls when somebody lives here again: what `give_up_all` gave up since then, if it can be had.

    As `undo_cancel`, one by one: what is over, called off or gone to others stays given up, and so do visits. Returns
    how many came back.
    """
    gone = Enrollment.objects.filter(
        resident=resident_id, state=EnrollmentState.CANCELLED, given_up_on_leaving=True, cancelled_at__gt=since
    )
    rows = [one for one in gone.select_related("activity", "session", "resident").order_by("id") if not one.is_visit]
    pools = capacity.locked({row.pool_owner for row in rows})
    return sum(_is_had_again(row, pools.get(row.pool_owner), by=by) for row in rows if _is_on(row))


def _is_had_again(enrollment: Enrollment, pool: PlacePool | None, *, by: Actor) -> bool:
    if pool is None:
        return False
    try:
        with transaction.atomic():
            _take_back(enrollment, pool, by=by)
    except Refused:
        return False
    return True


def _locked_pool(owner: str) -> PlacePool | None:
    return capacity.locked([owner]).get(owner)


def _give_back(were: Sequence[tuple[Enrollment, str]], *, by: Actor) -> None:
    """The seats and turns of these, by what each was, in one pool."""
    seated = [source_of(row) for row, was in were if was == EnrollmentState.CONFIRMED]
    queued = [source_of(row) for row, was in were if was == EnrollmentState.WAITING]
    if queued:
        capacity.leave_together(entries=[places.turn_of(holder) for holder in queued], by=by)
    if seated:
        capacity.release_together(claims=[places.taken_by(holder) for holder in seated], by=by)


def _cancelled(enrollment: Enrollment, session: Session | None, was: str, reason: str) -> events.EnrollmentCancelled:
    paid = enrollment.fee_fen if was == EnrollmentState.CONFIRMED else 0
    return events.EnrollmentCancelled(**about(enrollment, session), fee_fen=paid, reason=reason)


@transaction.atomic
def forget_notes(*, resident_id: UUID, name: str, instead: str) -> int:
    """A person is forgotten: what they told us with their enrolments is emptied, and where others' notes and answers
    name them, another name stands. Returns how many of their enrolments said something.
    """
    mine = Enrollment.objects.filter(resident=resident_id)
    timeline.forget_remarks([source_of(enrollment) for enrollment in mine])
    emptied = mine.exclude(note="", answers={}).update(note="", answers={})
    write_over(Enrollment.objects.all(), "note", name=name, instead=instead)
    for row in Enrollment.objects.annotate(said=Cast("answers", TextField())).filter(said__contains=name):
        row.answers = {words: answer.replace(name, instead) for words, answer in row.answers.items()}
        row.save(update_fields=["answers"])
    return emptied
