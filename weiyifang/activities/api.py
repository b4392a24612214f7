"""The same rules and verbs for programs. Lists come in pages: `limit`, and `after`, the last row one has."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from weiyifang.activities import api_lessons, api_passages, queries, rules, services
from weiyifang.activities.api_parts import EnrollmentOut, actor_of, date_at, enrollment_told, resident_of_number
from weiyifang.activities.models import Enrollment, Excuse, Method, Session
from weiyifang.core import clock
from weiyifang.core.columns import most
from weiyifang.core.ids import new_id
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.core.web.once import commit_by_verb
from weiyifang.core.web.paging import After, Limit
from weiyifang.core.web.schemas import Count, Line, Moment, Paragraphs
from weiyifang.files.schemas import PictureOut, pictures_of
from weiyifang.organizations import queries as organizations
from weiyifang.people import queries as register

router = Router(tags=["activities"])
router.add_router("", api_lessons.router)
router.add_router("", api_passages.router)


class ShareOut(Schema):
    whom: str = Field(description="elders, children, women, families, newcomers")
    left: int
    until: datetime = Field(description="from then on what is left is for everybody")


class SeatsOut(Schema):
    places: int = Field(description="0: no enrolment, just come")
    free: int = Field(description="for everybody; what is kept for some is not among them")
    waiting: int
    shares: list[ShareOut] = Field(description="seats that are kept for some")
    collects: bool = Field(description="nobody has a seat yet: everybody waiting stands in one list without rank")


class QuestionOut(Schema):
    words: str
    kind: str = Field(description="text, choice or number")
    choices: list[str]
    is_required: bool


class SessionOut(Schema):
    id: UUID
    activity: int = Field(description="its number")
    number: int = Field(description="of the date, within the activity")
    title: str
    summary: str
    kind: str
    kind_name: str
    audience: str
    place: str
    fee_fen: int
    mode: str
    trials: bool = Field(description="of a class: who is not a pupil may try one lesson")
    order: str = Field(description="come: first come, first served; timers, lottery: given when enrolment closes")
    state: str
    starts_at: datetime
    ends_at: datetime
    seats: SeatsOut
    pictures: list[PictureOut]
    questions: list[QuestionOut] = Field(description="what whoever enrols is asked")


class ActOut(Schema):
    number: int
    title: str
    organization: int | None = Field(description="its number; null: performed by whom the words say")
    who: str
    starts_at: datetime
    ends_at: datetime


class StallOut(Schema):
    number: int
    place: str
    organization: int | None = Field(description="the number of who has it; null: it is free")
    goods: str
    proceeds_fen: int | None = Field(description="what it brought the fund, counted by two; null: not counted yet")


class EnrollmentIn(Schema):
    resident: Count | None = Field(None, description="a resident's number; empty: oneself")
    places: Count = 1
    note: Line = Field("", max_length=most(Enrollment, "note"))
    answers: dict[Line, Line] = Field(default_factory=dict, description="to the activity's questions, by their words")
    queue: bool = Field(False, description="wait, when it is full")


class MemberIn(Schema):
    resident: Count = Field(description="a resident's number")
    places: Count = 1
    note: Line = Field("", max_length=most(Enrollment, "note"))
    answers: dict[Line, Line] = Field(default_factory=dict, description="to the activity's questions, by their words")


class GroupIn(Schema):
    people: list[MemberIn] = Field(min_length=1, max_length=100, description="all of them get a seat, or nobody does")
    organization: Count | None = Field(None, description="the number of one whose members they are and one leads")
    queue: bool = Field(False, description="wait as one, when too few seats are left")
    despite: Line = Field(
        "", max_length=120, description="why who missed dates need not let others go first; for those who enrol others"
    )


class StandingOut(EnrollmentOut):
    version: str = Field(description="for If-Match, when it is given back: 412 if it is not like this any more")


class ObjectionIn(Schema):
    said: Paragraphs = Field(max_length=most(Excuse, "words"), description="what happened, in one's own words")


class ExcuseOut(Schema):
    id: UUID
    state: str = Field(description="asked: somebody looks at it, and until then it does not count; excused; counts")


class CameIn(Schema):
    resident: Count | None = Field(None, description="a resident's number; empty: guests without a name")
    people: Annotated[int, Field(strict=True, ge=1, le=2000)] | None = Field(
        None, description="empty: everybody on their ticket, or one"
    )
    happened_at: Moment | None = None
    how: Literal["qr", "roster", "paper"] | None = Field(None, description="empty: paper, if it says when, else roster")
    nonce: UUID = Field(default_factory=new_id, description="made where it was noted: sent again, it counts once")


class RecordedOut(Schema):
    new: int
    known: int


class LineOut(Schema):
    resident: int
    name: str
    places: int
    code: str
    ticket: str = Field(description="SHA-256 of what their QR code says, in hexadecimal: for a phone without network")
    on_leave: bool = Field(description="a pupil who said that they cannot come to this lesson")
    visit: str = Field(description="what a visit to one lesson of a class is, in words; empty: no visit")
    note: str
    answers: dict[str, str]
    came_at: datetime | None
    came: int = Field(description="how many of them came")
    share: str = Field(description="elders, children …: their seat is one of those kept for these; else empty")
    in_at: datetime | None = Field(description="the last time they came in")
    left_at: datetime | None = Field(description="where that is noted; null: they are inside, or to come")
    is_child: bool = Field(description="where it is noted who leaves: they are handed over to one of `may_fetch`")
    may_fetch: list[api_passages.MayFetchOut]


@router.get("/", response=list[SessionOut])
def dates(request: HttpRequest, after: UUID | None = None, limit: Limit = 50) -> list[SessionOut]:
    """The dates to come, the next one first; `after` is the last id of the page before."""
    rows = queries.coming()
    if after is not None:
        rows = queries.behind(rows, get_object_or_404(Session, pk=after))
    return [_session_out(request, one.session, one.seats) for one in queries.listed(list(rows[:limit]))]


@router.get("/{number:number}/{number:date_number}", response=SessionOut)
def one_date(request: HttpRequest, number: int, date_number: int) -> SessionOut:
    """One date and its seats."""
    session = date_at(request, number, date_number)
    return _session_out(request, session, queries.seats_of([session])[session.pk])


@router.get("/{number:number}/{number:date_number}/acts", response=list[ActOut])
def acts(request: HttpRequest, number: int, date_number: int) -> list[ActOut]:
    """The programme of a date, first act to last; empty until it is shown to all."""
    told = queries.programme_of(date_at(request, number, date_number))
    return [_act_out(turn) for turn in told.turns] if told.is_published else []


@router.get("/{number:number}/{number:date_number}/stalls", response=list[StallOut])
def stalls(request: HttpRequest, number: int, date_number: int) -> list[StallOut]:
    """The stalls of a market, by number."""
    found = queries.stalls_of(date_at(request, number, date_number))
    return [
        StallOut(
            number=one.stall.number,
            place=one.stall.place,
            organization=one.organization.number if one.organization else None,
            goods=one.stall.goods,
            proceeds_fen=one.proceeds_fen,
        )
        for one in found
    ]


@router.get("/{number:number}/{number:date_number}/enrollments", response=list[StandingOut])
def my_enrollments(request: HttpRequest, number: int, date_number: int) -> list[StandingOut]:
    """Of oneself and of those one acts for."""
    require(actor_of(request).resident_id is not None)
    session = date_at(request, number, date_number)
    people = queries.people_to_act_for(actor_of(request))
    mine = [(one.enrollment, one.resident, one.rank) for one in queries.mine_in(session, people)]
    if session.activity.is_term:
        visits = queries.visits_in(session.activity, [one.pk for one in people])
        mine += [(one, one.resident, None) for one in visits if one.session_id == session.pk]
    return [
        StandingOut(**enrollment_told(row, person, rank).dict(), version=versions.mark(row))
        for row, person, rank in mine
    ]


@router.post("/{number:number}/{number:date_number}/enrollments", response={201: EnrollmentOut})
def enroll(request: HttpRequest, number: int, date_number: int, wanted: EnrollmentIn) -> HttpResponse:
    """Take places, or a turn in the queue; for others with the permission to enrol them."""
    if wanted.queue:
        session, resident = date_at(request, number, date_number), resident_of_number(request, wanted.resident)
        return _enrolled(
            services.queue(
                session=session,
                resident=resident,
                places=wanted.places,
                note=wanted.note,
                answers=wanted.answers,
                by=actor_of(request),
            )
        )
    keep = commit_by_verb(request)
    session, resident = date_at(request, number, date_number), resident_of_number(request, wanted.resident)
    return _enrolled(
        services.enroll(
            session=session,
            resident=resident,
            places=wanted.places,
            note=wanted.note,
            answers=wanted.answers,
            answer=lambda enrollment: keep(lambda: _enrolled(enrollment)),
            by=actor_of(request),
        )
    )


@router.post("/{number:number}/{number:date_number}/groups", response={201: list[EnrollmentOut]})
def enroll_group(request: HttpRequest, number: int, date_number: int, wanted: GroupIn) -> Status[list[EnrollmentOut]]:
    """Take places for several people, all or none, or let them wait as one: one's own, the members of an organization
    one leads, or anybody, with the permission to enrol others."""
    session, actor = date_at(request, number, date_number), actor_of(request)
    found = {one.number: one for one in register.living_here({one.resident for one in wanted.people})}
    if missing := {one.resident for one in wanted.people} - found.keys():
        raise Http404(f"no resident {min(missing)}")
    organization = ""
    if wanted.organization is not None:
        organization = source_of(get_object_or_404(organizations.kept_by(actor), number=wanted.organization))
    people = [
        services.Member(resident=found[one.resident], places=one.places, note=one.note, answers=one.answers)
        for one in wanted.people
    ]
    verb = services.queue_group if wanted.queue else services.enroll_group
    rows = verb(session=session, people=people, organization=organization, despite=wanted.despite, by=actor)
    return Status(201, [enrollment_told(row, row.resident, None) for row in rows])


@router.delete("/enrollments/{uuid:pk}", response={204: None})
def cancel(request: HttpRequest, pk: UUID, together: bool = False) -> Status[None]:
    """Give the places back, or leave the queue; `together`: for all one acts for who came as a group with this one."""
    found = get_object_or_404(Enrollment.objects.select_related("activity", "session", "resident"), pk=pk)
    if not rules.can_see_enrollment(actor_of(request), found):
        raise Http404
    verb = services.cancel_together if together else services.cancel_enrollment
    verb(enrollment=found, by=actor_of(request))
    return Status(204, None)


@router.post("/absences/{uuid:pk}/objection", response={201: ExcuseOut})
def object_to_absence(request: HttpRequest, pk: UUID, wanted: ObjectionIn) -> Status[ExcuseOut]:
    """Say why a date that was missed shall not count; `pk` is that of the enrolment."""
    found = get_object_or_404(Enrollment.objects.select_related("activity", "session"), pk=pk)
    made = services.object_to_absence(enrollment=found, said=wanted.said, by=actor_of(request))
    return Status(201, ExcuseOut(id=made.pk, state=made.state))


@router.get("/{number:number}/{number:date_number}/roster", response=list[LineOut])
def roster(request: HttpRequest, number: int, date_number: int, after: After = 0, limit: Limit = 50) -> list[LineOut]:
    """The list at the door by resident number; `after` is the last number of the page before."""
    session = date_at(request, number, date_number)
    require(rules.can_check_in(actor_of(request), session.activity))
    guests = queries.roster(session).guests().after(after, limit)
    children = queries.children_of(session, [guest.resident.pk for guest in guests])
    may = queries.may_fetch(session, children)
    return [
        LineOut(
            resident=guest.resident.number,
            name=guest.resident.name,
            places=guest.enrollment.places if guest.enrollment else 1,
            code=guest.enrollment.code if guest.enrollment else "",
            ticket=sha256(guest.ticket.encode()).hexdigest() if guest.ticket else "",
            on_leave=guest.on_leave,
            visit=guest.enrollment.visit_words if guest.enrollment else "",
            note=guest.enrollment.note if guest.enrollment else "",
            answers=guest.enrollment.answers if guest.enrollment else {},
            came_at=guest.attendance.happened_at if guest.attendance else None,
            came=guest.came,
            share=guest.share,
            in_at=guest.in_at,
            left_at=guest.left_at,
            is_child=guest.resident.pk in children,
            may_fetch=api_passages.may_fetch_told(may.get(guest.resident.pk, [])),
        )
        for guest in guests
    ]


@router.post("/{number:number}/{number:date_number}/attendances", response=RecordedOut)
def record(request: HttpRequest, number: int, date_number: int, came: list[CameIn]) -> services.Recorded:
    """Note who came, in one go: also what a phone kept while it was offline. Sent twice, it counts once."""
    session, actor = date_at(request, number, date_number), actor_of(request)
    require(rules.can_check_in(actor, session.activity))
    wanted = {one.resident for one in came if one.resident is not None}
    ids = register.ids_of(wanted)
    if missing := wanted - ids.keys():
        raise Http404(f"no resident {min(missing)}")
    batch = [
        services.Came(
            session_id=session.pk,
            resident_id=ids[one.resident] if one.resident is not None else None,
            people=one.people,
            happened_at=one.happened_at or clock.now(),
            method=Method(one.how or ("paper" if one.happened_at else "roster")),
            nonce=one.nonce,
        )
        for one in came
    ]
    return services.record_attendances(batch=batch, by=actor)


def _enrolled(enrollment: Enrollment) -> HttpResponse:
    told = enrollment_told(enrollment, enrollment.resident, None).model_dump_json()
    return HttpResponse(told, status=201, content_type="application/json; charset=utf-8")


# --- parts ------------------------------------------------------------------------------------------------------


def _session_out(request: HttpRequest, session: Session, seats: queries.Seats) -> SessionOut:
    names = ("title", "summary", "kind", "kind_name", "audience", "fee_fen", "mode", "order", "trials")
    told: dict[str, Any] = {name: getattr(session.activity, name) for name in names}
    return SessionOut(
        **told,
        id=session.pk,
        activity=session.activity.number,
        number=session.number,
        place=session.shown_place,
        state=session.state,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        seats=SeatsOut(
            places=seats.places,
            free=seats.free,
            waiting=seats.waiting,
            collects=seats.collects,
            shares=[ShareOut(whom=one.name, left=one.left, until=one.until) for one in seats.shares],
        ),
        pictures=pictures_of(request, session.activity.pictures),
        questions=[QuestionOut(**{**vars(one), "choices": list(one.choices)}) for one in session.activity.questions],
    )


def _act_out(turn: queries.Turn) -> ActOut:
    return ActOut(
        number=turn.number,
        title=turn.act.title,
        organization=turn.organization.number if turn.organization else None,
        who=turn.who,
        starts_at=turn.starts_at,
        ends_at=turn.ends_at,
    )
