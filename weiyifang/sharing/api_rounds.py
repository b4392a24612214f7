"""The slots of a season for programs: what one can apply for, applying, and the result; the same rules and verbs."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Field, Router, Schema, Status

from weiyifang.core.columns import most
from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, require
from weiyifang.core.web.paging import After, Limit
from weiyifang.core.web.schemas import Count, Line
from weiyifang.people.roles import Permission
from weiyifang.sharing import rules, season, services, slots
from weiyifang.sharing.models import MOST_WISHES, Application, Resource, Round, Slot, Wish

router = Router()
Clock = Annotated[Line, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="such as 14:00")]


class RoundOut(Schema):
    """A season. `commitment` is the SHA-256 of the seed; `seed` is empty until the slots are shared out."""

    number: int
    title: str
    about: str
    first_day: date
    last_day: date
    closes_at: datetime = Field(description="organizations apply until then")
    state: str
    things: list[int] = Field(description="the numbers of what is shared out")
    commitment: str
    seed: str
    file: str | None = Field(description="the address of all that went in and came out, once it is shared out")
    reason: str = Field(description="why it was called off")
    version: str


class WishIn(Schema):
    """A weekly slot of one thing, or of any of a kind."""

    thing: Count | None = Field(None, description="the number of a thing of the round; empty: any of the kind")
    kind: Literal["", "room", "instrument"] = ""
    weekday: Count = Field(le=7, description="1 is Monday")
    begins: Clock
    ends: Clock


class ApplicationIn(Schema):
    organization: Line = Field(max_length=120, description="its source")
    purpose: Line = Field(max_length=most(Application, "purpose"))
    slots: Count = Field(1, description="how many a week it would use; a first for everybody before anybody's second")
    wishes: list[WishIn] = Field(min_length=1, max_length=MOST_WISHES, description="the first wish first")


class WishOut(Schema):
    rank: int
    thing: int | None
    kind: str
    weekday: int
    begins: str
    ends: str


class ApplicationOut(Schema):
    """What an organization wishes for. `ticket`: its number in the draw."""

    id: UUID
    round: int
    organization: str
    ticket: int
    purpose: str
    slots: int
    wishes: list[WishOut]
    version: str = Field(description="for If-Match, when it is changed or withdrawn")


class SlotOut(Schema):
    """A weekly slot as it was given. With an `objection` it is not booked; `dates`: how many were booked."""

    id: UUID
    rank: int = Field(description="which of its wishes it fulfils")
    thing: int
    weekday: int
    begins: str
    ends: str
    objection: str
    dates: int
    version: str = Field(description="for If-Match, when something is objected to it or no longer")


class ResultOut(Schema):
    """What one organization got, in the order drawn."""

    place: int
    ticket: int
    organization: str
    slots: list[SlotOut]


class ObjectionIn(Schema):
    reason: Line = Field(max_length=most(Slot, "objection"), description="everybody reads it")


@router.get("rounds", response=list[RoundOut])
def rounds(request: PageRequest, after: After = 0, limit: Limit = 50) -> list[RoundOut]:
    """Public: the seasons, the newest first; `after` is the last number of the page before."""
    rows = season.listed().prefetch_related("things__resource")
    return [_round(request, row) for row in (rows.filter(number__lt=after) if after else rows)[:limit]]


@router.get("rounds/{number:number}", response=RoundOut)
def one(request: PageRequest, number: int) -> RoundOut:
    """Public: one season."""
    return _round(request, _found(number))


@router.get("rounds/{number:number}/results", response=list[ResultOut])
def results(request: PageRequest, number: int, after: After = 0, limit: Limit = 50) -> list[ResultOut]:
    """Public: who got what, in the order drawn; `after` is the last place of the page before. Empty until then."""
    rows = [one for one in season.outcomes(_found(number)) if one.place > after]
    return [
        ResultOut(
            place=row.place,
            ticket=row.application.ticket,
            organization=row.application.organization,
            slots=[_slot(slot, dates) for slot, dates in row.given],
        )
        for row in rows[:limit]
    ]


@router.get("rounds/{number:number}/applications", response=list[ApplicationOut])
def applications(request: PageRequest, number: int, after: After = 0, limit: Limit = 50) -> list[ApplicationOut]:
    """What one's own organizations wish for, by ticket; `after` is the last ticket of the page before."""
    require(request.actor.may_somewhere(Permission.BOOK_THINGS))
    scopes = request.actor.scopes(Permission.BOOK_THINGS)
    rows = Application.objects.standing().filter(round=_found(number), ticket__gt=after)
    if scopes is not None:
        rows = rows.filter(organization__in=scopes)
    return [_application(row) for row in rows.select_related("round").prefetch_related("wishes__resource")[:limit]]


