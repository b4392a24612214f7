"""Service teams and shifts for programs: the same rules and verbs.

Which teams there are for everyone, who is in one for those who look after it; one's own shifts: taken on, given back,
and from when until when one was there.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, require, resident
from weiyifang.core.web.paging import After, Limit
from weiyifang.core.web.schemas import Moment
from weiyifang.volunteering import queries, rules, services
from weiyifang.volunteering.models import Belonging, Need, Shift, Slot, Team

router = Router(tags=["volunteering"])


class TeamOut(Schema):
    """`organizer` is the source of an organization; "": the team is the committee's."""

    id: UUID
    source: str
    number: int
    name: str
    purpose: str
    organizer: str
    leader: str
    members: int
    takes_members: bool
    ended_on: date | None


class TeamMemberOut(Schema):
    """Somebody's place in a team; `skills` are codes."""

    id: UUID
    resident_id: UUID
    resident_number: int
    name: str
    skills: list[str]
    since: date


class NeedOut(Schema):
    """A task; `left`: how many are still sought. `skill` and `certificate` are codes."""

    id: UUID
    role: str
    wanted: int
    left: int
    skill: str
    certificate: str
    least_age: int | None


class ShiftOut(Schema):
    id: UUID
    number: int
    team: int = Field(description="the team's number")
    what: str
    place: str
    starts_at: datetime
    ends_at: datetime
    note: str
    state: str
    tasks: list[NeedOut]
    version: str = Field(description="for If-Match, when a task is taken on: 412 if it is not like this any more")


class SlotOut(Schema):
    """A place in a shift."""

    id: UUID
    shift: int = Field(description="the shift's number")
    role: str
    starts_at: datetime
    ends_at: datetime
    state: str
    seeks_stand_in: bool


class ClaimIn(Schema):
    sure: bool = False


class HoursIn(Schema):
    came_at: Moment
    left_at: Moment


class HoursOut(Schema):
    id: UUID
    came_at: datetime
    left_at: datetime
    minutes: int
    state: str


@router.get("teams", response=list[TeamOut])
def teams(request: PageRequest, q: str = "", after: After = 0, limit: Limit = 50) -> list[TeamOut]:
    """Public: teams at work, by number; `after` is the last number of the page before."""
    return [_out(row) for row in queries.listed(q[:60]).filter(number__gt=after)[:limit]]


@router.get("teams/{number:number}", response=TeamOut)
def team(request: PageRequest, number: int) -> TeamOut:
    """Public."""
    return _out(_one(number))


@router.get("teams/{number:number}/members", response=list[TeamMemberOut])
def members(request: PageRequest, number: int, after: After = 0, limit: Limit = 50) -> list[TeamMemberOut]:
    """For its leader and the committee: who is in it, by resident number."""
    found = _one(number)
    require(rules.can_manage(request.actor, found))
    rows = queries.members_of(found).filter(volunteer__resident__number__gt=after)
    return [_member(row) for row in rows.order_by("volunteer__resident__number")[:limit]]


@router.get("shifts", response=list[ShiftOut])
def shifts(request: PageRequest, after: UUID | None = None, limit: Limit = 50) -> list[ShiftOut]:
    """Shifts to come of one's teams that still seek somebody, the next first; `after`: the last of the page before."""
    require(resident(request.actor))
    assert request.actor.resident_id is not None  # the rule
    rows = queries.shifts_for(request.actor.resident_id).prefetch_related("needs")
    if after is not None:
        last = get_object_or_404(Shift, pk=after)
        rows = rows.filter(Q(starts_at__gt=last.starts_at) | Q(starts_at=last.starts_at, pk__gt=last.pk))
    return [_shift(row) for row in rows[:limit]]


@router.get("slots", response=list[SlotOut])
def my_slots(request: PageRequest, after: UUID | None = None, limit: Limit = 50) -> list[SlotOut]:
    """What one took on and is not over, the next first; `after` is the last of the page before."""
    require(resident(request.actor))
    assert request.actor.resident_id is not None  # the rule
    rows = queries.my_slots(request.actor.resident_id)
    if after is not None:
        last = get_object_or_404(Slot.objects.select_related("shift"), pk=after)
        begins = last.shift.starts_at
        rows = rows.filter(Q(shift__starts_at__gt=begins) | Q(shift__starts_at=begins, pk__gt=last.pk))
    return [_slot(row) for row in rows[:limit]]


