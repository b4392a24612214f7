"""Who left, for programs, and for phones that were without network."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema

from weiyifang.activities import queries, rules, services
from weiyifang.activities.api_parts import actor_of, date_at
from weiyifang.activities.models import Fetcher
from weiyifang.core import clock
from weiyifang.core.columns import most
from weiyifang.core.ids import new_id
from weiyifang.core.web.access import require
from weiyifang.core.web.schemas import Count, Line, Moment, Paragraphs
from weiyifang.people import queries as register

router = Router()


class MayFetchOut(Schema):
    guardian: int | None = Field(description="a guardian's resident number")
    fetcher: UUID | None = Field(description="of somebody a guardian named")
    name: str


class LeftIn(Schema):
    resident: Count = Field(description="a resident's number")
    happened_at: Moment | None = None
    guardian: Count | None = Field(None, description="of a child: the number of the guardian who fetched it")
    fetcher: UUID | None = Field(None, description="of a child: of the person a guardian named")
    name: Line = Field("", max_length=most(Fetcher, "name"), description="of a child: somebody else; with `why`")
    why: Paragraphs = Field("", max_length=most(Fetcher, "why"), description="the guardians read it")
    nonce: UUID = Field(default_factory=new_id, description="made where it was noted: sent again, it counts once")


class DeparturesOut(Schema):
    new: int
    known: int


@router.post("/{number:number}/{number:date_number}/departures", response=DeparturesOut)
def leave(request: HttpRequest, number: int, date_number: int, left: list[LeftIn]) -> services.Recorded:
    """Note who left, in one go, in any order: also what a phone kept while it was offline. Sent twice, it counts once.
    Whoever comes back is sent as coming once more."""
    session, actor = date_at(request, number, date_number), actor_of(request)
    require(rules.can_check_in(actor, session.activity))
    wanted = {one.resident for one in left} | {one.guardian for one in left if one.guardian is not None}
    ids = register.ids_of(wanted)
    if missing := wanted - ids.keys():
        raise Http404(f"no resident {min(missing)}")
    batch = [
        services.Left(
            resident_id=ids[one.resident],
            happened_at=one.happened_at or clock.now(),
            by=_fetched(one, ids),
            nonce=one.nonce,
        )
        for one in left
    ]
    return services.record_departures(session=session, batch=batch, by=actor)


def _fetched(one: LeftIn, ids: dict[int, UUID]) -> services.Fetched | None:
    if one.guardian is None and one.fetcher is None and not one.name:
        return None
    guardian_id = ids[one.guardian] if one.guardian is not None else None
    return services.Fetched(guardian_id=guardian_id, fetcher_id=one.fetcher, name=one.name, why=one.why)


def may_fetch_told(may: list[queries.MayFetch]) -> list[MayFetchOut]:
    """Who may fetch a child, for a phone at the door."""
    return [
        MayFetchOut(
            guardian=one.guardian.number if one.guardian is not None else None,
            fetcher=one.fetcher.pk if one.fetcher is not None else None,
            name=one.words,
        )
        for one in may
    ]
