"""How full a pool is, and who waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, When, Window
from django.db.models.functions import Coalesce, RowNumber

from weiyifang.capacity.line import seated
from weiyifang.capacity.models import Claim, ClaimState, PlacePool, Share, WaitEntry, WaitState
from weiyifang.core import clock
from weiyifang.core.tenancy import homes_with

ON_THE_LIST = (WaitState.WAITING, WaitState.OFFERED)


def free(pool: PlacePool) -> int:
    """Places of the pool for everybody: that nobody has, nobody is offered and no share keeps at this moment.

    Holds and shares whose time is over count as free, even before they are cleared away. While people wait, these
    places are theirs first: `services.claim` then answers `KeptForTheList`.
    """
    pool, now = PlacePool.objects.get(pk=pool.pk), clock.now()
    stands = Exists(Share.objects.filter(pool=OuterRef("pool"), name=OuterRef("share"), until__gt=now))
    over = Claim.objects.filter(pool=pool, state=ClaimState.HELD, expires_at__lte=now).annotate(stands=stands)
    found = over.aggregate(n=Sum("places"), back=Sum("of_share", filter=Q(stands=True)))
    open_now = Share.objects.filter(pool=pool, until__lte=now).aggregate(n=Sum("left"))["n"] if pool.kept else 0
    return pool.free + (found["n"] or 0) - (found["back"] or 0) + (open_now or 0)


def has_room(pool: PlacePool, wanted: Sequence[tuple[str, int]], fits: Mapping[str, Mapping[str, int]]) -> bool:
    """Are there places for these holders at this moment, in shares they fit or among those for everybody?

    Whether somebody waits for them is not asked.
    """
    group = [WaitEntry(places=places, fits=dict(fits.get(holder, {}))) for holder, places in wanted]
    shares = seated(group, kept_of(pool)) if fits else {}
    return free(pool) >= sum(places for _holder, places in wanted) - sum(places for _name, places in shares.values())


def shares_of(owners: Iterable[str]) -> dict[str, list[Share]]:
    """The shares of these owners' pools that stand at this moment, those that open first before the others."""
    rows = Share.objects.filter(pool__owner__in=list(owners), until__gt=clock.now())
    found = dict[str, list[Share]]()
    for row in rows.select_related("pool").order_by("until", "name"):
        found.setdefault(row.pool.owner, []).append(row)
    return found


def kept_of(pool: PlacePool) -> dict[str, int]:
    """What is kept of a pool at this moment, by the names of its shares; asks nothing where nothing is."""
    if not pool.kept:
        return {}
    rows = Share.objects.filter(pool=pool, until__gt=clock.now(), left__gt=0)
    return dict(rows.values_list("name", "left"))


def shares_held(holders: Iterable[str]) -> dict[str, str]:
    """Out of which share these holders have their places; those who have none of one are not in it."""
    taken = Claim.objects.filter(holder__in=list(holders), state=ClaimState.TAKEN).exclude(share="")
    return dict(taken.values_list("holder", "share"))


def taken_of_shares(owners: Iterable[str]) -> list[tuple[str, str, int]]:
    """How many places of these owners' pools are taken out of shares: (owner, share, places)."""
    taken = Claim.objects.filter(pool__owner__in=list(owners), state=ClaimState.TAKEN).exclude(share="")
    return list(taken.order_by("pool__owner", "share").values_list("pool__owner", "share").annotate(n=Sum("of_share")))


def pools_of(owners: Iterable[str]) -> QuerySet[PlacePool]:
    """The pools of these owners, in the order in which they are locked."""
    return PlacePool.objects.filter(owner__in=list(owners)).order_by("id")


def pool_of(owner: str) -> QuerySet[PlacePool]:
    """The pool of one owner with `ahead`: how many wait for it, or think about an offer. For a `Read`."""
    queue = WaitEntry.objects.filter(pool=OuterRef("pk"), state__in=ON_THE_LIST)
    ahead = Subquery(queue.values("pool").annotate(ahead=Count("*")).values("ahead"))
    return PlacePool.objects.filter(owner=owner).annotate(ahead=Coalesce(ahead, 0))


def has_free(owner: OuterRef) -> Exists:
    """Has this owner, told in an outer query, a pool with a place for everybody?"""
    return Exists(PlacePool.objects.filter(owner=owner, places__gt=F("taken") + F("held") + F("kept")))


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
    """Pools with a hold, an offer, a share or a queue whose time is over."""
    now = clock.now()
    return Q(lapses_at__lte=now) | Q(waiting__gt=0, closes_at__lte=now, collects=False)


def homes_with_lapsed() -> list[int]:
    """The communities that have such a pool."""
    return homes_with(PlacePool.everywhere.filter(is_due()))  # everywhere: the clock asks once for all
