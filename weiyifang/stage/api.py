"""Shows for programs of whoever keeps them: what is wanted, said otherwise, moved, by the same rules and verbs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from weiyifang.core.columns import most
from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, require
from weiyifang.core.web.paging import After, Limit
from weiyifang.core.web.schemas import Fen, Line, Moment, Number, Paragraphs
from weiyifang.stage import rules, services
from weiyifang.stage.models import Engagement
from weiyifang.stage.services.agreeing import LONGEST_NAME

router = Router(tags=["stage"])


class ShowIn(Schema):
    """What is wanted. When it is said otherwise: all of it, but for the phone, which stays when it is left empty."""

    title: Line = Field(max_length=most(Engagement, "title"))
    customer: Line = Field(max_length=LONGEST_NAME, description="who wants it")
    phone: Number = Field("", max_length=30)
    place: Line = Field(max_length=most(Engagement, "place"))
    starts_at: Moment
    ends_at: Moment
    budget_fen: Fen | None = None
    is_purchase: bool = Field(False, description="a government purchase of services")
    note: Paragraphs = Field("", max_length=most(Engagement, "note"))


class ShowOut(Schema):
    """Without who wants it: the page shows it to those who may read it."""

    id: UUID
    number: int
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    budget_fen: int | None
    is_purchase: bool
    note: str
    state: str
    organization: str = Field(description="who plays, as a source; empty until it is agreed")
    price_fen: int
    version: str = Field(description="for If-Match, when it is said otherwise: 412 if it is not like this any more")


@router.get("", response=list[ShowOut])
def shows(request: PageRequest, after: After = 0, limit: Limit = 50) -> list[ShowOut]:
    """What one may see, by number; `after` is the last number of the page before."""
    require(rules.can_see_some(request.actor))
    rows = rules.visible_to(request.actor).filter(number__gt=after).order_by("number")
    return [_out(row) for row in rows[:limit]]


@router.post("", response={201: ShowOut})
def put_down(request: PageRequest, wanted: ShowIn) -> Status[ShowOut]:
    """Somebody wants a show."""
    said: Any = wanted.dict()
    return Status(201, _out(services.put_down(by=request.actor, **said)))


@router.get("/{number:number}", response=ShowOut)
def one_show(request: PageRequest, number: int) -> ShowOut:
    """One show."""
    return _out(_found(request, number))


@router.post("/{number:number}", response=ShowOut)
def edit(request: PageRequest, number: int, wanted: ShowIn) -> ShowOut:
    """Say it otherwise. At another time troupes answer again, and whoever is busy then leaves the line-up."""
    found = _found(request, number)
    said: Any = wanted.dict()
    said["phone"] = said["phone"] or found.phone
    return _out(services.edit(engagement=found, by=request.actor, **said))


def _found(request: PageRequest, number: int) -> Engagement:
    require(rules.can_see_some(request.actor))
    found: Engagement = get_object_or_404(rules.visible_to(request.actor), number=number)
    return found


def _out(row: Engagement) -> ShowOut:
    return ShowOut(
        id=row.pk,
        number=row.number,
        title=row.title,
        place=row.place,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        budget_fen=row.budget_fen,
        is_purchase=row.is_purchase,
        note=row.note,
        state=row.state,
        organization=row.organization,
        price_fen=row.price_fen,
        version=versions.mark(row),
    )
