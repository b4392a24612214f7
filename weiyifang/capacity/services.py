"""The verbs of scarce places. Each locks its pool's row first; nothing else writes these tables.

`claim`, `claim_many`, `confirm` and `release` announce nothing of their own: whoever asked for them tells it. What
happens on the waiting list, and what happens by the clock, is announced (see `events`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.capacity import events, fast, queries, steps
from weiyifang.capacity.models import CLAIM_FLOW, WAIT_FLOW, Claim, ClaimState, PlacePool, WaitEntry, WaitState
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.ids import new_id
from weiyifang.core.refusals import Refused
from weiyifang.core.states import move
from weiyifang.core.tenancy import fill_community


class Full(Refused):
    """No place is free. `details["free"]` says how many are, of this and the refusals derived from it."""

    sentence = _("All places are taken. You can join the waiting list.")


class TooFewLeft(Full):
    """Some places are free, but not as many as were asked for."""

    sentence = _("Places left: %(free)s, and you asked for %(places)s. Take fewer or join the waiting list.")


class KeptForTheList(Full):
    """What is free belongs to those who waited first."""

    sentence = _("The free places are kept for those who waited first. You can join the waiting list.")


class AlreadyHolds(Refused):
    """One holder, one live claim in a pool."""

    sentence = _("A place here is already yours or is being kept for you.")


class AlreadyWaiting(Refused):
    """One holder, one live entry in a pool."""

    sentence = _("You are already on this waiting list.")


class GroupTooLarge(Refused):
    """More people than the pool has places."""

    sentence = _("Places in all: %(places)s. Please come as a smaller group.")


class HoldOver(Refused):
    """The time of a hold is over."""

    sentence = _("The time to confirm is over and the place has gone on. Please enrol again.")


class NoOffer(Refused):
    """There is no offer to answer: none was made, it was answered, or its time is over."""

    sentence = _("This offer is no longer open. Look at the waiting list to see where you stand.")


class QueueClosed(Refused):
    """Joined a waiting list whose time is over."""

    sentence = _("The queue is closed, for it begins soon. A seat that comes free now goes to whoever asks first.")


class StillCollects(Refused):
    """Claimed while nobody is served yet."""

    sentence = _(
        "Places here are given when enrolment closes, to everybody on the list by the same rule. Join the list."
    )


class SettledAlready(Refused):
    """The list is a line already."""

    sentence = _("The places here have been given already. Open the page again to see how it stands.")


class BelowTaken(Refused):
    """A pool cannot have fewer places than people who count on one."""

    sentence = _("Already taken or kept: %(gone)s. Choose at least that many, or release some first.")


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
    closes_at: datetime | None = None,
    least_minutes: int = 30,
    collects: bool = False,
    by: Actor,
) -> PlacePool:
    """A pool of `places` for `owner`; the one that stands, unchanged, when it has one of this name already.

    `offer_hours`: how long whoever moves up may think about it; 0 gives them the place at once. `skips_allowed`: how
    many later entries may pass a group that does not fit. `closes_at`: when its queue ends (None: never), and
    `least_minutes` how long whoever is asked shortly before may think about it. `collects`: nobody is served before
    `settle`.
    """
    pool = PlacePool(
        owner=owner,
        name=name,
        places=places,
        offer_hours=offer_hours,
        skips_allowed=skips_allowed,
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
    if places < locked.taken + locked.held:
        raise BelowTaken(gone=locked.taken + locked.held)
    if places != locked.places:
        facts.append(events.PoolResized(subject=locked.owner, pool=locked.name, before=locked.places, after=places))
        steps.count(locked, places=places - locked.places)
    facts += steps.hand_on(locked)
    steps.tell(facts, by=by)


def claim(*, pool: PlacePool, holder: str, places: int = 1, hold_until: datetime | None = None, by: Actor) -> Claim:
    """Take `places` for `holder`, or hold them until `hold_until`.

    Raises `Full` (or `TooFewLeft`, `KeptForTheList`) with `details["free"]`, `AlreadyHolds`, `AlreadyWaiting`.
    """
    return claim_many(pool=pool, wanted=[(holder, places)], hold_until=hold_until, by=by)[0]


def claim_many(
    *, pool: PlacePool, wanted: Sequence[tuple[str, int]], hold_until: datetime | None = None, by: Actor
) -> list[Claim]:
    """Take places for several holders, all or none. Raises as `claim` does.

    Usually one statement: it needs no transaction of its own, and in the caller's a refusal has changed nothing.
    """
    if hold_until is not None and hold_until <= clock.now():
        raise ValueError("a hold has to end in the future")
    state = ClaimState.TAKEN if hold_until is None else ClaimState.HELD
    claims = [
        Claim(id=new_id(), pool_id=pool.pk, holder=holder, places=places, state=state, expires_at=hold_until)
        for holder, places in wanted
    ]
    if any(one.places < 1 for one in claims):
        raise ValueError("a claim is for at least one place")
    fill_community(claims)
    try:
        if fast.claim(pool.pk, claims):
            return claims
    except fast.AlreadyThere as error:
        raise AlreadyHolds() from error
    now = fast.standing(pool.pk, [one.holder for one in claims])
    if not now.lapsed:
        _refuse_doubles(now)
        if now.free < sum(one.places for one in claims):
            raise _too_few(now.free, claims)
    _claim_in_turn(pool.pk, claims, by)
    return claims


@transaction.atomic
def _claim_in_turn(pool_id: UUID, claims: list[Claim], by: Actor) -> None:
    """The long way: clear what has lapsed, serve who waits, then see whether the newcomer's turn has come."""
    pool = steps.lock(pool_id)
    facts = steps.end_due_holds(pool) + steps.hand_on(pool)
    places, until = sum(one.places for one in claims), claims[0].expires_at
    _refuse_doubles(fast.standing(pool_id, [one.holder for one in claims]))
    if pool.collects:
        raise StillCollects()
    if pool.free < places:
        raise _too_few(pool.free, claims)
    if pool.waiting:
        newcomer = WaitEntry(pool=pool, places=places)
        now = steps.turn(pool, chain(queries.waiting(pool).iterator(chunk_size=100), [newcomer]))
        if newcomer not in now.served:
            raise KeptForTheList(free=pool.free, places=places)
        steps.pass_over(now.passed)
    steps.count(pool, **{"taken" if until is None else "held": places})
    steps.lapse_by(pool, until)
    Claim.objects.bulk_create(claims)
    steps.tell(facts, by=by)


