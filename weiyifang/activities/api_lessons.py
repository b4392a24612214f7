"""Single lessons of a class, for programs: a visit on trial or to make one up, and that a pupil cannot come."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from weiyifang.activities import rules, services
from weiyifang.activities.api_parts import EnrollmentOut, actor_of, date_at, enrollment_told, resident_of_number
from weiyifang.activities.models import Enrollment, LessonLeave
from weiyifang.core.web.access import require
from weiyifang.core.web.schemas import Count

router = Router()


class VisitIn(Schema):
    resident: Count | None = Field(None, description="a resident's number; empty: oneself")
    missed_activity: Count | None = Field(None, description="the number of one's own class; empty: a trial lesson")
    missed_date: Count | None = Field(None, description="the number of the lesson missed there")


class LeaveIn(Schema):
    resident: Count | None = Field(None, description="a pupil's number; empty: oneself")


class LeaveOut(Schema):
    id: UUID
    resident: int
    activity: int
    date: int


@router.post("/{number:number}/{number:date_number}/visits", response={201: EnrollmentOut})
def visit(request: HttpRequest, number: int, date_number: int, wanted: VisitIn) -> Status[EnrollmentOut]:
    """A seat at one lesson of a class whose pupil one is not: on trial, or to make up one missed in one's own class."""
    lesson, resident = date_at(request, number, date_number), resident_of_number(request, wanted.resident)
    if wanted.missed_activity is None or wanted.missed_date is None:
        made = services.try_lesson(lesson=lesson, resident=resident, by=actor_of(request))
    else:
        missed = date_at(request, wanted.missed_activity, wanted.missed_date)
        made = services.make_up(lesson=lesson, missed=missed, resident=resident, by=actor_of(request))
    return Status(201, enrollment_told(made, resident, None))


@router.post("/{number:number}/{number:date_number}/leaves", response={201: LeaveOut})
def leave(request: HttpRequest, number: int, date_number: int, wanted: LeaveIn) -> Status[LeaveOut]:
    """A pupil cannot come to this lesson of their class; sent twice, it is the same."""
    lesson, resident = date_at(request, number, date_number), resident_of_number(request, wanted.resident)
    require(rules.can_enrol(actor_of(request), lesson.activity, resident.pk))  # before anybody learns who is a pupil
    rows = Enrollment.objects.taking_a_place().select_related("activity", "resident")
    found = get_object_or_404(rows, activity=lesson.activity, session=None, resident=resident)
    made = services.take_leave(enrollment=found, lesson=lesson, by=actor_of(request))
    return Status(201, LeaveOut(id=made.pk, resident=resident.number, activity=number, date=date_number))


@router.delete("/leaves/{uuid:pk}", response={204: None})
def end_leave(request: HttpRequest, pk: UUID) -> Status[None]:
    """They come after all."""
    rows = LessonLeave.objects.select_related("enrollment__activity", "enrollment__resident")
    services.end_leave(leave=get_object_or_404(rows, pk=pk), by=actor_of(request))
    return Status(204, None)
