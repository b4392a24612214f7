"""How full a pool is, and who waits."""

from __future__ import annotations

from django.db.models import QuerySet, Sum

from weiyifang.capacity.models import Claim, ClaimState, PlacePool, WaitEntry, WaitState
from weiyifang.core import clock


def free(pool: PlacePool) -> int:
    """Places of the pool that nobody has and nobody is offered at this moment.

    Holds whose time is over count as free, even before they are cleared away. While people wait, these places are
    theirs first: `services.claim` then answers `KeptForTheList`.
    """
    pool = PlacePool.objects.get(pk=pool.pk)
    over = Claim.objects.filter(pool=pool, state=ClaimState.HELD, expires_at__lte=clock.now())
    return pool.free + (over.aggregate(n=Sum("places"))["n"] or 0)


def waiting(pool: PlacePool) -> QuerySet[WaitEntry]:
    """Who waits for the pool, the first in line first (those with an offer no longer wait)."""
    return WaitEntry.objects.filter(pool=pool, state=WaitState.WAITING).order_by("joined_at", "id")


def rank(entry: WaitEntry) -> int | None:
    """The entry's place in line, 1 = next; None when it does not wait (any more)."""
    ids = waiting(entry.pool).filter(joined_at__lte=entry.joined_at).values_list("id", flat=True)
    return next((place for place, id_ in enumerate(ids, 1) if id_ == entry.id), None)
