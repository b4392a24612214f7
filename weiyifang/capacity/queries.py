"""How full a pool is, and who waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, When, Window
from django.db.models.functions import Coalesce, RowNumber

from weiyifang.capacity.models import Claim, ClaimState, PlacePool, WaitEntry, WaitState
from weiyifang.core import clock
from weiyifang.core.tenancy import homes_with

ON_THE_LIST = (WaitState.WAITING, WaitState.OFFERED)


def free(pool: PlacePool) -> int:
    """Places of the pool that nobody has and nobody is offered at this moment.

    Holds whose time is over count as free, even before they are cleared away. While people wait, these places are
    theirs first: `services.claim` then answers `KeptForTheList`.
    """
    pool = PlacePool.objects.get(pk=pool.pk)
    over = Claim.objects.filter(pool=pool, state=ClaimState.HELD, expires_at__lte=clock.now())
    return pool.free + (over.aggregate(n=Sum("places"))["n"] or 0)


def pools_of(owners: Iterable[str]) -> QuerySet[PlacePool]:
    """The pools of these owners, in the order in which they are locked."""
    return PlacePool.objects.filter(owner__in=list(owners)).order_by("id")


def pool_of(owner: str) -> QuerySet[PlacePool]:
    """The pool of one owner with `ahead`: how many wait for it, or think about an offer. For a `Read`."""
    queue = WaitEntry.objects.filter(pool=OuterRef("pk"), state__in=ON_THE_LIST)
    ahead = Subquery(queue.values("pool").annotate(ahead=Count("*")).values("ahead"))
    return PlacePool.objects.filter(owner=owner).annotate(ahead=Coalesce(ahead, 0))


def has_free(owner: OuterRef) -> Exists:
    """Has this owner, told in an outer query, a pool with a place that nobody has and nobody is offered?"""
    return Exists(PlacePool.objects.filter(owner=owner, places__gt=F("taken") + F("held")))


def taken_by(holder: str) -> Claim:
    """The places this holder has."""
    return Claim.objects.get(holder=holder, state=ClaimState.TAKEN)


def turn_of(holder: str) -> WaitEntry:
    """The turn of this holder, who waits or thinks about an offer."""
    return WaitEntry.objects.get(holder=holder, state__in=ON_THE_LIST)


def offer_to(holder: str) -> WaitEntry | None:
    """The turn of this holder that is offered places."""
    return WaitEntry.objects.filter(holder=holder, state=WaitState.OFFERED).first()


def offered_in(pool: PlacePool) -> set[str]:
    """The holders who think about an offer of this pool."""
    return set(WaitEntry.objects.filter(pool=pool, state=WaitState.OFFERED).values_list("holder", flat=True))


def turns_left(holders: Iterable[str]) -> dict[str, WaitEntry]:
    """The turns that these holders gave up themselves, by holder."""
    return {entry.holder: entry for entry in WaitEntry.objects.filter(holder__in=list(holders), state=WaitState.LEFT)}


def places_held_for(kind: str) -> Mapping[str, int]:
    """The places every holder of a kind (`activities.enrollment`) has taken."""
    taken = Claim.objects.filter(state=ClaimState.TAKEN, holder__startswith=f"{kind}:")
    return dict(taken.values_list("holder", "places"))


def places_taken_from(topic: str) -> Mapping[str, int]:
    """The places taken of every pool whose owner belongs to a topic (`activities`)."""
    return dict(PlacePool.objects.filter(owner__startswith=f"{topic}.").values_list("owner", "taken"))


def collecting(topic: str) -> set[str]:
    """The owners of a topic (`activities`) whose pools serve nobody yet."""
    rows = PlacePool.objects.filter(owner__startswith=f"{topic}.", collects=True)
    return set(rows.values_list("owner", flat=True))


def turn_began(holder: OuterRef) -> Subquery:
    """When the turn of this holder, told in an outer query, began: lines are in this order."""
    turns = WaitEntry.objects.filter(holder=holder, state__in=ON_THE_LIST)
    return Subquery(turns.values("joined_at")[:1])


def who_stands_in_line(kind: str) -> set[str]:
    """The holders of a kind who wait or think about an offer."""
    rows = WaitEntry.objects.filter(holder__startswith=f"{kind}:", state__in=ON_THE_LIST)
    return set(rows.values_list("holder", flat=True))


def waiting(pool: PlacePool) -> QuerySet[WaitEntry]:
    """Who waits for the pool, the first in line first (those with an offer no longer wait)."""
    return WaitEntry.objects.filter(pool=pool, state=WaitState.WAITING).order_by("joined_at", "id")


def ranks(entries: Iterable[WaitEntry]) -> dict[UUID, int]:
    """The entries' places in line by their id, 1 = next, in one query; who does not wait (any more) is not there."""
    wanted = {entry.pk: entry.pool_id for entry in entries}
    if not wanted:
        return {}
    line = Window(RowNumber(), partition_by="pool", order_by=["joined_at", "id"])
    rows = WaitEntry.objects.filter(pool__in={*wanted.values()}, state=WaitState.WAITING).annotate(place=line)
    # said in one breath with `place`, so that it is asked of the lines as they stand and not before they are counted
    return dict(rows.filter(Q(pk__in=wanted) | Q(place=0)).values_list("pk", "place"))


def on_the_list(holders: Iterable[str]) -> list[Any]:
    """The turns of these holders who wait or think about an offer, with their pool and `rank`, their place in line."""
    before = Q(joined_at__lt=OuterRef("joined_at")) | Q(joined_at=OuterRef("joined_at"), id__lte=OuterRef("id"))
    line = WaitEntry.objects.filter(before, pool=OuterRef("pool"), state=WaitState.WAITING)
    place = Subquery(line.order_by().values("pool").annotate(n=Count("*")).values("n"))
    rows = WaitEntry.objects.filter(holder__in=list(holders), state__in=ON_THE_LIST)
    rank = Case(When(state=WaitState.WAITING, then=place))
    return list(rows.select_related("pool").annotate(rank=rank))


def rank(entry: WaitEntry) -> int | None:
    """The entry's place in line, 1 = next; None when it does not wait (any more)."""
    return ranks([entry]).get(entry.pk)


def is_due() -> Q:
    """Pools with a hold, an offer or a queue whose time is over."""
    now = clock.now()
    return Q(lapses_at__lte=now) | Q(waiting__gt=0, closes_at__lte=now, collects=False)


def homes_with_lapsed() -> list[int]:
    """The communities that have such a pool."""
    return homes_with(PlacePool.everywhere.filter(is_due()))  # everywhere: the clock asks once for all
