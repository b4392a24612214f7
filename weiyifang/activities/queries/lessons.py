"""Classes by term: what one pupil attended and paid, and what was taught to all.

A lesson made up in another class is one of the pupil's own class: it is counted there, and its fee with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, IntegerField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from weiyifang.activities.models import (
    Activity,
    Attendance,
    Enrollment,
    LessonLeave,
    Session,
    SessionState,
    TeacherPart,
)
from weiyifang.core import clock


def _given(activity: Activity) -> QuerySet[Session]:
    """The lessons that have begun and were not called off, in order."""
    begun = Session.objects.filter(activity=activity, starts_at__lte=clock.now())
    return begun.exclude(state=SessionState.CANCELLED).order_by("starts_at", "id")


def _sum(rows: QuerySet[Any], column: str, by: str = "session") -> Coalesce:
    of_lesson = rows.filter(**{by: OuterRef("pk")}).order_by().values(by).annotate(sum=Sum(column))
    return Coalesce(Subquery(of_lesson.values("sum")), Value(0), output_field=IntegerField())


def _with_sums(activity: Activity, came: QuerySet[Attendance]) -> QuerySet[Any]:
    return _given(activity).annotate(people=_sum(came, "people"), fee_fen=_sum(came, "fee_fen"))


def _standing() -> QuerySet[Attendance]:
    return Attendance.objects.filter(voids=None, voided_by=None)


def _begun(rows: QuerySet[Any], way: str = "session") -> QuerySet[Any]:
    """Those of lessons that have begun: whoever was let in before is in the statement from then on."""
    return rows.filter(**{f"{way}__starts_at__lte": clock.now()})


def _making_up() -> QuerySet[Enrollment]:
    """The visit that makes somebody's attendance of a lesson one of another class."""
    visits = Enrollment.objects.taking_a_place().filter(session=OuterRef("session"), resident=OuterRef("resident"))
    return visits.filter(makes_up__isnull=False)


def _made_up(activity: Activity) -> QuerySet[Attendance]:
    """Who came elsewhere instead of to a lesson of this class; `missed` is that lesson."""
    visits = Enrollment.objects.taking_a_place().filter(makes_up__activity=activity)
    missed = Subquery(_making_up().filter(makes_up__activity=activity).values("makes_up"))
    came = _standing().filter(session__in=visits.values("session"), resident__isnull=False)
    return came.annotate(missed=missed).filter(missed__isnull=False)


def _here(activity: Activity) -> QuerySet[Attendance]:
    """Who came to lessons of this class, but for those who made one of another class up."""
    return _standing().filter(~Exists(_making_up()), session__activity=activity)


def lessons_of(enrollment: Enrollment) -> QuerySet[Any]:
    """The lessons given since somebody enrolled, each with their `people` (0: did not come) and `fee_fen`.

    `made_up_at`: when the lesson that makes it up is, or was; `made_up`, `made_up_fen`: as `people`, `fee_fen` there;
    `cost`: both. `on_leave`: they had said that they cannot come.
    """
    own = enrollment.resident_id
    visits = Enrollment.objects.taking_a_place().filter(makes_up=OuterRef("pk"), resident=own)
    leaves = LessonLeave.objects.filter(enrollment=enrollment, session=OuterRef("pk"), ended_at=None)
    elsewhere = _made_up(enrollment.activity).filter(resident=own)
    rows = (
        _with_sums(enrollment.activity, _here(enrollment.activity).filter(resident=own))
        .annotate(
            made_up_at=Subquery(visits.values("session__starts_at")[:1]),
            made_up=_sum(elsewhere, "people", "missed"),
            made_up_fen=_sum(elsewhere, "fee_fen", "missed"),
            on_leave=Exists(leaves),
        )
        .annotate(cost=F("fee_fen") + F("made_up_fen"))
    )
    since: QuerySet[Any] = rows.filter(ends_at__gt=enrollment.enrolled_at)
    return since


