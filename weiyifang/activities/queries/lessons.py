"""Classes by term: what one pupil attended and paid, and what was taught to all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from weiyifang.activities.models import Activity, Attendance, Enrollment, Session, SessionState
from weiyifang.core import clock


def _given(activity: Activity) -> QuerySet[Session]:
    """The lessons that have begun and were not called off, in order."""
    begun = Session.objects.filter(activity=activity, starts_at__lte=clock.now())
    return begun.exclude(state=SessionState.CANCELLED).order_by("starts_at", "id")


def _sum(rows: QuerySet[Attendance], column: str) -> Coalesce:
    of_lesson = rows.filter(session=OuterRef("pk")).order_by().values("session").annotate(sum=Sum(column))
    return Coalesce(Subquery(of_lesson.values("sum")), Value(0), output_field=IntegerField())


def _with_sums(activity: Activity, came: QuerySet[Attendance]) -> QuerySet[Any]:
    return _given(activity).annotate(people=_sum(came, "people"), fee_fen=_sum(came, "fee_fen"))


def _standing(activity: Activity) -> QuerySet[Attendance]:
    return Attendance.objects.filter(session__activity=activity, voids=None, voided_by=None)


def lessons_of(enrollment: Enrollment) -> QuerySet[Any]:
    """The lessons given since somebody enrolled, each with their `people` (0: did not come) and `fee_fen`."""
    came = _standing(enrollment.activity).filter(resident=enrollment.resident_id)
    return _with_sums(enrollment.activity, came).filter(ends_at__gt=enrollment.enrolled_at)


def lessons_of_all(activity: Activity) -> QuerySet[Any]:
    """The lessons given, each with the `people` who came (人次) and the `fee_fen` they cost together."""
    return _with_sums(activity, _standing(activity))


@dataclass(frozen=True, kw_only=True)
class Attended:
    """Of `given` lessons a pupil attended so many, from the first to the last of these; what they cost together."""

    given: int
    attended: int
    fee_fen: int
    first: datetime | None = None
    last: datetime | None = None


def attended_by(enrollment: Enrollment) -> Attended:
    """What a pupil's card and certificate say, as it is noted now."""
    lessons = list(lessons_of(enrollment).values_list("starts_at", "people", "fee_fen"))
    there = [starts_at for starts_at, people, _fee in lessons if people]
    return Attended(
        given=len(lessons),
        attended=len(there),
        fee_fen=sum(fee for _starts_at, _people, fee in lessons),
        first=there[0] if there else None,
        last=there[-1] if there else None,
    )


def taught(activity: Activity) -> tuple[int, int, int]:
    """Lessons given, attendances (人次), fen together."""
    lessons = lessons_of_all(activity).values_list("people", "fee_fen")
    return len(lessons), sum(people for people, _fee in lessons), sum(fee for _people, fee in lessons)
