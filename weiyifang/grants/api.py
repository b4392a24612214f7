"""Running grants for programs: each year's run, and every organization in it. Reading only."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from weiyifang.core.web.access import PageRequest
from weiyifang.core.web.paging import After, Limit
from weiyifang.grants import queries
from weiyifang.grants.models import GrantRun

router = Router(tags=["grants"])


class RunOut(Schema):
    """A published run; `fen` is all of it, as corrected. `state` is published or paid."""

    id: UUID
    year: int
    state: str
    organizations: int
    fen: int
    published_on: date | None
    appeals_until: date | None
    paid_on: date | None


class GrantOut(Schema):
    """One organization in it. Points in tenths; `new_…` where an appeal corrected it."""

    id: UUID
    place: int
    organization: str
    name: str
    tenths: int | None
    grade: str
    amount_fen: int
    new_tenths: int | None
    new_grade: str
    new_fen: int | None
    is_paid: bool


@router.get("", response=list[RunOut])
def runs(request: PageRequest, before: After = 0, limit: Limit = 50) -> list[RunOut]:
    """Public: the runs, newest year first; `before` is the last year of the page before."""
    rows = queries.shown_runs()
    return [_run(row) for row in (rows.filter(year__lt=before) if before else rows)[:limit]]


@router.get("{number:year}", response=list[GrantOut])
def grants(request: PageRequest, year: int, after: After = 0, limit: Limit = 50) -> list[GrantOut]:
    """Public: the organizations of a year's run, in the order of its table; `after` is the last place before."""
    found = get_object_or_404(queries.shown_runs(), year=year)
    rows = queries.grants_of(found).filter(place__gt=after).select_related("run")[:limit]
    return [
        GrantOut(
            id=one.grant.pk,
            place=one.grant.place,
            organization=one.grant.organization,
            name=one.name,
            tenths=one.grant.tenths,
            grade=one.grant.grade,
            amount_fen=one.grant.amount_fen,
            new_tenths=one.grant.new_tenths,
            new_grade=one.grant.new_grade,
            new_fen=one.grant.new_fen,
            is_paid=one.is_paid,
        )
        for one in queries.shown(rows)
    ]


def _run(row: GrantRun) -> RunOut:
    return RunOut(
        id=row.pk,
        year=row.year,
        state=row.state,
        organizations=row.many,  # type: ignore[attr-defined]  # annotated
        fen=row.fen,  # type: ignore[attr-defined]  # annotated
        published_on=row.published_on,
        appeals_until=row.appeals_until,
        paid_on=row.paid_on,
    )