def lessons_of_all(activity: Activity) -> QuerySet[Any]:
    """The lessons given, each with the `people` who came (人次) and the `fee_fen` they cost together.

    `teacher_fen`, `fund_fen`: whose these are. Who made up a lesson of another class there is in none of them;
    `visitors` says how many they were.
    """
    guests = _standing().filter(Exists(_making_up()), session__activity=activity)
    parts = TeacherPart.objects.standing().filter(activity=activity)
    rows: QuerySet[Any] = _with_sums(activity, _here(activity)).annotate(
        visitors=_sum(guests, "people"), teacher_fen=_sum(parts, "amount_fen", "attendance__session")
    )
    shared: QuerySet[Any] = rows.annotate(fund_fen=F("fee_fen") - F("teacher_fen"))
    return shared


def paid_lessons(activity: Activity) -> tuple[int, int]:
    """Lessons attended that cost something, by head, and what they cost together, in fen."""
    sums = [
        rows.filter(fee_fen__gt=0).aggregate(people=Sum("people"), fen=Sum("fee_fen"))
        for rows in (_here(activity), _made_up(activity))
    ]
    return sum(one["people"] or 0 for one in sums), sum(one["fen"] or 0 for one in sums)


@dataclass(frozen=True, kw_only=True)
class Attended:
    """Of `given` lessons a pupil attended so many, `made_up` of them in another class, from the first to the last of
    these; what they cost together."""

    given: int
    attended: int
    fee_fen: int
    made_up: int = 0
    first: datetime | None = None
    last: datetime | None = None


def attended_by(enrollment: Enrollment) -> Attended:
    """What a pupil's card and certificate say, as it is noted now."""
    names = ("starts_at", "people", "fee_fen", "made_up_at", "made_up", "made_up_fen")
    lessons = list(lessons_of(enrollment).values_list(*names))
    there = [at for at, people, *_rest in lessons if people]
    elsewhere = [at for _at, people, _fee, at, made_up, _fen in lessons if made_up and not people]
    days = sorted([*there, *elsewhere])
    return Attended(
        given=len(lessons),
        attended=len(days),
        fee_fen=sum(fee + fen for _at, _people, fee, _made_up_at, _made_up, fen in lessons),
        made_up=len(elsewhere),
        first=days[0] if days else None,
        last=days[-1] if days else None,
    )


@dataclass(frozen=True, kw_only=True)
class Taught:
    """Lessons given, how many `pupils` attended (人数) and how often (人次), with those `made_up` elsewhere; what it
    cost together, and what of that is whose: `teachers`, by name, and the fund.
    """

    given: int
    pupils: int
    people: int
    fee_fen: int
    made_up: int
    made_up_fen: int
    teachers: Sequence[tuple[str, int]]

    @property
    def teacher_fen(self) -> int:
        """The teachers' parts together."""
        return sum(fen for _name, fen in self.teachers)

    @property
    def fund_fen(self) -> int:
        """What is given to the fund."""
        return self.fee_fen - self.teacher_fen


def taught(activity: Activity) -> Taught:
    """What a class adds up to."""
    lessons = lessons_of_all(activity).values_list("people", "fee_fen")
    elsewhere = _begun(_made_up(activity)).aggregate(people=Sum("people"), fen=Sum("fee_fen"))
    made_up, made_up_fen = elsewhere["people"] or 0, elsewhere["fen"] or 0
    pupils = set(_begun(_here(activity)).exclude(resident=None).values_list("resident_id", flat=True))
    pupils |= set(_begun(_made_up(activity)).values_list("resident_id", flat=True))
    begun = _begun(TeacherPart.objects.standing().filter(activity=activity), "attendance__session")
    parts = begun.values_list("teacher__name")
    return Taught(
        teachers=list(parts.annotate(sum=Sum("amount_fen")).order_by("teacher__number")),
        given=len(lessons),
        pupils=len(pupils),
        people=sum(people for people, _fee in lessons) + made_up,
        fee_fen=sum(fee for _people, fee in lessons) + made_up_fen,
        made_up=made_up,
        made_up_fen=made_up_fen,
    )
