"""One lesson of a class: on trial, or to make up one that a pupil of another class missed; and that they miss it.

A visit has one of the seats that the class keeps for visits at each lesson (`guest_seats`), besides those of its term,
so that neither is ever sold twice. It costs nothing until somebody comes; a lesson made up is one of the pupil's own
class, at its fee. Nobody waits for a visit: there is another lesson.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.activities import events_lessons, queries, rules, visits
from weiyifang.activities.models import (
    Activity,
    ActivityState,
    Attendance,
    Enrollment,
    EnrollmentState,
    LessonLeave,
    Session,
    SessionState,
)
from weiyifang.activities.services.eligibility import EnrollmentClosed, check_person
from weiyifang.activities.services.pools import AlreadyEnrolled
from weiyifang.activities.services.rows import confirmed, hold_classes
from weiyifang.capacity import services as capacity
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.ids import new_id
from weiyifang.core.look.wording import as_day, day, when
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import current_community_id, source_of
from weiyifang.core.web.access import require
from weiyifang.people.models import Resident


class NoTrials(Refused):
    """A trial lesson of what is no class, or of one that has none."""

    sentence = _("This class has no trial lessons. Enrol for the term, or ask whoever puts it on.")


class TriedAlready(Refused):
    """More trial lessons than the rule says."""

    sentence = _("Trial lessons of this class for %(name)s so far: %(times)d. There are no more; enrol for the term.")


class NoVisitSeat(Refused):
    """No seat for visits is left at this lesson."""

    sentence = _("No seat for visitors is left at this lesson. Choose another one.")


class NotMissedByThem(Refused):
    """Made up what is no lesson of theirs, or one they did not excuse themselves from, or came to."""

    sentence = _(
        "Only a lesson that %(name)s excused from and did not come to can be made up. Forgot to say so before? The "
        "office can note it afterwards."
    )


class NotAParallelClass(Refused):
    """Made up in a class of another kind, or of another teacher."""

    sentence = _("A lesson is made up in another class of the same kind and the same teacher.")


class TooLateToMakeUp(Refused):
    """Made up after the days the rule gives."""

    sentence = _("The lesson of %(missed)s can be made up until %(until)s. Choose an earlier lesson.")


class MadeUpAlready(Refused):
    """A second lesson for the same one missed."""

    sentence = _("The lesson of %(missed)s is made up already, or is planned to be. Give that seat back first.")


class NotTheirLesson(Refused):
    """Excused from what is no lesson of theirs, or was called off."""

    sentence = _("This is no lesson of a class of %(name)s, or it was called off.")


class LessonHasBegun(Refused):
    """Excused oneself after it began."""

    sentence = _("This lesson has begun. If something came up, call us: the office can still note it.")


class CameToIt(Refused):
    """Excused from a lesson they came to."""

    sentence = _("%(name)s came to this lesson. Was that a mistake? Then undo it on the list at the door first.")


@transaction.atomic
def take_leave(*, enrollment: Enrollment, lesson: Session, by: Actor) -> LessonLeave:
    """Say that a pupil cannot come to one lesson: before it begins, or later for those who enrol others.

    The seat stays theirs. Said twice, it is the same. Raises `NotTheirLesson`, `LessonHasBegun`, `CameToIt`.
    Announces `LeaveTaken`.
    """
    require(rules.can_enrol(by, enrollment.activity, enrollment.resident_id))
    enrollment, lesson = _held(enrollment), Session.objects.get(pk=lesson.pk)
    name = enrollment.resident.name
    is_theirs = enrollment.session_id is None and enrollment.state == EnrollmentState.CONFIRMED
    if not is_theirs or lesson.activity_id != enrollment.activity_id or lesson.state == SessionState.CANCELLED:
        raise NotTheirLesson(name=name)
    if lesson.has_begun and not rules.can_enrol_others(by, enrollment.activity):
        raise LessonHasBegun()
    if Attendance.objects.filter(session=lesson, resident=enrollment.resident_id).attendances():
        raise CameToIt(name=name)
    known = LessonLeave.objects.filter(enrollment=enrollment, session=lesson, ended_at=None).first()
    if known is not None:
        return known
    made = LessonLeave(enrollment=enrollment, session=lesson, asked_by_id=by.account_id)
    made.save(force_insert=True)
    announce(events_lessons.LeaveTaken(**_about(made)), by=by)
    return made


@transaction.atomic
def end_leave(*, leave: LessonLeave, by: Actor) -> None:
    """They come after all. Raises `MadeUpAlready` while a lesson is made up for it. Announces `LeaveEnded`."""
    require(rules.can_enrol(by, leave.enrollment.activity, leave.enrollment.resident_id))
    enrollment = _held(leave.enrollment)
    leave = LessonLeave.objects.select_related("session").get(pk=leave.pk)
    if leave.ended_at is not None:
        return
    if Enrollment.objects.live().filter(makes_up=leave.session_id, resident=enrollment.resident_id).exists():
        raise MadeUpAlready(missed=day(leave.session.starts_at))
    leave.ended_at = clock.now()
    leave.save(update_fields=["ended_at"])
    announce(events_lessons.LeaveEnded(**_about(leave)), by=by)


@transaction.atomic
def try_lesson(*, lesson: Session, resident: Resident, by: Actor) -> Enrollment:
    """A seat at one lesson of a class, to see whether one likes it.

    Raises `NoTrials`, `TriedAlready`, `NoVisitSeat`, `EnrollmentClosed`, `AlreadyEnrolled`, and what keeps this person
    out of the class. Announces `EnrollmentConfirmed`.
    """
    require(rules.can_enrol(by, lesson.activity, resident.pk))
    (activity,) = hold_classes([lesson.activity_id])
    if not activity.is_term or not activity.trials:
        raise NoTrials()
    times = queries.trials_of(activity, [resident.pk])[resident.pk]
    if times >= visits.rule_on(as_day(lesson.starts_at)).trials:
        raise TriedAlready(name=resident.name, times=times)
    return _visit(activity, lesson, resident, None, by=by)


@transaction.atomic
def make_up(*, lesson: Session, missed: Session, resident: Resident, by: Actor) -> Enrollment:
    """A seat at one lesson of a parallel class instead of `missed`, one of the pupil's own class.

    The fee, when they come, is that of their own class, which earns it. Raises `NotMissedByThem`, `NotAParallelClass`,
    `TooLateToMakeUp`, `MadeUpAlready`, and what `try_lesson` does but for trials. Announces `EnrollmentConfirmed`.
    """
    require(rules.can_enrol(by, lesson.activity, resident.pk))
    held = {one.pk: one for one in hold_classes({lesson.activity_id, missed.activity_id})}
    activity, own = held[lesson.activity_id], held[missed.activity_id]
    missed = Session.objects.select_related("activity").get(pk=missed.pk)
    if not queries.missed_lessons([resident.pk]).filter(session=missed).exists():
        raise NotMissedByThem(name=resident.name)
    if not queries.is_parallel(own, activity):
        raise NotAParallelClass()
    until = visits.made_up_until(missed.starts_at)
    if lesson.starts_at > until:
        raise TooLateToMakeUp(missed=day(missed.starts_at), until=when(until))
    if Enrollment.objects.live().filter(makes_up=missed, resident=resident).exists():
        raise MadeUpAlready(missed=day(missed.starts_at))
    return _visit(activity, lesson, resident, missed, by=by)


# --- parts ------------------------------------------------------------------------------------------------------


def _visit(activity: Activity, lesson: Session, resident: Resident, missed: Session | None, *, by: Actor) -> Enrollment:
    """Part of a visit, in classes that are held."""
    lesson = Session.objects.get(pk=lesson.pk)
    lesson.activity = activity
    if activity.state != ActivityState.PUBLISHED or lesson.state != SessionState.PLANNED or lesson.has_begun:
        raise EnrollmentClosed()
    check_person(lesson, resident)
    if Enrollment.objects.live().at_the_door(lesson).filter(resident=resident).exists():
        raise AlreadyEnrolled(name=resident.name)
    made = Enrollment(
        id=new_id(),
        community_id=current_community_id(),
        activity=activity,
        session=lesson,
        resident=resident,
        makes_up=missed,
        state=EnrollmentState.CONFIRMED,
        enrolled_by_id=by.account_id,
    )
    pool = capacity.open_pool(owner=source_of(lesson), places=activity.guest_seats, closes_at=lesson.starts_at, by=by)
    try:
        capacity.claim(pool=pool, holder=source_of(made), by=by)
    except capacity.Full as full:
        raise NoVisitSeat() from full
    made.save(force_insert=True)
    announce(confirmed(made, lesson), by=by)
    return made


def _held(enrollment: Enrollment) -> Enrollment:
    """A pupil's, with their class held."""
    hold_classes([enrollment.activity_id])
    return Enrollment.objects.select_related("activity", "resident").get(pk=enrollment.pk)


def _about(leave: LessonLeave) -> dict[str, Any]:
    return {"subject": source_of(leave), "enrollment_id": leave.enrollment_id, "session_id": leave.session_id}
