"""Pools of places: opened, resized, closed in time, and settled where everybody stood in one list first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.capacity import events, queries, steps
from weiyifang.capacity.models import PlacePool, Share
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import fill_community


class SettledAlready(Refused):
    """The list is a line already."""

    sentence = _("The places here have been given already. Open the page again to see how it stands.")


class BelowTaken(Refused):
    """A pool cannot have fewer places than people who count on one."""

    sentence = _("Already taken or kept: %(gone)s. Choose at least that many, or release some first.")


class SomebodyIsThere(Refused):
    """Shares changed under somebody who has a place, or waits for one."""

    sentence = _("Somebody has a seat here or waits for one, so what is kept can no longer be changed.")


def locked(owners: Iterable[str]) -> dict[str, PlacePool]:
    """The pools of these owners as they stand now, by owner; nobody else moves them until the transaction ends."""
    return {pool.owner: pool for pool in queries.pools_of(owners).select_for_update(no_key=True)}


def open_pool(
    *,
    owner: str,
    places: int,
    name: str = "",
    offer_hours: int = 24,
    skips_allowed: int = 3,
    gather_hours: int = 24,
    closes_at: datetime | None = None,
    least_minutes: int = 30,
    collects: bool = False,
    by: Actor,
) -> PlacePool:
    """A pool of `places` for `owner`; the one that stands, unchanged, when it has one of this name already.

    `offer_hours`: how long whoever moves up may think about it; 0 gives them the place at once. `skips_allowed`: how
    many later ones may pass a group that does not fit, `gather_hours` how long free places are then kept for it before
    everybody may. `closes_at`: when its queue ends (None: never), and `least_minutes` how long whoever is asked shortly
    before may think about it. `collects`: nobody is served before `settle`.
    """
    pool = PlacePool(
        owner=owner,
        name=name,
        places=places,
        offer_hours=offer_hours,
        skips_allowed=skips_allowed,
        gather_hours=gather_hours,
        closes_at=closes_at,
        least_minutes=least_minutes,
        collects=collects,
    )
    fill_community([pool])
    PlacePool.objects.bulk_create([pool], ignore_conflicts=True)
    return PlacePool.objects.get(owner=owner, name=pool.name)  # as the column cleaned it


@transaction.atomic
def open_pools(
    *,
    owners: Mapping[str, datetime | None],
    places: int,
    name: str = "",
    offer_hours: int = 24,
    gather_hours: int = 24,
    least_minutes: int = 30,
    collects: bool = False,
    by: Actor,
) -> None:
    """A pool like this for each owner, whose queue ends at the moment given with it, in one statement.

    Those that stand are left as they are.
    """
    pools = [
        PlacePool(
            owner=owner,
            name=name,
            places=places,
            offer_hours=offer_hours,
            gather_hours=gather_hours,
            closes_at=closes_at,
            least_minutes=least_minutes,
            collects=collects,
        )
        for owner, closes_at in owners.items()
    ]
    fill_community(pools)
    PlacePool.objects.bulk_create(pools, ignore_conflicts=True)


@transaction.atomic
def close_at(*, pool: PlacePool, closes_at: datetime | None, least_minutes: int | None = None, by: Actor) -> None:
    """Let the queue end at another moment. Offers that run longer than fits are shortened; who was let go stays so.

    `least_minutes` (None: as before) goes with it: an offer may outlast the end of the queue by as much.
    """
    locked = steps.lock(pool.pk)
    least = locked.least_minutes if least_minutes is None else least_minutes
    if (locked.closes_at, locked.least_minutes) == (closes_at, least):
        return
    locked.closes_at, locked.least_minutes = closes_at, least
    locked.save(update_fields=["closes_at", "least_minutes"])
    facts = steps.end_due_holds(locked)
    steps.shorten_offers(locked)
    steps.tell(facts + steps.hand_on(locked), by=by)


@transaction.atomic
def resize(*, pool: PlacePool, places: int, by: Actor) -> None:
    """Give the pool `places`; more go to the waiting list first. Raises `BelowTaken`. Announces `PoolResized`."""
    locked = steps.lock(pool.pk)
    facts = steps.end_due_holds(locked) + steps.hand_on(locked)  # what lapsed is theirs who wait, even now
    gone = locked.taken + locked.held + locked.kept
    if places < gone:
        raise BelowTaken(gone=gone)
    if places != locked.places:
        facts.append(events.PoolResized(subject=locked.owner, pool=locked.name, before=locked.places, after=places))
        steps.count(locked, places=places - locked.places)
    facts += steps.hand_on(locked)
    steps.tell(facts, by=by)


@transaction.atomic
def collect(*, pool: PlacePool, collects: bool, by: Actor) -> None:
    """Let a pool collect wishes first, or serve whoever comes. Raises ValueError when anybody is there already."""
    locked = steps.lock(pool.pk)
    if locked.collects == collects:
        return
    if locked.taken or locked.held or locked.waiting:
        raise ValueError("somebody relies on how places are given here")
    locked.collects = collects
    locked.save(update_fields=["collects"])


@transaction.atomic
def settle(*, pool: PlacePool, order: Sequence[str], by: Actor) -> list[str]:
    """Make a line of everybody who waits for a pool that collects, in this order, and give places to the first.

    Returns their holders; their places are not announced. Whoever joins from now on comes after all these. Raises
    `SettledAlready`, and ValueError unless `order` names everybody who waits, once.
    """
    locked = steps.lock(pool.pk)
    if not locked.collects:
        raise SettledAlready()
    facts = steps.end_due_holds(locked)
    steps.put_in_order(locked, order)
    locked.collects = False
    locked.save(update_fields=["collects"])
    served = steps.give(locked, None)
    steps.tell(facts + steps.hand_on(locked), by=by)
    return [entry.holder for entry in served]


@transaction.atomic
def share_out(*, pool: PlacePool, shares: Sequence[tuple[str, int, datetime]], by: Actor) -> None:
    """Let so many places stand for each name until its moment, instead of the shares there were.

    One whose moment is over is left out. Raises `BelowTaken` when the pool has not as many places, and
    `SomebodyIsThere`.
    """
    locked = steps.lock(pool.pk)
    if locked.taken or locked.held or locked.waiting:
        raise SomebodyIsThere()
    Share.objects.filter(pool=locked).delete()
    rows = [
        Share(pool=locked, name=name, places=places, left=places, until=until)
        for name, places, until in shares
        if until > clock.now()
    ]
    kept = sum(one.places for one in rows)
    if kept > locked.places:
        raise BelowTaken(gone=kept)
    fill_community(rows)
    Share.objects.bulk_create(rows)
    steps.count(locked, kept=kept - locked.kept)
    for one in rows:
        steps.lapse_by(locked, one.until)


@transaction.atomic
def open_shares_at(*, pool: PlacePool, moments: Mapping[str, datetime], by: Actor) -> None:
    """Let the shares that still stand open to all at these moments, by their names; one that is over stays open.

    What opens by it goes to who waits in the same transaction. Announces `ShareOpened`.
    """
    locked = steps.lock(pool.pk)
    facts = steps.end_due_holds(locked)
    for name, until in sorted(moments.items()):
        if Share.objects.filter(pool=locked, name=name).update(until=until):
            steps.lapse_by(locked, until)
    facts += steps.end_due_holds(locked)
    steps.tell(facts + steps.hand_on(locked), by=by)


@transaction.atomic
def end_shares(*, pool: PlacePool, by: Actor) -> None:
    """What the pool is of is called off: nothing is kept for anybody any more. Nobody is served by it."""
    locked = steps.lock(pool.pk)
    Share.objects.filter(pool=locked).delete()
    steps.count(locked, kept=-locked.kept)


def expire_due(*, by: Actor) -> int:
    """End every hold, offer, share and queue whose time is over and hand the places on. Returns how many ended.

    For a job that runs every minute: one short transaction per pool.
    """
    due = PlacePool.objects.filter(queries.is_due()).order_by("id").values_list("id", flat=True)
    return sum(_expire(pool_id, by) for pool_id in list(due))


@transaction.atomic
def _expire(pool_id: UUID, by: Actor) -> int:
    pool = steps.lock(pool_id)
    lapsed = steps.end_due_holds(pool)
    steps.tell(lapsed + steps.hand_on(pool), by=by)
    return len(lapsed)
