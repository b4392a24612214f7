"""What the API of this package needs in each of its rooms: who asks, about which date, for whom; an enrolment told."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Schema

from weiyifang.activities import queries, rules
from weiyifang.activities.models import Enrollment, Session
from weiyifang.core.actors import Actor
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.web.access import PageRequest
from weiyifang.people import queries as register
from weiyifang.people.actors import resident_of
from weiyifang.people.models import Account, Resident


class EnrollmentOut(Schema):
    id: UUID
    resident: int
    name: str
    places: int
    state: str
    code: str
    answers: dict[str, str]
    visit: str = Field("", description="what a visit to one lesson of a class is, in words; empty: no visit")
    rank: int | None = None
    ticket: int | None = Field(None, description="on the list that is drawn, or served, when enrolment closes")
    together: UUID | None = Field(None, description="the same of all who came as a group")


def actor_of(request: HttpRequest) -> Actor:
    return cast("PageRequest", request).actor


def date_at(request: HttpRequest, number: int, date_number: int) -> Session:
    found = queries.date_by_number(number, date_number)
    if found is None or not rules.can_see(actor_of(request), found.activity):
        raise Http404
    return found


def resident_of_number(request: HttpRequest, number: int | None) -> Resident:
    """Of this number; without one, whoever asks."""
    if number is not None:
        return get_object_or_404(register.living_here([number]))
    found = resident_of(request.user) if isinstance(request.user, Account) else None
    if found is None:
        raise NotAllowed()
    return found


def enrollment_told(enrollment: Enrollment, resident: Resident, rank: int | None) -> EnrollmentOut:
    return EnrollmentOut.model_construct(
        id=enrollment.pk,
        resident=resident.number,
        name=resident.name,
        places=enrollment.places,
        state=enrollment.state,
        code=enrollment.code,
        answers=enrollment.answers,
        visit=enrollment.visit_words,
        rank=rank,
        ticket=enrollment.ticket,
        together=enrollment.together,
    )
