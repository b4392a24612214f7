"""The waiting list: joined, left, come back to, and the offers it makes."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.capacity import events, queries, steps
from weiyifang.capacity.models import WAIT_FLOW, Claim, ClaimState, PlacePool, WaitEntry, WaitState
from weiyifang.capacity.services.claims import NOBODY_FITS, AlreadyHolds, AlreadyWaiting, Fits, confirm
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.events import Event
from weiyifang.core.ids import new_id
from weiyifang.core.refusals import Refused
from weiyifang.core.states import move
from weiyifang.core.tenancy import fill_community


class GroupTooLarge(Refused):
    """More people than the pool has places."""

    sentence = _("Places in all: %(places)s. Please come as a smaller group.")


class NoOffer(Refused):
    """There is no offer to answer: none was made, it was answered, or its time is over."""

    sentence = _("This offer is no longer open. Look at the waiting list to see where you stand.")


class QueueClosed(Refused):
    """Joined a waiting list whose time is over."""

    sentence = _("The queue is closed, for it begins soon. A seat that comes free now goes to whoever asks first.")


@transaction.atomic
def wait(*, pool: PlacePool, holder: str, places: int = 1, fits: Fits = NOBODY_FITS, by: Actor) -> WaitEntry:
    """Join the waiting list; when places that fit are free, they are offered (or given) at once.

    Raises `QueueClosed`, `GroupTooLarge`, `AlreadyHolds`, `AlreadyWaiting`. Announces `WaitingJoined`.
    """
    return wait_together(pool=pool, wanted=[(holder, places)], fits=fits, by=by)[0]


@transaction.atomic
def wait_together(
    *, pool: PlacePool, wanted: Sequence[tuple[str, int]], fits: Fits = NOBODY_FITS, by: Actor
) -> list[WaitEntry]:
    """Join the waiting list as a group: its turn comes when there are places for all of them. Otherwise like `wait`.

    Each has a turn of their own and may leave it, or say no to the offer, without the others. `fits`: the shares each
    of them fits as they join; a place of one may be their turn while others before them go on waiting.
    """
    if not wanted or any(places < 1 for _holder, places in wanted):
        raise ValueError("nobody waits for nothing")
    locked = steps.lock(pool.pk)
    if locked.is_closed:
        raise QueueClosed()
    facts = steps.end_due_holds(locked)
    if sum(places for _holder, places in wanted) > locked.places:
        raise GroupTooLarge(places=locked.places)
    together, now = new_id() if len(wanted) > 1 else None, clock.now()
    entries = [
        WaitEntry(
            id=new_id(),
            pool=locked,
            holder=holder,
            places=places,
            joined_at=now,
            together=together,
            fits=dict(fits.get(holder, {})),
        )
        for holder, places in wanted
    ]
    for entry in entries:
        _check_not_there(locked, entry.holder)
    fill_community(entries)
    WaitEntry.objects.bulk_create(entries)
    steps.count(locked, waiting=len(entries))
    facts += [steps.fact(events.WaitingJoined, locked, entry) for entry in entries]
    facts += steps.hand_on(locked)
    for entry in entries:
        entry.refresh_from_db()
    steps.tell(facts, by=by)
    return entries


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
    _end_entries([entry], WaitState.DECLINED, events.OfferDeclined, by=by)


@transaction.atomic
def leave(*, entry: WaitEntry, by: Actor) -> None:
    """Leave the waiting list, with or without an offer. Raises `NoOffer` when it is over. Announces `WaitingLeft`."""
    leave_together(entries=[entry], by=by)


@transaction.atomic
def leave_together(*, entries: Sequence[WaitEntry], by: Actor) -> None:
    """Leave the waiting list of one pool, all at once; otherwise like `leave`."""
    _end_entries(entries, WaitState.LEFT, events.WaitingLeft, by=by)


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


def _end_entries(entries: Sequence[WaitEntry], to: WaitState, kind: type[events.PoolEvent], *, by: Actor) -> None:
    pool = steps.lock(entries[0].pool_id)
    facts: list[Event] = []
    for entry in entries:
        entry.refresh_from_db()
        if to not in WAIT_FLOW.get(WaitState(entry.state), frozenset()):
            raise NoOffer()
        claim = entry.claim if entry.state == WaitState.OFFERED else None
        move(entry, to, flow=WAIT_FLOW)
        if claim is None:
            steps.count(pool, waiting=-1)
        else:
            steps.give_back(pool, claim)
        facts.append(steps.fact(kind, pool, entry))
    facts += [*steps.end_due_holds(pool), *steps.hand_on(pool)]
    steps.tell(facts, by=by)
