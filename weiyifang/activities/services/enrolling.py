"""Take places: for oneself, for somebody one acts for, at the desk for anybody, for a whole list at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import DatabaseError, connection, transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from weiyifang.activities import events, rules
from weiyifang.activities.models import (
    ENROLLMENT_FLOW,
    LIVE,
    Enrollment,
    EnrollmentState,
    Session,
)
from weiyifang.activities.services.eligibility import EnrollmentClosed, check_may_come
from weiyifang.activities.services.rows import new_enrollment, write
from weiyifang.capacity import services as capacity
from weiyifang.capacity.models import PlacePool, WaitEntry, WaitState
from weiyifang.capacity.queries import free
from weiyifang.core import states
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce, announced_together
from weiyifang.core.models import OnceRecord
from weiyifang.core.prepared import IsAny, Read
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.together import Together
from weiyifang.core.web import once
from weiyifang.core.web.access import require
from weiyifang.people.models import Resident

# --- refusals ---------------------------------------------------------------------------------------------------


class SessionFull(Refused):
    """Not that many seats are left (`free`), and `ahead` people wait already."""

    sentence = _("Not enough seats are left (%(free)d). You can queue; ahead of you: %(ahead)d.")
    nobody_waits = _("Not enough seats are left (%(free)d). You can queue and would be the first.")
    none_left = _("The last seat has just gone. You can queue; ahead of you: %(ahead)d.")
    none_left_nobody_waits = _("The last seat has just gone. You can queue and would be the first.")

    def __str__(self) -> str:
        if self.details["free"]:
            fitting = self.sentence if self.details["ahead"] else self.nobody_waits
        else:
            fitting = self.none_left if self.details["ahead"] else self.none_left_nobody_waits
        return str(fitting) % self.details


class FullAndClosed(SessionFull):
    """Not that many seats are left, and the queue is closed."""

    sentence = nobody_waits = _("Not enough seats are left (%(free)d), and the queue is closed: it begins soon.")
    none_left = none_left_nobody_waits = _("The last seat has just gone, and the queue is closed: it begins soon.")


class PlacesLeft(Refused):
    """Queued for places that are free."""

    sentence = _("There are still seats: you need not queue. Enrol right away.")


class AlreadyEnrolled(Refused):
    """A second live enrolment."""

    sentence = _("%(name)s is on the list already. You find it under “My page”.")


class OfferGone(Refused):
    """Answered too late, or twice."""

    sentence = _("This offer is no longer open; the seat went to the next in line. You can queue again.")


LOOKS = 3  # at the pool, by those who stand in line together, before each tries alone

# --- verbs ------------------------------------------------------------------------------------------------------


def enroll(
    *,
    session: Session,
    resident: Resident,
    places: int = 1,
    note: str = "",
    answer: Callable[[Enrollment], OnceRecord | None] = lambda enrollment: None,
    by: Actor,
) -> Enrollment:
    """Take `places` seats in a session, or in the whole term it belongs to.

    Raises `SessionFull` and the refusals above. Announces `EnrollmentConfirmed`. In a rush it shares its transaction
    with others, unless the caller has one. `answer`: what `core.web.once` keeps of it in that transaction.
    """
    wish = _wish(session, Asked(resident=resident, by=by, places=places, note=note, answer=answer))
    if connection.in_atomic_block:
        _enroll_alone(wish)
        return wish.enrollment
    outcome = _rush.ask(session.pool_owner, wish)
    if isinstance(outcome, Refused):
        raise outcome
    if outcome is None:
        _enroll_alone(wish)
    return wish.enrollment


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What one person asks for; the fields are those of `enroll`."""

    resident: Resident
    by: Actor
    places: int = 1
    note: str = ""
    answer: Callable[[Enrollment], OnceRecord | None] = lambda enrollment: None


def enroll_each(*, session: Session, asked: Sequence[Asked]) -> list[Enrollment | Refused | None]:
    """Enrol at one session, in one transaction, whoever can be without a doubt: for a rush, outside any transaction.

    What came of each: the enrolment, or why not, or None for whoever has to try alone (with `enroll`). Announces
    `EnrollmentConfirmed` of each.
    """
    outcomes: list[Enrollment | Refused | None] = []
    wishes: dict[int, _Wish] = {}
    for place, one in enumerate(asked):
        try:
            wishes[place] = _wish(session, one)
            outcomes.append(wishes[place].enrollment)
        except Refused as refused:
            outcomes.append(refused)
    if wishes:
        together = _enroll_together(session.pool_owner, list(wishes.values()))
        for place, outcome in zip(wishes, together, strict=True):
            outcomes[place] = outcome
    return outcomes


class _Wish(NamedTuple):
    enrollment: Enrollment  # as it will be written
    session: Session
    by: Actor
    answer: OnceRecord | None = None


