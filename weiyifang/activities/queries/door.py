"""The list at the door, and today on the workbench."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from weiyifang.activities import codes
from weiyifang.activities.models import (
    Activity,
    ActivityState,
    Attendance,
    Enrollment,
    EnrollmentState,
    Session,
    SessionState,
)
from weiyifang.activities.queries.seats import Seats, seats_of
from weiyifang.core import clock
from weiyifang.people.models import Resident


@dataclass(frozen=True, kw_only=True)
class Guest:
    """One line of the list at the door: somebody enrolled, or somebody who just came."""

    resident: Resident
    enrollment: Enrollment | None
    attendance: Attendance | None

    @property
    def came(self) -> int:
        """How many of them came so far."""
        return self.attendance.people if self.attendance is not None else 0

    @property
    def ticket(self) -> str:
        """What their code says; "" for whoever just came."""
        return codes.ticket(self.enrollment) if self.enrollment is not None else ""


@dataclass(frozen=True, kw_only=True)
class Roster:
    """The list at the door: who enrolled (by name), who came besides, how many without a name, who waits."""

    guests: list[Guest]
    nameless: list[Attendance]
    waiting: list[Enrollment]

    @property
    def came(self) -> int:
        """人次 so far."""
        return sum(guest.came for guest in self.guests) + sum(row.people for row in self.nameless)

    @property
    def expected(self) -> int:
        return sum(guest.enrollment.places for guest in self.guests if guest.enrollment is not None)


def standing_attendances(session: Session) -> QuerySet[Attendance]:
    """Those that count: not voids, and not voided."""
    return Attendance.objects.filter(session=session, voids=None, voided_by=None)


def roster(session: Session) -> Roster:
    """Three queries, however long the list is."""
    there = list(standing_attendances(session).select_related("resident").order_by("happened_at", "id"))
    came = {row.resident_id: row for row in there if row.resident is not None}
    rows = list(Enrollment.objects.live().for_session(session).select_related("resident", "activity").order_by("id"))
    enrolled = [row for row in rows if row.state == EnrollmentState.CONFIRMED]
    guests = [Guest(resident=e.resident, enrollment=e, attendance=came.pop(e.resident_id, None)) for e in enrolled]
    guests.sort(key=lambda guest: guest.resident.name.encode("gb18030", "replace"))
    guests += [Guest(resident=row.resident, enrollment=None, attendance=row) for row in came.values() if row.resident]
    return Roster(
        guests=guests,
        nameless=[row for row in there if row.resident_id is None],
        waiting=[row for row in rows if row.state == EnrollmentState.WAITING],
    )


def session_at_the_door(enrollment: Enrollment) -> Session | None:
    """Which date a ticket is for now: its own, or the lesson of the term that is on today."""
    if enrollment.session is not None:
        found: Session | None = enrollment.session
    else:
        lessons = Session.objects.on(clock.today()).filter(activity=enrollment.activity_id)
        found = lessons.exclude(state=SessionState.CANCELLED).first()
    if found is not None:
        found.activity = enrollment.activity
    return found


def enrolled_ids(session: Session) -> list[UUID]:
    """The residents who have a place, in the order they enrolled."""
    rows = Enrollment.objects.taking_a_place().for_session(session).order_by("id")
    return list(rows.values_list("resident_id", flat=True))


def concerned(activity: Activity, session: Session | None = None) -> int:
    """How many people would be told if the activity, or one date of it, were called off."""
    rows = Enrollment.objects.live().filter(activity=activity)
    if session is not None:
        rows = rows.filter(session=session)
    elif not activity.is_term:
        rows = rows.filter(session__state=SessionState.PLANNED)
    return rows.count()


def came_to_planned(activity: Activity, session: Session | None = None) -> int:
    """How many people are checked in at the dates that would be called off with the activity, or at this one."""
    dates = Session.objects.filter(activity=activity, state=SessionState.PLANNED)
    if session is not None:
        dates = dates.filter(pk=session.pk)
    return Attendance.objects.filter(session__in=dates).attendances()


@dataclass(frozen=True, kw_only=True)
class Today:
    """A session of today on the workbench."""

    session: Session
    seats: Seats
    came: int


def today(activities: QuerySet[Activity], day: date | None = None) -> list[Today]:
    """The sessions of the day (today) among these activities, with how many are expected and how many came."""
    rows = Session.objects.on(day or clock.today()).filter(activity__in=activities).select_related("activity")
    sessions = list(rows.exclude(activity__state=ActivityState.DRAFT))
    seats = seats_of(sessions)
    came = dict.fromkeys((session.pk for session in sessions), 0)
    for session_id, people in Attendance.objects.filter(session__in=sessions).values_list("session_id", "people"):
        came[session_id] += people
    return [Today(session=session, seats=seats[session.pk], came=came[session.pk]) for session in sessions]
