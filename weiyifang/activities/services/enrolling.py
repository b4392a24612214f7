"""Take places: for oneself, for somebody one acts for, at the desk for anybody, for a whole list at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.activities import events, rules
from weiyifang.activities.models import ENROLLMENT_FLOW, Enrollment, EnrollmentState, Session
from weiyifang.activities.services import crowd, drawing, missed, shares
from weiyifang.activities.services.eligibility import check_may_come
from weiyifang.activities.services.pools import AlreadyEnrolled, full, look, why_not_written
from weiyifang.activities.services.rows import about, confirmed, new_enrollment, write
from weiyifang.capacity import queries as places
from weiyifang.capacity import services as capacity
from weiyifang.core import states
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce, announced_together
from weiyifang.core.look import wording
from weiyifang.core.models import OnceRecord
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import once
from weiyifang.core.web.access import require
from weiyifang.people.models import Resident

# --- refusals ---------------------------------------------------------------------------------------------------


class PlacesLeft(Refused):
    """Queued for places that are free."""

    sentence = _("There are still seats: you need not queue. Enrol right away.")


class OfferGone(Refused):
    """Answered too late, or twice."""

    sentence = _("This offer is no longer open; the seat went to the next in line. You can queue again.")


NO_ANSWERS: Mapping[str, str] = MappingProxyType({})

# --- verbs ------------------------------------------------------------------------------------------------------


def enroll(
    *,
    session: Session,
    resident: Resident,
    places: int = 1,
    note: str = "",
    answers: Mapping[str, str] = NO_ANSWERS,
    answer: Callable[[Enrollment], OnceRecord | None] = lambda enrollment: None,
    by: Actor,
) -> Enrollment:
    """Take `places` seats in a session, or in the whole term it belongs to.

    Where seats are given when enrolment closes: stand on its list, as `queue` does.

    Whoever fits a share of the date has its seat before one of those for everybody. Raises `SessionFull` (of which
    `KeptForOthers`) and the refusals above. Announces `EnrollmentConfirmed`. In a rush it shares its transaction
    with others, unless the caller has one (`crowd`). `answers`: to the activity's questions, by their words; raises
    what `Questions.answered` raises. `answer`: what `core.web.once` keeps of it in that transaction.
    """
    require(rules.can_enrol(by, session.activity, resident.pk))
    collects = drawing.collects(session)
    is_desk = rules.can_enrol_others(by, session.activity) and not collects  # the list is closed for everybody
    check_may_come(session, resident, places, is_asked_of_desk=is_desk)
    state = EnrollmentState.WAITING if collects else EnrollmentState.CONFIRMED
    enrollment = new_enrollment(session, resident, places, note, state, answers=answers, by=by)
    wish = crowd.Wish(enrollment, session, by, answer(enrollment), alone=_enroll_alone)
    if collects:
        _stand_alone(wish)
    elif connection.in_atomic_block or shares.stand_now(session) or not crowd.is_served(wish):
        _enroll_alone(wish)
    return enrollment


@transaction.atomic
def _stand_alone(wish: crowd.Wish) -> None:
    once.keep([wish.answer])
    stand([wish.enrollment], wish.session, by=wish.by)


def stand(new: Sequence[Enrollment], session: Session, *, is_let_through: bool = False, by: Actor) -> None:
    """Put them, as one, on the list of a date or into its queue. Raises as `queue` does.

    The enrolments before the queue, in a pool that is held: a seat may be theirs at once, which is told of who waits.
    """
    is_list = drawing.locked_list(session)
    missed.check_not_late(session, [] if is_let_through else [row.resident for row in new], by)
    pool = look(session, [row.resident_id for row in new])
    if pool.there:
        raise AlreadyEnrolled(name=wording.listed([row.resident.name for row in new if row.resident_id in pool.there]))
    fits, wanted = shares.fits(session, new), [(source_of(row), row.places) for row in new]
    if not is_list and not pool.waiting and places.has_room(pool, wanted, fits):
        raise PlacesLeft()
    if len(write(new)) < len(new):
        raise why_not_written(session, [row.resident for row in new])
    said = ["together", "place_in_group"] if len(new) > 1 else []
    if is_list:
        ticket = drawing.next_ticket(session)
        for row in new:
            row.ticket = ticket
        said.append("ticket")
    if said:
        Enrollment.objects.bulk_update(new, said)
    for row in new:
        announce(events.EnrollmentWaitlisted(**about(row, session)), by=by)
    turns = capacity.wait_together(pool=pool, wanted=wanted, fits=fits, by=by)
    for row, turn in zip(new, turns, strict=True):
        if turn.claim_id is not None:  # a seat came at once
            row.refresh_from_db(fields=["state"])


@transaction.atomic
def _enroll_alone(wish: crowd.Wish) -> None:
    once.keep([wish.answer])
    enrollment, session, by = wish.enrollment, wish.session, wish.by
    pool = look(session, [enrollment.resident_id])
    if pool.there:  # also when it is full
        raise AlreadyEnrolled(name=enrollment.resident.name)
    missed.check_not_late(session, [enrollment.resident], by)
    holder, fits = source_of(enrollment), shares.fits(session, [enrollment])
    try:
        capacity.claim(pool=pool, holder=holder, places=enrollment.places, fits=fits, by=by)  # now the pool is ours
    except capacity.Full as over:
        raise full(session, pool, over.details["free"]) from over
    if not write([enrollment]):
        raise why_not_written(session, [enrollment.resident])
    announce(confirmed(enrollment, session), by=by)


@transaction.atomic
def enroll_many(*, session: Session, residents: Sequence[Resident], by: Actor) -> list[Enrollment]:
    """One seat for each, all or nothing, in a handful of statements; who is enrolled already stays so.

    For those who enrol others: a list from a class teacher or a team. Nobody is asked the activity's questions, nor
    held back for dates they missed. Raises as `enroll` does.
    """
    require(rules.can_enrol_others(by, session.activity))
    theirs = Enrollment.objects.live().for_session(session).filter(resident__in=residents)
    there = set(theirs.values_list("resident_id", flat=True))
    new = []
    collects = drawing.collects(session)
    state = EnrollmentState.WAITING if collects else EnrollmentState.CONFIRMED
    for resident in residents:
        if resident.pk not in there:
            check_may_come(session, resident, 1, is_asked_of_desk=not collects)
            new.append(new_enrollment(session, resident, 1, "", state, by=by))
    if collects:
        for enrollment in new:
            stand([enrollment], session, is_let_through=True, by=by)
    if not new or collects:
        return new
    pool = look(session)
    try:
        wanted = [(source_of(enrollment), 1) for enrollment in new]
        capacity.claim_many(pool=pool, wanted=wanted, fits=shares.fits(session, new), by=by)
    except capacity.Full as over:
        raise full(session, pool, over.details["free"]) from over
    if len(write(new)) < len(new):
        raise why_not_written(session, [row.resident for row in new])
    with announced_together():
        for enrollment in new:
            announce(confirmed(enrollment, session), by=by)
    return new


@transaction.atomic
def queue(
    *,
    session: Session,
    resident: Resident,
    places: int = 1,
    note: str = "",
    answers: Mapping[str, str] = NO_ANSWERS,
    by: Actor,
) -> Enrollment:
    """Wait for seats that are all taken; when enough come free, they are held and offered in order.

    Raises `PlacesLeft` when there is no need to, and `capacity`'s `QueueClosed` shortly before it begins. Announces
    `EnrollmentWaitlisted`.
    """
    require(rules.can_enrol(by, session.activity, resident.pk))
    is_desk = rules.can_enrol_others(by, session.activity) and not drawing.collects(session)
    check_may_come(session, resident, places, is_asked_of_desk=is_desk)
    enrollment = new_enrollment(session, resident, places, note, EnrollmentState.WAITING, answers=answers, by=by)
    stand([enrollment], session, by=by)
    return enrollment


@transaction.atomic
def accept_offer(*, enrollment: Enrollment, by: Actor) -> None:
    """Take the seat that came free, before it begins. Raises `OfferGone`. Announces `EnrollmentConfirmed`."""
    require(rules.can_enrol(by, enrollment.activity, enrollment.resident_id))
    if enrollment.session is not None and enrollment.session.has_begun:
        raise OfferGone()
    entry = places.offer_to(source_of(enrollment))
    if entry is None:
        raise OfferGone()
    try:
        capacity.accept(entry=entry, by=by)
    except capacity.NoOffer as over:
        raise OfferGone() from over
    states.move(enrollment, EnrollmentState.CONFIRMED, flow=ENROLLMENT_FLOW)
    announce(confirmed(enrollment, enrollment.session, had_waited=True), by=by)


@transaction.atomic
def confirm_from_list(*, enrollment: Enrollment, by: Actor) -> None:
    """What `reactions` calls when the queue gives places without asking (`offer_hours` 0). `EnrollmentConfirmed`."""
    states.move(enrollment, EnrollmentState.CONFIRMED, flow=ENROLLMENT_FLOW)
    announce(confirmed(enrollment, enrollment.session, had_waited=True), by=by)


@transaction.atomic
def note_offer(*, enrollment: Enrollment, until: datetime, by: Actor) -> None:
    """What `reactions` calls when `capacity` holds a place for them. Announces `EnrollmentOffered`."""
    announce(events.EnrollmentOffered(**about(enrollment, enrollment.session), until=until), by=by)
