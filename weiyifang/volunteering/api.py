"""Service teams for programs: which there are for everyone, who is in one for those who look after it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import PageRequest, require
from weiyifang.core.web.paging import After, Limit
from weiyifang.volunteering import queries, rules
from weiyifang.volunteering.models import Belonging, Team

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