def _wish(session: Session, asked: Asked) -> _Wish:
    """Raises the refusals that need no look at the seats."""
    resident, by = asked.resident, asked.by
    require(rules.can_enrol(by, session.activity, resident.pk))
    check_may_come(session, resident, asked.places)
    enrollment = new_enrollment(session, resident, asked.places, asked.note, EnrollmentState.CONFIRMED, by=by)
    return _Wish(enrollment, session, by, asked.answer(enrollment))


@transaction.atomic
def _enroll_alone(wish: _Wish) -> None:
    enrollment, session, by, answer = wish
    once.keep([answer])
    pool = _pool(session, [enrollment.resident_id])
    if pool.there:  # also when it is full
        raise AlreadyEnrolled(name=enrollment.resident.name)
    try:
        capacity.claim(pool=pool, holder=source_of(enrollment), places=enrollment.places, by=by)  # now the pool is ours
    except capacity.Full as full:
        raise _full(pool, full.details["free"]) from full
    if not write([enrollment]):
        raise _why_not(session, enrollment.resident)
    announce(confirmed(enrollment, session), by=by)


def _enroll_together(_pool_owner: str, wishes: Sequence[_Wish]) -> list[Enrollment | Refused | None]:
    """As `enroll_each`, for wishes at one session.

    Who tries alone hears why not, or gets what a neighbour's refusal left. If anything goes wrong here, all try alone.
    Only who came when too few seats were left hears it at once: in a rush, that is most people.
    """
    if len(wishes) == 1:
        try:
            _enroll_alone(wishes[0])
            return [wishes[0].enrollment]
        except Refused as refused:
            return [refused]
        except once.Answered:
            return [None]
    for _look in range(LOOKS):
        try:
            return _enroll_lucky(wishes)
        except capacity.Full:
            continue  # another process took seats since the look at the pool
        except (Refused, DatabaseError, once.Answered):
            break
    return [None] * len(wishes)


@transaction.atomic
def _enroll_lucky(wishes: Sequence[_Wish]) -> list[Enrollment | Refused | None]:
    """Enrol who can be without a doubt, as the pool was looked at; what came of each.

    That it is full is sure when no hold may lapse; but who is in already, or pressed twice, is to hear that.
    """
    pool = _pool(wishes[0].session, [wish.enrollment.resident_id for wish in wishes])
    lucky = _without_a_doubt(wishes, pool)
    if lucky:
        once.keep([wish.answer for wish in lucky])
        wanted = [(source_of(wish.enrollment), wish.enrollment.places) for wish in lucky]
        capacity.claim_many(pool=pool, wanted=wanted, by=lucky[0].by)
        if len(write([wish.enrollment for wish in lucky])) < len(lucky):
            raise EnrollmentClosed()  # or one was enrolled meanwhile
    with announced_together():
        for wish in lucky:
            announce(confirmed(wish.enrollment, wish.session), by=wish.by)
    left = pool.free - sum(wish.enrollment.places for wish in lucky)
    there = {*pool.there, *(wish.enrollment.resident_id for wish in lucky)}
    is_in = {wish.enrollment.pk for wish in lucky}

    def outcome(row: Enrollment) -> Enrollment | Refused | None:
        if row.pk in is_in:
            return row
        is_sure = pool.lapses_at is None and row.resident_id not in there
        return _full(pool, left) if is_sure and row.places > left else None

    return [outcome(wish.enrollment) for wish in wishes]


def _without_a_doubt(wishes: Sequence[_Wish], pool: Any) -> list[_Wish]:
    """First come, first served, while there are seats; nobody twice."""
    left, served, lucky = 0 if pool.waiting else pool.free, set(pool.there), list[_Wish]()
    for wish in wishes:
        if wish.enrollment.resident_id not in served and wish.enrollment.places <= left:
            served.add(wish.enrollment.resident_id)
            left -= wish.enrollment.places
            lucky.append(wish)
    return lucky


_rush = Together(_enroll_together)


@transaction.atomic
def enroll_many(*, session: Session, residents: Sequence[Resident], by: Actor) -> list[Enrollment]:
    """One seat for each, all or nothing, in a handful of statements; who is enrolled already stays so.

    For those who enrol others: a list from a class teacher or a team. Raises as `enroll` does.
    """
    require(rules.can_enrol_others(by, session.activity))
    theirs = Enrollment.objects.live().for_session(session).filter(resident__in=residents)
    there = set(theirs.values_list("resident_id", flat=True))
    new = []
    for resident in residents:
        if resident.pk not in there:
            check_may_come(session, resident, 1)
            new.append(new_enrollment(session, resident, 1, "", EnrollmentState.CONFIRMED, by=by))
    if not new:
        return []
    pool = _pool(session)
    try:
        capacity.claim_many(pool=pool, wanted=[(source_of(enrollment), 1) for enrollment in new], by=by)
    except capacity.Full as full:
        raise _full(pool, full.details["free"]) from full
    if len(write(new)) < len(new):
        raise _why_not(session, new[0].resident)
    with announced_together():
        for enrollment in new:
            announce(confirmed(enrollment, session), by=by)
    return new