@router.post("rounds/{number:number}/applications", response={201: ApplicationOut})
def apply(request: PageRequest, number: int, typed: ApplicationIn) -> Status[ApplicationOut]:
    """Wish for slots; once more: change what was wished, with its version. 409 once applications are closed."""
    require(request.actor.may_somewhere(Permission.BOOK_THINGS))
    found = _found(number)
    things = {one.number: one for one in season.things_of(found)}
    made = services.apply(
        round_=found,
        organization=typed.organization,
        purpose=typed.purpose,
        slots_wanted=typed.slots,
        wishes=[_wished(rank, wish, things) for rank, wish in enumerate(typed.wishes, start=1)],
        by=request.actor,
    )
    rows = Application.objects.select_related("round").prefetch_related("wishes__resource")
    return Status(201, _application(rows.get(pk=made.pk)))


@router.delete("rounds/applications/{uuid:pk}", response={204: None})
def withdraw(request: PageRequest, pk: UUID) -> Status[None]:
    """Want no slots after all, until applications close."""
    require(request.actor.may_somewhere(Permission.BOOK_THINGS))
    found = get_object_or_404(Application.objects.select_related("round"), pk=pk)
    if not rules.can_book_for(request.actor, found.organization):
        raise Http404
    services.withdraw(application=found, by=request.actor)
    return Status(204, None)


@router.post("rounds/slots/{uuid:pk}/objection", response=SlotOut)
def object_to(request: PageRequest, pk: UUID, said: ObjectionIn) -> SlotOut:
    """For whoever shares out: note why a slot is not to be booked. Nobody else gets it by that."""
    require(rules.can_share_out(request.actor))
    services.object_to(slot=_given(pk), reason=said.reason, by=request.actor)
    return _slot(_given(pk), 0)


@router.delete("rounds/slots/{uuid:pk}/objection", response={204: None})
def let_stand(request: PageRequest, pk: UUID) -> Status[None]:
    """The objection is settled: it is booked with the others."""
    require(rules.can_share_out(request.actor))
    services.let_stand(slot=_given(pk), by=request.actor)
    return Status(204, None)


def _found(number: int) -> Round:
    return get_object_or_404(Round.objects.prefetch_related("things__resource"), number=number)


def _given(pk: UUID) -> Slot:
    return get_object_or_404(Slot.objects.select_related("round", "application", "resource"), pk=pk)


def _wished(rank: int, wish: WishIn, things: dict[int, Resource]) -> services.Wished:
    """What the verb takes. Raises `NotOpenThen` for a number that is not shared out."""
    if wish.thing and wish.thing not in things:
        raise services.NotOpenThen(rank=rank, what=str(wish.thing))
    return services.Wished(
        resource=things.get(wish.thing) if wish.thing else None,
        kind="" if wish.thing else wish.kind,
        weekday=wish.weekday,
        begins=time.fromisoformat(wish.begins),
        ends=time.fromisoformat(wish.ends),
    )


def _round(request: PageRequest, row: Round) -> RoundOut:
    address = reverse("sharing:round_file", args=[row.number])
    return RoundOut(
        number=row.number,
        title=row.title,
        about=row.about,
        first_day=row.first_day,
        last_day=row.last_day,
        closes_at=row.closes_at,
        state=row.state,
        things=sorted(one.resource.number for one in row.things.all()),
        commitment=row.commitment,
        seed=slots.read(row.sheet).seed if row.sheet else "",
        file=request.build_absolute_uri(address) if row.sheet else None,
        reason=row.reason,
        version=versions.mark(row),
    )


def _application(row: Application) -> ApplicationOut:
    return ApplicationOut(
        id=row.pk,
        round=row.round.number,
        organization=row.organization,
        ticket=row.ticket,
        purpose=row.purpose,
        slots=row.slots,
        wishes=[_wish(one) for one in sorted(row.wishes.all(), key=lambda one: one.rank)],
        version=versions.mark(row),
    )


def _wish(row: Wish) -> WishOut:
    return WishOut(
        rank=row.rank,
        thing=row.resource.number if row.resource else None,
        kind=row.kind,
        weekday=row.weekday,
        begins=f"{row.begins:%H:%M}",
        ends=f"{row.ends:%H:%M}",
    )


def _slot(row: Slot, dates: int) -> SlotOut:
    return SlotOut(
        id=row.pk,
        rank=row.rank,
        thing=row.resource.number,
        weekday=row.weekday,
        begins=f"{row.begins:%H:%M}",
        ends=f"{row.ends:%H:%M}",
        objection=row.objection,
        dates=dates,
        version=versions.mark(row),
    )
