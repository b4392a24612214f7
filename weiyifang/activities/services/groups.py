"""People who come together: all get seats or none does, and in the queue they are one. Each then has an enrolment of
their own, and may give it up without the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from weiyifang.activities import groups, rules
from weiyifang.activities.models import Enrollment, EnrollmentState, Session
from weiyifang.activities.services import drawing, missed, shares
from weiyifang.activities.services.eligibility import PersonKept, check_moment, check_person
from weiyifang.activities.services.enrolling import accept_offer, stand
from weiyifang.activities.services.leaving import check_may_cancel, give_up
from weiyifang.activities.services.pools import AlreadyEnrolled, full, look, why_not_written
from weiyifang.activities.services.rows import confirmed, new_enrollment, write
from weiyifang.capacity import queries as places
from weiyifang.capacity import services as capacity
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce, announced_together
from weiyifang.core.look import wording
from weiyifang.core.look.wording import as_day
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.people.models import Resident
from weiyifang.people.rules import acts_for


class NamedTwice(Refused):
    """One person twice in a group."""

    sentence = _("Named twice: %(name)s. Each comes once; take somebody off the list.")
    status = 422


class TooManyTogether(Refused):
    """More people than may be enrolled at once."""

    sentence = _("So many people can be enrolled at once, at most: %(most)d. For a larger group, call us.")
    status = 422


class NotAllOfYou(Refused):
    """Some of a group may not come. `reasons`: who and why, a sentence each."""

    sentence = _("You come all together, so nobody is enrolled yet. %(reasons)s")


class SomeGoLater(NotAllOfYou):
    """Some of a group missed dates, and let others go first."""


@dataclass(frozen=True, kw_only=True)
class Member:
    """One who comes with others, and with `places` seats in all."""

    resident: Resident
    places: int = 1
    note: str = ""
    answers: Mapping[str, str] | None = field(default_factory=dict)  # None: they are not asked


@transaction.atomic
def enroll_group(
    *, session: Session, people: Sequence[Member], organization: str = "", despite: str = "", by: Actor
) -> list[Enrollment]:
    """Take seats for all of them or for none; where lists are drawn, they share one ticket.

    `organization`: a source; whoever keeps its members may enrol those who belong to it now. `despite`: why those who
    missed dates need not let others go first, said by somebody who enrols others here.

    Raises `NamedTwice`, `TooManyTogether`, `NotAllOfYou`, `SessionFull` and what `enroll` raises. Announces
    `EnrollmentConfirmed` for each, or `EnrollmentWaitlisted` where everybody stands in a list first.
    """
    collects = drawing.collects(session)
    state = EnrollmentState.WAITING if collects else EnrollmentState.CONFIRMED
    new = _group(session, people, organization, state, collects=collects, by=by)
    _check_not_late(session, new, despite, by)
    if collects:
        stand(new, session, is_let_through=True, by=by)
        return new
    pool = look(session, [row.resident_id for row in new])
    _check_not_there(new, pool.there)
    if sum(row.places for row in new) > pool.places:
        raise capacity.GroupTooLarge(places=pool.places)
    try:
        wanted = [(source_of(row), row.places) for row in new]
        capacity.claim_many(pool=pool, wanted=wanted, fits=shares.fits(session, new), by=by)
    except capacity.Full as over:
        raise full(session, pool, over.details["free"], together=len(new)) from over
    if len(write(new)) < len(new):
        raise why_not_written(session, [row.resident for row in new])
    if len(new) > 1:
        Enrollment.objects.bulk_update(new, ["together", "place_in_group"])
    with announced_together():
        for row in new:
            announce(confirmed(row, session), by=by)
    return new


@transaction.atomic
def queue_group(
    *, session: Session, people: Sequence[Member], organization: str = "", despite: str = "", by: Actor
) -> list[Enrollment]:
    """Wait as one: their turn comes when there are seats for all of them. Otherwise like `enroll_group` and `queue`."""
    collects = drawing.collects(session)
    new = _group(session, people, organization, EnrollmentState.WAITING, collects=collects, by=by)
    _check_not_late(session, new, despite, by)
    stand(new, session, is_let_through=True, by=by)
    return new


@transaction.atomic
def cancel_together(*, enrollment: Enrollment, by: Actor) -> list[Enrollment]:
    """Give back what this one and those who come with it have, of those one may cancel for; returns all of these.

    Otherwise like `cancel_enrollment`.
    """
    capacity.locked([enrollment.pool_owner])  # before the enrolments
    versions.check_again(enrollment, by)
    theirs = [row for row in _of_group(enrollment) if row.pk == enrollment.pk or rules.can_give_back(by, row)]
    for row in theirs:
        check_may_cancel(row, by)
    with announced_together():
        give_up(theirs, by=by)
    return theirs


@transaction.atomic
def accept_together(*, enrollment: Enrollment, by: Actor) -> list[Enrollment]:
    """Take the seats offered to this one and to those who come with it, of those one may answer for; returns these."""
    capacity.locked([enrollment.pool_owner])
    rows = [
        row
        for row in _of_group(enrollment)
        if (row.pk == enrollment.pk or rules.can_enrol(by, row.activity, row.resident_id))
        and places.offer_to(source_of(row)) is not None
    ]
    with announced_together():
        for row in rows or [enrollment]:
            accept_offer(enrollment=row, by=by)
    return rows


def _of_group(enrollment: Enrollment) -> QuerySet[Enrollment]:
    """This one, and those who came with it and have something still."""
    rows = Enrollment.objects.live().select_related("activity", "session", "resident")
    found = rows.filter(pk=enrollment.pk)
    if enrollment.together is not None:
        found |= rows.filter(activity=enrollment.activity_id, together=enrollment.together)
    return found.order_by("id")


def _group(
    session: Session,
    people: Sequence[Member],
    organization: str,
    state: EnrollmentState,
    *,
    collects: bool,
    by: Actor,
) -> list[Enrollment]:
    """Their enrolments as they will be written, once each of them may come."""
    if not people:
        raise ValueError("nobody comes")
    activity = session.activity
    _check_rights(session, [one.resident for one in people], organization, by)
    names = [one.resident.name for place, one in enumerate(people) if one.resident in _before(people, place)]
    if names:
        raise NamedTwice(name=wording.listed(names))
    is_desk = rules.can_enrol_others(by, activity)
    most = groups.rule_on(as_day(session.starts_at)).most
    if len(people) > most and not is_desk:
        raise TooManyTogether(most=most)
    check_moment(session, max(one.places for one in people), is_asked_of_desk=is_desk and not collects)
    new, reasons = list[Enrollment](), list[str]()
    for one in people:
        try:
            check_person(session, one.resident)
            new.append(new_enrollment(session, one.resident, one.places, one.note, state, answers=one.answers, by=by))
        except PersonKept as kept:
            if len(people) == 1:
                raise
            reasons.append(kept.of(one.resident))
    if reasons:
        raise NotAllOfYou(reasons=" ".join(reasons))
    if len(new) > 1:
        for place, row in enumerate(new):
            row.together, row.place_in_group = new[0].pk, place
    return new


def _check_rights(session: Session, people: Sequence[Resident], organization: str, by: Actor) -> None:
    """Each of them is oneself, or one acts for them, or enrols others here, or leads where they belong."""
    if not rules.can_enrol_others(by, session.activity):
        members = rules.members_led(by, organization)
        require(all(one.pk in members or acts_for(by, one.pk) for one in people))


def _check_not_late(session: Session, new: Sequence[Enrollment], despite: str, by: Actor) -> None:
    """Whoever missed too many dates lets others go first, or somebody at the desk wrote why not."""
    kept = missed.too_often(session, [row.resident for row in new], by)
    if not kept:
        return
    if despite and rules.can_enrol_others(by, session.activity):
        missed.let_through(new, despite, by=by)
        return
    raise kept[0] if len(new) == 1 else SomeGoLater(reasons=" ".join(map(str, kept)))


def _before(people: Sequence[Member], place: int) -> set[Resident]:
    return {one.resident for one in people[:place]}


def _check_not_there(new: Sequence[Enrollment], there: Sequence[UUID]) -> None:
    if names := [row.resident.name for row in new if row.resident_id in there]:
        raise AlreadyEnrolled(name=wording.listed(names))