def _refuse_doubles(now: fast.Standing) -> None:
    if now.hold:
        raise AlreadyHolds()
    if now.wait:
        raise AlreadyWaiting()


def _too_few(free: int, claims: list[Claim]) -> Full:
    places = sum(one.places for one in claims)
    return TooFewLeft(free=free, places=places) if free > 0 else Full(free=0, places=places)


@transaction.atomic
def confirm(*, claim: Claim, by: Actor) -> None:
    """Turn a hold into a taken place. Raises `HoldOver` when its time is over or it was released."""
    pool = steps.lock(claim.pool_id)
    claim.refresh_from_db()
    if claim.state == ClaimState.RELEASED or (claim.expires_at and claim.expires_at <= clock.now()):
        raise HoldOver()
    facts = []
    if (entry := steps.offer_of(claim)) is not None:
        move(entry, WaitState.ACCEPTED, flow=WAIT_FLOW)
        facts.append(steps.fact(events.OfferAccepted, pool, entry))
    move(claim, ClaimState.TAKEN, flow=CLAIM_FLOW, expires_at=None)
    steps.count(pool, held=-claim.places, taken=claim.places)
    steps.tell(facts, by=by)


@transaction.atomic
def release(*, claim: Claim, by: Actor) -> None:
    """Give the places of a claim back; whoever waits gets them in the same transaction.

    Raises `ForbiddenMove` when it was released before. The claim of an open offer is released by declining.
    """
    pool = steps.lock(claim.pool_id)
    claim.refresh_from_db()
    facts = []
    if (entry := steps.offer_of(claim)) is not None:
        move(entry, WaitState.DECLINED, flow=WAIT_FLOW)
        facts.append(steps.fact(events.OfferDeclined, pool, entry))
    steps.give_back(pool, claim)
    facts += steps.end_due_holds(pool) + steps.hand_on(pool)
    steps.tell(facts, by=by)


