"""Visits to one lesson of a class, on trial or to make one up; and the lessons pupils said they miss."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from weiyifang.activities import visits
from weiyifang.activities.models import (
    Activity,
    ActivityState,
    Attendance,
    Enrollment,
    EnrollmentState,
    LessonLeave,
    Mode,
    Session,
    SessionState,
)
from weiyifang.capacity import queries as capacity
from weiyifang.capacity.models import PlacePool
from weiyifang.core import clock
from weiyifang.core.tenancy import source_of


def trials_of(activity: Activity, residents: Collection[UUID]) -> Counter[UUID]:
    """How many trial lessons of this class each of these has had, or is going to have."""
    rows = Enrollment.objects.taking_a_place().filter(
        activity=activity, session__isnull=False, makes_up=None, resident__in=residents
    )
    return Counter(rows.values_list("resident_id", flat=True))


def visits_in(activity: Activity, residents: Collection[UUID]) -> list[Enrollment]:
    """What these have in single lessons of this class to come, the next first."""
    rows = Enrollment.objects.taking_a_place().filter(
        activity=activity, session__ends_at__gt=clock.now(), resident__in=residents
    )
    found = rows.select_related("activity", "session", "resident", "makes_up__activity")
    return list(found.order_by("session__starts_at", "id"))


def missed_lessons(residents: Collection[UUID]) -> QuerySet[LessonLeave]:
    """The lessons these pupils excused themselves from and did not come to, made up or not; the oldest first."""
    came = Attendance.objects.filter(
        session=OuterRef("session"), resident=OuterRef("enrollment__resident"), voids=None, voided_by=None
    )
    rows = LessonLeave.objects.filter(
        ~Exists(came),
        ended_at=None,
        enrollment__resident__in=residents,
        enrollment__state=EnrollmentState.CONFIRMED,
    ).exclude(session__state=SessionState.CANCELLED)
    return rows.order_by("session__starts_at", "id")


def to_make_up(residents: Collection[UUID], activity: Activity) -> list[LessonLeave]:
    """Those of `missed_lessons` that can still be made up in this class."""
    live = Enrollment.objects.live().filter(makes_up=OuterRef("session"), resident=OuterRef("enrollment__resident"))
    rows = missed_lessons(residents).filter(~Exists(live)).exclude(session__activity=activity)
    known = rows.filter(_like(activity, "session__activity__")).select_related(
        "session__activity", "enrollment__resident"
    )
    return [one for one in known if clock.now() < visits.made_up_until(one.session.starts_at)]


def where_to_make_up(enrollment: Enrollment) -> list[tuple[LessonLeave, Activity]]:
    """A pupil's lessons that wait to be made up, each with a class that has seats for it; of several, each."""
    classes = list(parallel_to(enrollment.activity).filter(guest_seats__gt=0)[:10])
    if not classes:
        return []
    ids = [enrollment.resident_id]
    waiting = [one for one in to_make_up(ids, classes[0]) if one.enrollment_id == enrollment.pk]
    return [(leave, one) for leave in waiting for one in classes]


def pupils_among(activity: Activity, residents: Collection[UUID]) -> set[UUID]:
    """Who of these is a pupil of this class, or waits to be."""
    rows = Enrollment.objects.live().filter(activity=activity, session=None, resident__in=residents)
    return set(rows.values_list("resident_id", flat=True))


def is_parallel(own: Activity, other: Activity) -> bool:
    """Can a lesson of one class be made up in the other?"""
    return own.is_term and other.is_term and own.pk != other.pk and parallel_to(own).filter(pk=other.pk).exists()


def parallel_to(activity: Activity) -> QuerySet[Activity]:
    """The other classes of the same kind, by the same teacher or (where nobody teaches) the same organizer."""
    shown = Activity.objects.filter(_like(activity, ""), state=ActivityState.PUBLISHED, mode=Mode.TERM)
    return shown.exclude(pk=activity.pk).order_by("number")


def _like(activity: Activity, way: str) -> Q:
    same = {"kind": activity.kind, "instructor": activity.instructor_id}
    if activity.instructor_id is None:
        same["organizer"] = activity.organizer
    return Q(**{f"{way}{name}": value for name, value in same.items()})


def lessons_to_visit(activity: Activity, most: int = 12) -> list[tuple[Session, int]]:
    """The next lessons that have not begun, each with the seats for visits that are left there."""
    rows = Session.objects.to_come().filter(activity=activity, starts_at__gt=clock.now())[:most]
    pools = {pool.owner: pool for pool in capacity.pools_of([source_of(one) for one in rows])}
    return [(one, _left(activity, pools.get(source_of(one)))) for one in rows]


def _left(activity: Activity, pool: PlacePool | None) -> int:
    return activity.guest_seats if pool is None else max(pool.places - pool.taken - pool.held, 0)


def own_class_of(session_id: UUID, resident_id: UUID) -> Activity | None:
    """The class whose lesson somebody makes up in this one; None: they do not."""
    rows = Enrollment.objects.taking_a_place().filter(session=session_id, resident=resident_id, makes_up__isnull=False)
    found = rows.select_related("makes_up__activity").first()
    return found.makes_up.activity if found is not None and found.makes_up is not None else None


def leaves_of(enrollment: Enrollment, lessons: Sequence[Session]) -> dict[UUID, LessonLeave]:
    """By lesson, what stands of a pupil's leaves."""
    rows = LessonLeave.objects.filter(enrollment=enrollment, session__in=lessons, ended_at=None)
    return {row.session_id: row for row in rows}
