"""Talents for programs of members: who is on the list; asking, answering and thanking by the same rules and verbs."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from weiyifang.core.columns import most
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, member, require
from weiyifang.core.web.paging import After, Limit
from weiyifang.core.web.schemas import Line, Moment, Paragraphs
from weiyifang.people import queries as people
from weiyifang.talents import queries, rules, services
from weiyifang.talents.models import Talent, TalentRequest, Thanks

router = Router(tags=["talents"])


class TalentOut(Schema):
    """`topics` are codes."""

    id: UUID
    source: str
    number: int
    name: str
    what: str
    words: str
    topics: list[str]
    takes_requests: bool
    since: date


class RequestIn(Schema):
    """What is asked for. Without times they are agreed later; with one of them, the other is needed."""

    what: Paragraphs = Field(max_length=most(TalentRequest, "what"))
    place: Line = Field("", max_length=most(TalentRequest, "place"))
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    organization: Line = Field("", max_length=120, description="its source; empty: for oneself")
    for_committee: bool = Field(False, description="for the committee, by whoever keeps the list")
    gives_phone: bool = Field(False, description="the talent may see the phone of whoever asks, once they said yes")


class YesIn(Schema):
    answer: Paragraphs = Field("", max_length=most(TalentRequest, "answer"))
    gives_phone: bool = Field(False, description="whoever asked may see the talent's phone")


class NoIn(Schema):
    answer: Paragraphs = Field(max_length=most(TalentRequest, "answer"), description="why, in a word; they read it")


class ThanksIn(Schema):
    words: Paragraphs = Field(max_length=most(Thanks, "words"))
    is_named: bool = Field(False, description="the name of a resident who asked for themselves may stand under it")


class RequestOut(Schema):
    """No phones: the page of the request shows them, to the two and as long as they said."""

    id: UUID
    talent: int = Field(description="number on the list")
    talent_name: str
    asker: str = Field(description="an organization, a resident, or the committee")
    what: str
    place: str
    starts_at: datetime | None
    ends_at: datetime | None
    state: str
    answer: str
    lapses_at: datetime = Field(description="while it waits: can be answered until then")
    version: str = Field(description="for If-Match, when it is answered or taken back: 412 if it is otherwise by now")


class ThanksOut(Schema):
    id: UUID
    request: UUID
    state: str = Field(description="the neighbours read it once the talent says so")


@router.get("", response=list[TalentOut])
def talents(request: PageRequest, q: str = "", topic: str = "", after: After = 0, limit: Limit = 50) -> list[TalentOut]:
    """For members: who is on the list, by number; `after` is the last number of the page before."""
    require(member(request.actor))
    return [_out(row) for row in queries.listed(q[:60], topic[:20]).filter(number__gt=after)[:limit]]


@router.get("/{number:number}", response=TalentOut)
def talent(request: PageRequest, number: int) -> TalentOut:
    """For members."""
    require(member(request.actor))
    return _out(get_object_or_404(queries.listed(), number=number))


@router.post("/{number:number}/requests", response={201: RequestOut})
def ask(request: PageRequest, number: int, wanted: RequestIn) -> Status[RequestOut]:
    """Ask somebody on the list. 409: they cannot be asked, were asked already, or too much still waits."""
    require(rules.can_ask_some(request.actor))
    oneself = people.resident(request.actor.resident_id)
    require(wanted.for_committee or oneself is not None)
    made = services.ask(
        talent=get_object_or_404(queries.listed(), number=number),
        resident=None if wanted.for_committee else oneself,
        of="" if wanted.for_committee else wanted.organization,
        what=wanted.what,
        place=wanted.place,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        gives_phone=wanted.gives_phone,
        by=request.actor,
    )
    return Status(201, _request(made))


@router.get("/requests", response=list[RequestOut])
def requests(request: PageRequest, after: UUID | None = None, limit: Limit = 50) -> list[RequestOut]:
    """What one asked and what one was asked, the newest first; `after` is the last of the page before."""
    require(member(request.actor))
    rows = queries.between(request.actor.resident_id)
    if after is not None:
        last = get_object_or_404(rows, pk=after)
        rows = rows.filter(Q(asked_at__lt=last.asked_at) | Q(asked_at=last.asked_at, pk__lt=last.pk))
    found = list(rows[:limit])
    queries.say_whose(found)
    return [_request(row, is_said=True) for row in found]


@router.get("/requests/{uuid:pk}", response=RequestOut)
def one_request(request: PageRequest, pk: UUID) -> RequestOut:
    """For the two it is between, and the desk."""
    return _request(_found(request, pk))


@router.post("/requests/{uuid:pk}/acceptance", response=RequestOut)
def accept(request: PageRequest, pk: UUID, how: YesIn) -> RequestOut:
    """The talent says yes; 409 says what stands in their calendar."""
    made = services.accept(request=_found(request, pk), by=request.actor, **how.dict())
    return _request(made)


@router.post("/requests/{uuid:pk}/refusal", response=RequestOut)
def decline(request: PageRequest, pk: UUID, how: NoIn) -> RequestOut:
    """The talent says no, or not after all."""
    made = services.decline(request=_found(request, pk), by=request.actor, **how.dict())
    return _request(made)


@router.post("/requests/{uuid:pk}/end", response=RequestOut)
def withdraw(request: PageRequest, pk: UUID) -> RequestOut:
    """Whoever asked takes it back."""
    return _request(services.withdraw(request=_found(request, pk), by=request.actor))


@router.post("/requests/{uuid:pk}/thanks", response={201: ThanksOut})
def thank(request: PageRequest, pk: UUID, how: ThanksIn) -> Status[ThanksOut]:
    """Whoever asked says thank you, once it was done."""
    made = services.thank(request=_found(request, pk), by=request.actor, **how.dict())
    return Status(201, ThanksOut(id=made.pk, request=made.request_id, state=made.state))


def _found(request: PageRequest, pk: UUID) -> TalentRequest:
    """One request, if the actor is one of its two sides or the desk."""
    require(member(request.actor))
    found: TalentRequest = get_object_or_404(
        TalentRequest.objects.select_related("talent__resident", "resident"), pk=pk
    )
    require(rules.can_see(request.actor, found))
    return found


def _request(row: TalentRequest, *, is_said: bool = False) -> RequestOut:
    """`is_said`: it knows already in whose name it is (`queries.say_whose`)."""
    if not is_said:
        queries.say_whose([row])
    return RequestOut(
        id=row.pk,
        talent=row.talent.number,
        talent_name=row.talent.resident.name,
        asker=row.asker,
        what=row.what,
        place=row.place,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=row.state,
        answer=row.answer,
        lapses_at=row.lapses_at,
        version=versions.mark(row),
    )


def _out(row: Talent) -> TalentOut:
    return TalentOut(
        id=row.pk,
        source=source_of(row),
        number=row.number,
        name=row.resident.name,
        what=row.what,
        words=row.words,
        topics=row.topics,
        takes_requests=row.takes_requests,
        since=row.since,
    )