@transaction.atomic
def wait(*, pool: PlacePool, holder: str, places: int = 1, by: Actor) -> WaitEntry:
    """Join the waiting list; when places that fit are free, they are offered (or given) at once.

    Raises `QueueClosed`, `GroupTooLarge`, `AlreadyHolds`, `AlreadyWaiting`. Announces `WaitingJoined`.
    """
    if places < 1:
        raise ValueError("nobody waits for nothing")
    locked = steps.lock(pool.pk)
    if locked.is_closed:
        raise QueueClosed()
    facts = steps.end_due_holds(locked)
    if places > locked.places:
        raise GroupTooLarge(places=locked.places)
    _check_not_there(locked, holder)
    entry = WaitEntry(pool=locked, holder=holder, places=places, joined_at=clock.now())
    entry.save(force_insert=True)
    steps.count(locked, waiting=1)
    facts.append(steps.fact(events.WaitingJoined, locked, entry))
    facts += steps.hand_on(locked)
    entry.refresh_from_db()
    steps.tell(facts, by=by)
    return entry


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
    steps.put_in_order(locked, order)
    locked.collects = False
    locked.save(update_fields=["collects"])
    served = steps.give(locked, None)
    steps.tell(steps.hand_on(locked), by=by)
    return [entry.holder for entry in served]


@transaction.atomic
def accept(*, entry: WaitEntry, by: Actor) -> Claim:
    """Say yes to an offer. Raises `NoOffer` when its time is over or it is gone. Announces `OfferAccepted`."""
    steps.lock(entry.pool_id)
    entry.refresh_from_db()
    until = entry.offer_expires_at
    if entry.state != WaitState.OFFERED or until is None or until <= clock.now():
        raise NoOffer()
    claim: Claim = entry.claim
    confirm(claim=claim, by=by)
    entry.refresh_from_db()
    return claim


@transaction.atomic
def decline(*, entry: WaitEntry, by: Actor) -> None:
    """Say no to an offer; it goes to the next. Raises `NoOffer`. Announces `OfferDeclined`."""
    _end_entry(entry, WaitState.DECLINED, events.OfferDeclined, by=by)


@transaction.atomic
def leave(*, entry: WaitEntry, by: Actor) -> None:
    """Leave the waiting list, with or without an offer. Raises `NoOffer` when it is over. Announces `WaitingLeft`."""
    _end_entry(entry, WaitState.LEFT, events.WaitingLeft, by=by)


@transaction.atomic
def come_back(*, entry: WaitEntry, by: Actor) -> None:
    """Take the turn that was left: the same entry, with its moment and how often it was passed over.

    Who was served meanwhile stays served. Raises `NoOffer` unless it was left without an offer, `QueueClosed`,
    `AlreadyHolds` and `AlreadyWaiting` as `wait` does. Announces `WaitingJoined`.
    """
    pool = steps.lock(entry.pool_id)
    if pool.is_closed:
        raise QueueClosed()
    entry.refresh_from_db()
    if entry.state != WaitState.LEFT or entry.claim_id is not None:
        raise NoOffer()
    _check_not_there(pool, entry.holder)
    facts = steps.end_due_holds(pool)
    move(entry, WaitState.WAITING, flow=WAIT_FLOW)
    steps.count(pool, waiting=1)
    facts += [steps.fact(events.WaitingJoined, pool, entry), *steps.hand_on(pool)]
    steps.tell(facts, by=by)


def _check_not_there(pool: PlacePool, holder: str) -> None:
    """Raise `AlreadyHolds` or `AlreadyWaiting`."""
    live = Claim.objects.filter(pool=pool, holder=holder).exclude(state=ClaimState.RELEASED)
    if live.exists():
        raise AlreadyHolds()
    if queries.waiting(pool).filter(holder=holder).exists():
        raise AlreadyWaiting()


def _end_entry(entry: WaitEntry, to: WaitState, kind: type[events.PoolEvent], *, by: Actor) -> None:
    pool = steps.lock(entry.pool_id)
    entry.refresh_from_db()
    if to not in WAIT_FLOW.get(WaitState(entry.state), frozenset()):
        raise NoOffer()
    claim = entry.claim if entry.state == WaitState.OFFERED else None
    move(entry, to, flow=WAIT_FLOW)
    if claim is None:
        steps.count(pool, waiting=-1)
    else:
        steps.give_back(pool, claim)
    facts = [steps.fact(kind, pool, entry), *steps.end_due_holds(pool), *steps.hand_on(pool)]
    steps.tell(facts, by=by)


def expire_due(*, by: Actor) -> int:
    """End every hold, offer and queue whose time is over and hand the places on. Returns how many holds ended.

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
