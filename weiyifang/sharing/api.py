"""The same rules and verbs for programs. Lists come in pages: `limit`, and `after`, the last row one has."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from weiyifang.core import clock
from weiyifang.core.columns import most
from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, require
from weiyifang.core.web.paging import After, Limit
from weiyifang.core.web.schemas import Count, Line, Moment, Whole
from weiyifang.files.schemas import PictureOut, pictures_of
from weiyifang.people import queries as people
from weiyifang.people.roles import Permission
from weiyifang.sharing import api_rounds, queries, rules, services
from weiyifang.sharing.models import Booking, BookingState, Handover, Resource

router = Router(tags=["sharing"])
router.add_router("", api_rounds.router)
Reason = Annotated[Line, Field(max_length=most(Booking, "reason"))]
LONGEST_LOOK = timedelta(days=62)


class ThingOut(Schema):
    """`pieces` over 1: a stock, of which people take as many as they need."""

    id: UUID
    number: int
    name: str
    kind: str
    place: str
    seats: int
    pieces: int
    part_of: int | None = Field(description="the number of the room it is a part of")
    weekdays: str = Field(description="1 is Monday")
    opens: str
    closes: str
    borrowers: str
    needs_approval: bool
    pictures: list[PictureOut]


class TakenOut(Schema):
    starts_at: datetime
    ends_at: datetime
    who: str = Field(description="an organization; empty: a resident or an activity")
    pieces: int
    reason: str = Field(description="it is closed: why")


class BookingIn(Schema):
    starts_at: Moment
    ends_at: Moment
    purpose: Line = Field("", max_length=most(Booking, "purpose"))
    pieces: Count = 1
    organization: Line = Field("", max_length=120, description="its source; empty: for oneself")


class MoveIn(Schema):
    """When it is to be instead; `thing`: what instead."""

    starts_at: Moment
    ends_at: Moment
    thing: Whole | None = Field(None, description="the number of another thing; empty: the same")
    pieces: Count | None = Field(None, description="empty: as many as before")
    scope: Literal["this", "following", "all"] = "this"


class BookingOut(Schema):
    id: UUID
    thing: int
    organization: str
    starts_at: datetime
    ends_at: datetime
    pieces: int
    purpose: str
    state: str
    version: str = Field(description="for If-Match, when it is given up: 412 if it is not like this any more")


class HandoverIn(Schema):
    """How a thing goes out; of a stock how many pieces of it."""

    pieces: Count = 1
    condition: Literal["good", "worn", "broken"] = "good"
    note: Line = Field("", max_length=most(Handover, "note"))


class ReturnIn(Schema):
    """How it came back: what came and what is `missing` make up what went out."""

    pieces: Whole = Field(1, ge=0)
    missing: Whole = Field(0, ge=0)
    condition: Literal["good", "worn", "broken"] = "good"
    note: Line = Field("", max_length=most(Handover, "note"))


class HandoverOut(Schema):
    id: UUID
    booking: UUID
    is_back: bool
    pieces: int
    missing: int
    condition: str
    note: str
    at: datetime
    state: str = Field(description="of the booking now")


@router.get("", response=list[ThingOut])
def listing(request: PageRequest, q: str = "", kind: str = "", after: After = 0, limit: Limit = 50) -> list[ThingOut]:
    """Public: what is lent, by number; `after` is the last number of the page before."""
    rows = queries.listed(q[:40], kind).filter(number__gt=after).order_by("number").select_related("whole")
    return [_thing(request, row) for row in rows[:limit]]


@router.get("bookings", response=list[BookingOut])
def my_bookings(request: PageRequest, after: UUID | None = None, limit: Limit = 50) -> list[BookingOut]:
    """What is to come, one's own and one's organizations', the next first; `after` is the last of the page before."""
    require(rules.books_somewhere(request.actor))
    rows = rules.held_by(request.actor).select_related("resource") & Booking.objects.to_come().select_related(
        "resource"
    )
    if after is not None:
        last = get_object_or_404(rows, pk=after)
        rows = rows.filter(Q(starts_at__gt=last.starts_at) | Q(starts_at=last.starts_at, pk__gt=last.pk))
    return [_booking(row) for row in rows[:limit]]


@router.delete("bookings/{uuid:pk}", response={204: None})
def cancel(request: PageRequest, pk: UUID, reason: Reason = "") -> Status[None]:
    """Give one up; or, as whoever lends it, take it back, and say why."""
    require(rules.books_somewhere(request.actor))
    found = get_object_or_404(Booking.objects.select_related("resource"), pk=pk)
    if not rules.can_see(request.actor, found):
        raise Http404
    services.cancel(booking=found, reason=reason, by=request.actor)
    return Status(204, None)


