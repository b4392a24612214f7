"""The numbers others ask for. 人次 and 人数 are two of them and never mixed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from weiyifang.activities.models import (
    Activity,
    Attendance,
    AttendanceQuerySet,
    Audience,
    Enrollment,
    Session,
    SessionState,
)
from weiyifang.core import clock


def attended(since: date | None = None, until: date | None = None) -> AttendanceQuerySet:
    """What was noted of sessions that began between two days, both included."""
    rows: AttendanceQuerySet = Attendance.objects.all()
    if since is not None:
        rows = rows.filter(session__starts_at__gte=clock.day_bounds(since)[0])
    if until is not None:
        rows = rows.filter(session__starts_at__lt=clock.day_bounds(until)[1])
    return rows


def attendances(since: date | None = None, until: date | None = None) -> int:
    """人次: how often somebody came. One person who came ten times counts ten."""
    return attended(since, until).attendances()


def people_served(since: date | None = None, until: date | None = None) -> int:
    """人数: how many different residents came. One person who came ten times counts once."""
    return attended(since, until).people_served()


def held_between(since: date, until: date) -> int:
    """How many dates took place between two days, both included: begun, shown to all, not called off."""
    rows = Session.objects.shown().exclude(state=SessionState.CANCELLED)
    first, after = clock.day_bounds(since)[0], clock.day_bounds(until)[1]
    return rows.filter(starts_at__gte=first, starts_at__lt=min(after, clock.now())).count()


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How far what was put on for one audience went."""

    audience: Audience
    activities: int
    attendances: int
    people_served: int


def reach_by_audience(since: date | None = None, until: date | None = None) -> list[Reach]:
    found = []
    for audience in Audience:
        rows = attended(since, until).filter(session__activity__audience=audience)
        found.append(
            Reach(
                audience=audience,
                activities=rows.values("session__activity_id").distinct().count(),
                attendances=rows.attendances(),
                people_served=rows.people_served(),
            )
        )
    return found


@dataclass(frozen=True, kw_only=True)
class TermFigures:
    """A term so far: pupils, lessons attended that cost something (by head), and what they cost in all."""

    pupils: int
    lessons: int
    fees_fen: int


def term_figures(activity: Activity) -> TermFigures:
    pupils = Enrollment.objects.taking_a_place().filter(activity=activity, session=None).count()
    paid = list(Attendance.objects.filter(session__activity=activity, fee_fen__gt=0).values_list("people", "fee_fen"))
    return TermFigures(
        pupils=pupils,
        lessons=sum(people for people, _fee in paid),
        fees_fen=sum(fee if people > 0 else -fee for people, fee in paid),
    )