@router.get("shifts/{number:number}", response=ShiftOut)
def shift(request: PageRequest, number: int) -> ShiftOut:
    """One shift, with its tasks and how many are still sought."""
    require(resident(request.actor))
    rows = Shift.objects.select_related("team").prefetch_related("needs")
    return _shift(get_object_or_404(rows, number=number))


@router.post("shifts/{number:number}/needs/{uuid:pk}/claims", response={201: SlotOut})
def claim(request: PageRequest, number: int, pk: UUID, wish: ClaimIn) -> Status[SlotOut]:
    """Take a task on. 409 says why not, or with `Doubtful` what speaks against it: then with `sure`."""
    require(resident(request.actor))
    need = get_object_or_404(Need.objects.select_related("shift"), pk=pk, shift__number=number)
    made = services.claim(need=need, sure=wish.sure, by=request.actor)
    return Status(201, _slot(_own_slot(request, made.pk)))


@router.delete("slots/{uuid:pk}", response={204: None})
def give_back(request: PageRequest, pk: UUID) -> Status[None]:
    """Not do it after all; before it begins."""
    require(resident(request.actor))
    services.give_back(slot=_own_slot(request, pk), by=request.actor)
    return Status(204, None)


@router.post("slots/{uuid:pk}/hours", response={201: HoursOut})
def note_hours(request: PageRequest, pk: UUID, was: HoursIn) -> Status[HoursOut]:
    """From when until when one was there; it counts as soon as somebody else has approved it."""
    require(resident(request.actor))
    slot = _own_slot(request, pk)
    line = services.Was(slot, was.came_at, was.left_at)
    (row,) = services.note_hours(team=slot.shift.team, lines=[line], by=request.actor)
    return Status(
        201, HoursOut(id=row.pk, came_at=row.came_at, left_at=row.left_at, minutes=row.minutes, state=row.state)
    )


def _own_slot(request: PageRequest, pk: UUID) -> Slot:
    rows = Slot.objects.select_related("shift__team", "need", "volunteer__resident")
    return get_object_or_404(rows, pk=pk, volunteer__resident_id=request.actor.resident_id)


def _one(number: int) -> Team:
    return get_object_or_404(Team.objects.with_member_count().select_related("leader"), number=number)


def _out(row: Team) -> TeamOut:
    return TeamOut(
        id=row.pk,
        source=source_of(row),
        number=row.number,
        name=row.name,
        purpose=row.purpose,
        organizer=row.organizer,
        leader=row.leader.name if row.leader else "",
        members=getattr(row, "member_count", 0),
        takes_members=row.takes_members,
        ended_on=row.ended_on,
    )


def _member(row: Belonging) -> TeamMemberOut:
    return TeamMemberOut(
        id=row.pk,
        resident_id=row.volunteer.resident_id,
        resident_number=row.volunteer.resident.number,
        name=row.volunteer.resident.name,
        skills=row.volunteer.skills,
        since=row.since,
    )


def _shift(row: Shift) -> ShiftOut:
    return ShiftOut(
        id=row.pk,
        number=row.number,
        team=row.team.number,
        what=row.what,
        place=row.place,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        note=row.note,
        state=row.state,
        tasks=[_need(one) for one in sorted(row.needs.all(), key=lambda one: one.pk)],
        version=versions.mark(row),
    )


def _need(row: Need) -> NeedOut:
    return NeedOut(
        id=row.pk,
        role=row.role,
        wanted=row.wanted,
        left=row.left,
        skill=row.skill,
        certificate=row.certificate,
        least_age=row.least_age,
    )


def _slot(row: Slot) -> SlotOut:
    return SlotOut(
        id=row.pk,
        shift=row.shift.number,
        role=row.need.role,
        starts_at=row.shift.starts_at,
        ends_at=row.shift.ends_at,
        state=row.state,
        seeks_stand_in=row.seeks_stand_in,
    )
