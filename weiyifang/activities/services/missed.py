"""Whoever missed too many dates enrols later; how they object, and how that is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.activities import events_missed as events
from weiyifang.activities import missed, queries, rules
from weiyifang.activities.models import EXCUSE_FLOW, Enrollment, Excuse, ExcuseState, Session
from weiyifang.activities.services.eligibility import PersonKept, closes_at
from weiyifang.core import clock, states
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.forgetting import write_over
from weiyifang.core.look.wording import when
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.people.models import Resident
from weiyifang.people.rules import acts_for


class MissedTooOften(PersonKept):
    """Enrolled before their moment."""

    sentence = _(
        "Dates %(name)s missed lately without giving the seat back: %(times)d. So others go first; %(name)s can enrol "
        "here from %(when)s. Is that wrong? Say so under “My page”, “Missed dates”."
    )


class GoesLater(MissedTooOften):
    """The same, to a leader who enrols a member: why is nobody's but theirs."""

    sentence = _("%(name)s can enrol here from %(when)s. Why, they read on their own page.")


class NotMissed(Refused):
    """Objected to, or decided on, what nobody missed."""

    sentence = _("No date was missed here, so there is nothing to look at.")


class ObjectedAlready(Refused):
    """A second objection."""

    sentence = _("You said so already. Somebody looks at it, or has; you see below what came of it.")


class OwnAbsence(Refused):
    """Decided on one's own."""

    sentence = _("What you missed yourself is looked at by somebody else.")


class DecidedAlready(Refused):
    """Decided as it is, or without anything to decide."""

    sentence = _("This was decided already, or nobody objected to it. Open the page again to see how it stands.")


def opens_later(session: Session) -> datetime | None:
    """From when whoever missed too many may enrol, if that is still to come; else None."""
    activity = session.activity
    rule = missed.rule()
    opened = activity.enrol_from or activity.published_at
    if not activity.places or not rule.later_hours or opened is None:
        return None
    if opened + timedelta(hours=rule.later_hours) <= clock.now():  # asks nothing more, most of the time
        return None
    moment = missed.from_moment(opened, closes_at(session) or session.starts_at, clock.today())
    return moment if moment > clock.now() else None


def late(session: Session, residents: Sequence[UUID]) -> Mapping[UUID, int]:
    """Who of these has to let others go first here, and how many dates they missed."""
    return queries.who_missed(residents, missed.rule()) if opens_later(session) is not None else {}


def check_not_late(session: Session, people: Sequence[Resident], by: Actor) -> None:
    """Raise `MissedTooOften` for the first of these who has to let others go first."""
    if reasons := too_often(session, people, by):
        raise reasons[0]


def too_often(session: Session, people: Sequence[Resident], by: Actor) -> list[MissedTooOften]:
    """What is said of those of these who have to let others go first."""
    found = late(session, [one.pk for one in people])
    moment = opens_later(session) if found else None
    is_desk = bool(found) and rules.can_enrol_others(by, session.activity)
    return [
        (MissedTooOften if is_desk or acts_for(by, one.pk) else GoesLater)(
            name=one.name, times=found[one.pk], when=when(moment)
        )
        for one in people
        if moment is not None and one.pk in found
    ]


def let_through(rows: Sequence[Enrollment], reason: str, *, by: Actor) -> None:
    """Part of enrolling at the desk: somebody wrote why these need not wait. Announces `LetThrough`."""
    for row in rows:
        announce(events.LetThrough(subject=source_of(row), reason=reason), by=by)


@transaction.atomic
def object_to_absence(*, enrollment: Enrollment, said: str, by: Actor) -> Excuse:
    """Say why a date that was missed shall not count; until somebody has looked at it, it does not.

    Raises `NotMissed`, `ObjectedAlready`. Announces `AbsenceObjected`.
    """
    require(acts_for(by, enrollment.resident_id))
    _check_missed(enrollment)
    if Excuse.objects.filter(enrollment=enrollment).exists():
        raise ObjectedAlready()
    made = Excuse(enrollment=enrollment, state=ExcuseState.ASKED, words=said)
    made.save(force_insert=True)
    announce(events.AbsenceObjected(subject=source_of(made), enrollment_id=enrollment.pk, said=made.words), by=by)
    return made


@transaction.atomic
def excuse_absence(*, enrollment: Enrollment, answer: str, by: Actor) -> Excuse:
    """It does not count, and nobody had to ask: they were ill, they did come. For those who enrol others here.

    Raises `NotMissed`, `OwnAbsence`, and `DecidedAlready` when something was said of it. Announces `AbsenceExcused`.
    """
    if _held(enrollment, by) is not None:
        raise DecidedAlready()
    found = Excuse(enrollment=enrollment, state=ExcuseState.EXCUSED, answer=answer, decided_by_id=by.account_id)
    found.save(force_insert=True)
    announce(events.AbsenceExcused(subject=source_of(found), enrollment_id=enrollment.pk, answer=found.answer), by=by)
    return found


@transaction.atomic
def decide_excuse(*, excuse: Excuse, counts: bool, answer: str, by: Actor) -> Excuse:
    """Look at what was said: it counts all the same, or it does not; what counts may be excused later, not back.

    Raises as `excuse_absence`. Announces `AbsenceUpheld` or `AbsenceExcused`.
    """
    found = _held(excuse.enrollment, by)
    to = ExcuseState.COUNTS if counts else ExcuseState.EXCUSED
    if found is None:
        raise DecidedAlready()
    versions.check(found, by)
    if to not in EXCUSE_FLOW.get(ExcuseState(found.state), frozenset()):
        raise DecidedAlready()
    states.move(found, to, flow=EXCUSE_FLOW, answer=answer, decided_by_id=by.account_id)
    fact = events.AbsenceUpheld if counts else events.AbsenceExcused
    announce(fact(subject=source_of(found), enrollment_id=found.enrollment_id, answer=found.answer), by=by)
    return found


def _held(enrollment: Enrollment, by: Actor) -> Excuse | None:
    """What was said of it, held until the transaction ends; None: nothing."""
    require(rules.can_enrol_others(by, enrollment.activity))
    if by.resident_id == enrollment.resident_id:
        raise OwnAbsence()
    _check_missed(enrollment)
    Enrollment.objects.select_for_update(no_key=True).get(pk=enrollment.pk)  # one decides after the other
    return Excuse.objects.select_for_update(no_key=True).filter(enrollment=enrollment).first()


def _check_missed(enrollment: Enrollment) -> None:
    if not queries.absences().filter(pk=enrollment.pk).exists():
        raise NotMissed()


def forget_excuses(*, resident_id: UUID, name: str, instead: str) -> None:
    """Part of forgetting a person: what was said of the dates they missed goes; where others name them, another name
    stands."""
    theirs = Excuse.objects.filter(enrollment__resident=resident_id)
    for row in theirs:
        row.words, row.answer = "", "" if row.state == ExcuseState.ASKED else instead
        row.save(update_fields=["words", "answer"])
    for column in ("words", "answer"):
        write_over(Excuse.objects.all(), column, name=name, instead=instead)
