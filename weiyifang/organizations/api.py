"""Organizations for programs: who there is for everyone, who belongs to one for those who look after it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import Http404
from ninja import Router, Schema

from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import PageRequest, require
from weiyifang.core.web.paging import After, Limit
from weiyifang.files.schemas import PictureOut, pictures_of
from weiyifang.organizations import queries, rules
from weiyifang.organizations.models import Membership, Organization

router = Router(tags=["organizations"])


class OrganizationOut(Schema):
    """`kind` is a code of the place's list, `status` is applied, filed, registered or dissolved."""

    id: UUID
    source: str
    number: int
    name: str
    kind: str
    kind_name: str
    status: str
    purpose: str
    founded_on: date | None
    phone: str
    leader: str
    members: int
    pictures: list[PictureOut]


class MemberOut(Schema):
    """A live membership."""

    id: UUID
    resident_id: UUID
    resident_number: int
    name: str
    title: str
    since: date


@router.get("", response=list[OrganizationOut])
def listing(
    request: PageRequest, q: str = "", kind: str = "", after: After = 0, limit: Limit = 50
) -> list[OrganizationOut]:
    """Public: organizations at work, by number; `after` is the last number of the page before."""
    return [_out(request, row) for row in queries.listed(q[:60], kind).filter(number__gt=after)[:limit]]


@router.get("{number:number}", response=OrganizationOut)
def detail(request: PageRequest, number: int) -> OrganizationOut:
    """Public, as far as the page is."""
    return _out(request, _visible(request, number))


@router.get("{number:number}/members", response=list[MemberOut])
def members(request: PageRequest, number: int, after: After = 0, limit: Limit = 50) -> list[MemberOut]:
    """For its leader and the committee: who belongs to it, by resident number."""
    organization = _visible(request, number)
    require(rules.can_manage(request.actor, organization))
    rows = queries.members_of(organization).filter(resident__number__gt=after).order_by("resident__number")
    return [_member(row) for row in rows[:limit]]


def _visible(request: PageRequest, number: int) -> Organization:
    found = Organization.objects.with_member_count().select_related("leader").filter(number=number).first()
    if found is None or not rules.can_see(request.actor, found):
        raise Http404
    return found


def _out(request: PageRequest, row: Organization) -> OrganizationOut:
    return OrganizationOut(
        id=row.pk,
        source=source_of(row),
        number=row.number,
        name=row.name,
        kind=row.kind,
        kind_name=row.kind_name,
        status=row.status,
        purpose=row.purpose,
        founded_on=row.founded_on,
        phone=row.phone,
        leader=row.leader.name if row.leader else "",
        members=getattr(row, "member_count", 0),
        pictures=pictures_of(request, row.pictures),
    )


def _member(row: Membership) -> MemberOut:
    return MemberOut(
        id=row.pk,
        resident_id=row.resident_id,
        resident_number=row.resident.number,
        name=row.resident.name,
        title=row.title,
        since=row.since,
    )