@transaction.atomic
def queue(*, session: Session, resident: Resident, places: int = 1, note: str = "", by: Actor) -> Enrollment:
    """Wait for seats that are all taken; when enough come free, they are held and offered in order.

    Raises `PlacesLeft` when there is no need to, and `capacity`'s `QueueClosed` shortly before it begins. Announces
    `EnrollmentWaitlisted`.
    """
    require(rules.can_enrol(by, session.activity, resident.pk))
    check_may_come(session, resident, places)
    enrollment = new_enrollment(session, resident, places, note, EnrollmentState.WAITING, by=by)
    pool = _pool(session)
    if not pool.waiting and free(pool) >= places:
        raise PlacesLeft()
    capacity.wait(pool=pool, holder=source_of(enrollment), places=places, by=by)
    if not write([enrollment]):
        raise _why_not(session, resident)
    announce(events.EnrollmentWaitlisted(**about(enrollment, session)), by=by)
    return enrollment


@transaction.atomic
def accept_offer(*, enrollment: Enrollment, by: Actor) -> None:
    """Take the seat that came free, before it begins. Raises `OfferGone`. Announces `EnrollmentConfirmed`."""
    require(rules.can_enrol(by, enrollment.activity, enrollment.resident_id))
    if enrollment.session is not None and enrollment.session.has_begun:
        raise OfferGone()
    entry = WaitEntry.objects.filter(holder=source_of(enrollment), state=WaitState.OFFERED).first()
    if entry is None:
        raise OfferGone()
    try:
        capacity.accept(entry=entry, by=by)
    except capacity.NoOffer as over:
        raise OfferGone() from over
    states.move(enrollment, EnrollmentState.CONFIRMED, flow=ENROLLMENT_FLOW)
    announce(confirmed(enrollment, enrollment.session), by=by)


@transaction.atomic
def confirm_from_list(*, enrollment: Enrollment, by: Actor) -> None:
    """What `reactions` calls when the queue gives places without asking (`offer_hours` 0). `EnrollmentConfirmed`."""
    states.move(enrollment, EnrollmentState.CONFIRMED, flow=ENROLLMENT_FLOW)
    announce(confirmed(enrollment, enrollment.session), by=by)


@transaction.atomic
def note_offer(*, enrollment: Enrollment, until: datetime, by: Actor) -> None:
    """What `reactions` calls when `capacity` holds a place for them. Announces `EnrollmentOffered`."""
    announce(events.EnrollmentOffered(**about(enrollment, enrollment.session), until=until), by=by)


# --- parts ------------------------------------------------------------------------------------------------------


def _full(pool: Any, left: int) -> SessionFull:
    kind = FullAndClosed if pool.is_closed else SessionFull
    return kind(free=left, ahead=pool.ahead)


def _why_not(session: Session, resident: Resident) -> Refused:
    live = Enrollment.objects.for_session(session).filter(resident=resident, state__in=LIVE)
    return AlreadyEnrolled(name=resident.name) if live.exists() else EnrollmentClosed()


def _pools(owner: str, residents: Sequence[UUID], **of: Any) -> QuerySet[PlacePool]:
    """The pool; `there`: who of these residents is on the list of that session or term, or in its queue; `ahead`: how
    many wait, or think about an offer."""
    there = Enrollment.objects.live().filter(IsAny("resident_id", residents), **of)
    queue = WaitEntry.objects.filter(pool=OuterRef("pk"), state__in=(WaitState.WAITING, WaitState.OFFERED))
    return PlacePool.objects.filter(owner=owner).annotate(
        there=ArraySubquery(there.values("resident_id")),
        ahead=Coalesce(Subquery(queue.values("pool").annotate(ahead=Count("*")).values("ahead")), 0),
    )


_of_session = Read(
    lambda owner, residents, activity_id, session_id: _pools(
        owner, residents, activity_id=activity_id, session_id=session_id
    ),
    *("an owner", [UUID(int=0)], UUID(int=1), UUID(int=2)),
)
_of_term = Read(
    lambda owner, residents, activity_id: _pools(owner, residents, activity_id=activity_id, session=None),
    *("an owner", [UUID(int=0)], UUID(int=1)),
)


def _pool(session: Session, residents: Sequence[UUID] = ()) -> Any:
    owner, residents, activity_id = session.pool_owner, list(residents), session.activity_id
    if session.activity.is_term:
        (pool,) = _of_term(owner, residents, activity_id)
    else:
        (pool,) = _of_session(owner, residents, activity_id, session.pk)
    return pool


def about(enrollment: Enrollment, session: Session | None) -> dict[str, Any]:
    """What every fact about an enrolment says."""
    return {
        "subject": source_of(enrollment),
        "activity_id": enrollment.activity_id,
        "resident_id": enrollment.resident_id,
        "title": enrollment.activity.title,
        "starts_at": session.starts_at if session is not None else None,
        "places": enrollment.places,
    }


def confirmed(enrollment: Enrollment, session: Session | None) -> events.EnrollmentConfirmed:
    return events.EnrollmentConfirmed(**about(enrollment, session), fee_fen=enrollment.fee_fen)
