"""Talents for programs of members: who is on the list."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import PageRequest, member, require
from weiyifang.core.web.paging import After, Limit
from weiyifang.talents import queries
from weiyifang.talents.models import Talent

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