@router.post("bookings/{uuid:pk}/time", response=list[BookingOut])
def move(request: PageRequest, pk: UUID, to: MoveIn) -> list[BookingOut]:
    """Have it at another time, or another thing instead: all dates that are meant, or none. 409 says what is free."""
    require(rules.books_somewhere(request.actor))
    found = get_object_or_404(Booking.objects.select_related("resource"), pk=pk)
    if not rules.can_see(request.actor, found):
        raise Http404
    moved = services.move(
        booking=found,
        starts_at=to.starts_at,
        ends_at=to.ends_at,
        pieces=found.pieces if to.pieces is None else to.pieces,
        resource=None if to.thing is None else _resource(to.thing),
        scope=to.scope,
        by=request.actor,
    )
    return [_booking(row) for row in moved]


@router.get("lending", response=list[BookingOut])
def lending(request: PageRequest, limit: Limit = 50) -> list[BookingOut]:
    """For whoever lends: what is out and should be back first, then what can go out today. Each with its version."""
    require(request.actor.may_somewhere(Permission.KEEP_THINGS))
    mine = rules.keepable_by(request.actor)
    out = Booking.objects.out().filter(resource__in=mine).select_related("resource")[:limit]
    rows = [*out, *queries.going_out().filter(resource__in=mine)[:limit]]
    return [_booking(row) for row in rows[:limit]]


@router.post("bookings/{uuid:pk}/handover", response={201: HandoverOut})
def hand_over(request: PageRequest, pk: UUID, how: HandoverIn) -> Status[HandoverOut]:
    """It goes out: on its day, once, and no more of it than was booked."""
    booking = _lent(request, pk)
    made = services.hand_over(booking=booking, by=request.actor, **how.dict())
    return Status(201, _handover(made, BookingState.OUT))


@router.post("bookings/{uuid:pk}/return", response={201: HandoverOut})
def take_back(request: PageRequest, pk: UUID, how: ReturnIn) -> Status[HandoverOut]:
    """It is back. What is missing is not lent until it is found."""
    booking = _lent(request, pk)
    made = services.take_back(booking=booking, by=request.actor, **how.dict())
    return Status(201, _handover(made, BookingState.BACK))


@router.get("{number:number}", response=ThingOut)
def detail(request: PageRequest, number: int) -> ThingOut:
    """Public: one thing."""
    return _thing(request, _resource(number))


@router.get("{number:number}/taken", response=list[TakenOut])
def taken(request: PageRequest, number: int, since: Moment | None = None) -> list[queries.Taken]:
    """Public: what stands in its calendar in the 62 days from `since` (else from now), in order of time."""
    start = since or clock.now()
    return queries.taken(_resource(number), start, start + LONGEST_LOOK)


@router.post("{number:number}/bookings", response={201: BookingOut})
def book(request: PageRequest, number: int, wanted: BookingIn) -> Status[BookingOut]:
    """Have it, at once or as soon as somebody says yes (`state`). 409 says what is free instead."""
    me = people.resident(request.actor.resident_id)
    made = services.book(
        resource=_resource(number),
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        purpose=wanted.purpose,
        pieces=wanted.pieces,
        organization=wanted.organization,
        resident=me,
        by=request.actor,
    )
    return Status(201, _booking(made))


def _lent(request: PageRequest, pk: UUID) -> Booking:
    """A booking of something the actor lends."""
    found = get_object_or_404(Booking.objects.select_related("resource"), pk=pk)
    require(rules.can_keep(request.actor, found.resource))
    return found


def _handover(row: Handover, state: str) -> HandoverOut:
    return HandoverOut(
        id=row.pk,
        booking=row.booking_id,
        is_back=row.is_back,
        pieces=row.pieces,
        missing=row.missing,
        condition=row.condition,
        note=row.note,
        at=row.at,
        state=state,
    )


def _resource(number: int) -> Resource:
    return get_object_or_404(Resource.objects.select_related("whole"), number=number)


def _thing(request: PageRequest, row: Resource) -> ThingOut:
    return ThingOut(
        id=row.pk,
        number=row.number,
        name=row.name,
        kind=row.kind,
        place=row.place,
        seats=row.seats,
        pieces=row.pieces,
        part_of=row.whole.number if row.whole else None,
        weekdays=row.weekdays,
        opens=f"{row.opens:%H:%M}",
        closes=f"{row.closes:%H:%M}",
        borrowers=row.borrowers,
        needs_approval=row.needs_approval,
        pictures=pictures_of(request, row.pictures),
    )


def _booking(row: Booking) -> BookingOut:
    return BookingOut(
        id=row.pk,
        thing=row.resource.number,
        organization=row.organization,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        pieces=row.pieces,
        purpose=row.purpose,
        state=row.state,
        version=versions.mark(row),
    )
