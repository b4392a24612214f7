"""Give places back: by oneself (with a way back), because an offer ran out, or because it was called off."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from weiyifang.activities import events, rules
from weiyifang.activities.models import (
    ENROLLMENT_FLOW,
    LIVE,
    Attendance,
    Enrollment,
    EnrollmentState,
    Session,
)
from weiyifang.activities.services.enrolling import AlreadyEnrolled, about, confirmed
from weiyifang.capacity import services as capacity
from weiyifang.capacity.models import Claim, ClaimState, PlacePool, WaitEntry, WaitState
from weiyifang.core import clock, states, timeline
from weiyifang.core.access import require
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.forgetting import write_over
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of

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


@transaction.atomic
def cancel_enrollment(*, enrollment: Enrollment, by: Actor) -> None:
    """Give the places, or the turn in the queue, back; the next in line is offered them in the same moment.

    Raises `TooLateToCancel` and `CameAlready`. Announces `EnrollmentCancelled`.
    """
    require(rules.can_enrol(by, enrollment.activity, enrollment.resident_id))
    if enrollment.session is not None and enrollment.session.has_begun:
        came = Attendance.objects.filter(session=enrollment.session, resident=enrollment.resident_id)
        raise CameAlready(name=enrollment.resident.name) if came.attendances() else TooLateToCancel()
    _locked_pool(enrollment.pool_owner)  # before the enrolment, as whoever calls the date off or ends an offer does
    was = enrollment.state
    states.move(enrollment, EnrollmentState.CANCELLED, flow=ENROLLMENT_FLOW, cancelled_at=clock.now())
    _give_back(enrollment, was, by=by)
    announce(_cancelled(enrollment, enrollment.session, was, ""), by=by)


@transaction.atomic
def undo_cancel(*, enrollment: Enrollment, by: Actor) -> None:
    """Take the same places again, while they are still free. Raises `PlaceTaken`. Announces `EnrollmentConfirmed`."""
    require(rules.can_enrol(by, enrollment.activity, enrollment.resident_id))
    if enrollment.session is not None and enrollment.session.has_begun:
        raise TooLateToCancel()
    pool = PlacePool.objects.get(owner=enrollment.pool_owner)
    try:
        capacity.claim(pool=pool, holder=source_of(enrollment), places=enrollment.places, by=by)
    except capacity.Full as full:
        raise PlaceTaken() from full
    twin = Enrollment.objects.live().filter(
        activity=enrollment.activity_id, session=enrollment.session_id, resident=enrollment.resident_id
    )
    if twin.exists():  # enrolled anew meanwhile; whoever enrols holds the pool, as we do now
        raise AlreadyEnrolled(name=enrollment.resident.name)
    states.move(enrollment, EnrollmentState.CONFIRMED, flow=ENROLLMENT_FLOW, cancelled_at=None)
    announce(confirmed(enrollment, enrollment.session), by=by)


@transaction.atomic
def close_lapsed(*, enrollment: Enrollment, by: Actor) -> None:
    """What `reactions` calls when an offer ran out. Announces `EnrollmentLapsed`."""
    states.move(enrollment, EnrollmentState.LAPSED, flow=ENROLLMENT_FLOW)
    announce(events.EnrollmentLapsed(**about(enrollment, enrollment.session)), by=by)


def dismiss(enrollments: QuerySet[Enrollment], owner: str, reason: str, *, by: Actor) -> None:
    """Cancel every live enrolment with a reason, the queue first so that nobody is offered a seat that is going."""
    pool = _locked_pool(owner)
    if pool is None:
        return
    offered = set(WaitEntry.objects.filter(pool=pool, state=WaitState.OFFERED).values_list("holder", flat=True))
    rows = enrollments.filter(state__in=LIVE).select_related("activity", "session", "resident").order_by("id")
    for enrollment in sorted(rows, key=lambda row: (row.state == EnrollmentState.CONFIRMED, source_of(row) in offered)):
        was = enrollment.state
        states.move(enrollment, EnrollmentState.CANCELLED, flow=ENROLLMENT_FLOW, cancelled_at=clock.now())
        _give_back(enrollment, was, by=by)
        announce(_cancelled(enrollment, enrollment.session, was, reason), by=by)


def _locked_pool(owner: str) -> PlacePool | None:
    return PlacePool.objects.select_for_update(no_key=True).filter(owner=owner).first()


def _give_back(enrollment: Enrollment, was: str, *, by: Actor) -> None:
    holder = source_of(enrollment)
    if was == EnrollmentState.CONFIRMED:
        capacity.release(claim=Claim.objects.get(holder=holder, state=ClaimState.TAKEN), by=by)
    else:
        entry = WaitEntry.objects.get(holder=holder, state__in=(WaitState.WAITING, WaitState.OFFERED))
        capacity.leave(entry=entry, by=by)


def _cancelled(enrollment: Enrollment, session: Session | None, was: str, reason: str) -> events.EnrollmentCancelled:
    paid = enrollment.fee_fen if was == EnrollmentState.CONFIRMED else 0
    return events.EnrollmentCancelled(**about(enrollment, session), fee_fen=paid, reason=reason)


@transaction.atomic
def forget_notes(*, resident_id: UUID, name: str, instead: str) -> int:
    """A person is forgotten: what they told us with their enrolments is emptied, and where others' notes name them,
    another name stands. Returns how many notes were theirs.
    """
    mine = Enrollment.objects.filter(resident=resident_id)
    timeline.forget_remarks([source_of(enrollment) for enrollment in mine])
    emptied = mine.exclude(note="").update(note="")
    write_over(Enrollment.objects.all(), "note", name=name, instead=instead)
    return emptied
