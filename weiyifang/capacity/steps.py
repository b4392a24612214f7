"""The steps the verbs are made of. Each works on a pool whose row is locked, and keeps the instance like the row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Min

from weiyifang.capacity import events, queries
from weiyifang.capacity.line import Round, Seating, serve
from weiyifang.capacity.models import CLAIM_FLOW, Claim, ClaimState, PlacePool, Share, WaitEntry, WaitState
from weiyifang.core import actors, clock
from weiyifang.core.actors import Actor
from weiyifang.core.events import Event, announce, announced_together
from weiyifang.core.ids import new_id
from weiyifang.core.states import move
from weiyifang.core.tenancy import fill_community


def lock(pool_id: UUID) -> PlacePool:
    """The pool as it stands now; nobody else moves it until the transaction ends."""
    return PlacePool.objects.select_for_update(no_key=True).get(pk=pool_id)


def count(pool: PlacePool, **steps: int) -> None:
    """Move counters of the pool; the database refuses a step that would oversell."""
    steps = {name: step for name, step in steps.items() if step}
    if steps:
        PlacePool.objects.filter(pk=pool.pk).update(**{name: F(name) + step for name, step in steps.items()})
    for name, step in steps.items():
        setattr(pool, name, getattr(pool, name) + step)


def lapse_by(pool: PlacePool, until: datetime | None) -> None:
    """Let `lapses_at` be no later than `until`."""
    if until is not None and (pool.lapses_at is None or until < pool.lapses_at):
        pool.lapses_at = until
        PlacePool.objects.filter(pk=pool.pk).update(lapses_at=until)


def give_back(pool: PlacePool, claim: Claim) -> None:
    """Release a claim and count it off; what came out of a share goes back there while it stands."""
    counter = "held" if claim.state == ClaimState.HELD else "taken"
    move(claim, ClaimState.RELEASED, flow=CLAIM_FLOW)
    count(pool, **{counter: -claim.places, "kept": _keep_again(pool, [claim])})


def _keep_again(pool: PlacePool, gone: Iterable[Claim]) -> int:
    """Put what these claims had of shares back into those that still stand; how many places that is."""
    back, kept = Counter[str](), 0
    for claim in gone:
        back[claim.share] += claim.of_share
    for name in sorted(filter(None, back)):
        standing = Share.objects.filter(pool=pool, name=name)
        kept += back[name] if standing.update(left=F("left") + back[name]) else 0
    return kept


def take_out(pool: PlacePool, claims: Iterable[Claim], seats: Mapping[UUID, tuple[str, int]]) -> None:
    """Let these claims have what `seats` says of shares, by the claims' ids. The claims are not written here."""
    out = Counter[str]()
    for claim in claims:
        claim.share, claim.of_share = seats.get(claim.pk, ("", 0))
        out[claim.share] += claim.of_share
    for name in sorted(filter(None, out)):
        Share.objects.filter(pool=pool, name=name).update(left=F("left") - out[name])
    count(pool, kept=-out.total())


def open_due_shares(pool: PlacePool) -> list[Event]:
    """Let everybody have what is left of the shares whose time is over."""
    over = list(Share.objects.filter(pool=pool, until__lte=clock.now()).order_by("until", "name"))
    if over:
        Share.objects.filter(pk__in=[one.pk for one in over]).delete()
        count(pool, kept=-sum(one.left for one in over))
    return [
        events.ShareOpened(subject=pool.owner, pool=pool.name, share=one.name, places=one.left)
        for one in over
        if one.left
    ]


def end_due_holds(pool: PlacePool) -> list[Event]:
    """Release the holds and offers whose time is over, and open the shares."""
    now = clock.now()
    if pool.lapses_at is None or pool.lapses_at > now:
        return []
    held = Claim.objects.filter(pool=pool, state=ClaimState.HELD)
    due = list(held.filter(expires_at__lte=now).order_by("expires_at", "id"))
    ids = [one.pk for one in due]
    offers = {entry.claim_id: entry for entry in WaitEntry.objects.filter(claim__in=ids, state=WaitState.OFFERED)}
    WaitEntry.objects.filter(claim__in=ids, state=WaitState.OFFERED).update(state=WaitState.EXPIRED)
    held.filter(pk__in=ids).update(state=ClaimState.RELEASED)
    opened = open_due_shares(pool)
    count(pool, held=-sum(one.places for one in due), kept=_keep_again(pool, due))
    gathers = queries.waiting(pool).order_by().filter(gathers_until__gt=now)
    ends = [
        held.aggregate(first=Min("expires_at"))["first"],
        gathers.aggregate(first=Min("gathers_until"))["first"],
        Share.objects.filter(pool=pool).aggregate(first=Min("until"))["first"],
    ]
    pool.lapses_at = min(filter(None, ends), default=None)
    PlacePool.objects.filter(pk=pool.pk).update(lapses_at=pool.lapses_at)
    lapsed = [
        fact(events.OfferLapsed, pool, offers[one.pk])
        if one.pk in offers
        else events.HoldLapsed(subject=one.holder, owner=pool.owner, pool=pool.name, places=one.places)
        for one in due
    ]
    return [*opened, *lapsed]


def turn(pool: PlacePool, people: Iterable[WaitEntry]) -> Round:
    """Whose turn it is among `people`, given what is free."""
    return serve(
        people,
        free=pool.free,
        places=pool.places,
        skips_allowed=pool.skips_allowed,
        now=clock.now(),
        kept=queries.kept_of(pool),
    )


def hand_on(pool: PlacePool) -> list[Event]:
    """Give what is free to those who wait, in their order; when the time of the queue is over, let them go instead.

    While the pool collects, nothing happens.
    """
    if pool.collects:
        return []
    if pool.is_closed:
        return _let_go(pool)
    until = answer_by(pool)
    served = give(pool, until)
    if until is None:
        return [fact(events.PlaceTakenFromList, pool, entry) for entry in served]
    return [_offered(pool, entry, until) for entry in served]


def give(pool: PlacePool, until: datetime | None) -> list[WaitEntry]:
    """Let those whose turn it is have what is free: held until a moment, or taken (None). Returns them in order."""
    if pool.waiting == 0 or (pool.free <= 0 and not pool.kept):
        return []
    now = turn(pool, queries.waiting(pool).iterator(chunk_size=100))
    remember(pool, now)
    if not now.served:
        return []
    places = sum(entry.places for entry in now.served)
    claims, seats = [], Seating()
    for entry in now.served:
        entry.claim = Claim(
            id=new_id(),
            pool=pool,
            holder=entry.holder,
            places=entry.places,
            state=ClaimState.HELD if until else ClaimState.TAKEN,
            expires_at=until,
        )
        entry.offer_expires_at = until
        entry.state = WaitState.OFFERED if until else WaitState.ACCEPTED
        claims.append(entry.claim)
        seats |= {entry.claim.pk: now.shares[entry.pk]} if entry.pk in now.shares else {}
    fill_community(claims)
    if seats:
        take_out(pool, claims, seats)
    Claim.objects.bulk_create(claims)
    WaitEntry.objects.bulk_update(now.served, ["claim", "offer_expires_at", "state"], batch_size=500)
    count(pool, waiting=-len(now.served), **{"held" if until else "taken": places})
    lapse_by(pool, until)
    return now.served


IN_ORDER = """
UPDATE capacity_waitentry w
   SET joined_at = %(at)s::timestamptz - (cardinality(%(holders)s::text[]) - line.rank) * interval '1 microsecond'
  FROM unnest(%(holders)s::text[]) WITH ORDINALITY AS line (holder, rank)
 WHERE w.community_id = %(community)s::bigint AND w.pool_id = %(pool)s::uuid AND w.state = 'waiting'
   AND w.holder = line.holder
RETURNING w.id
"""


def put_in_order(pool: PlacePool, holders: Sequence[str]) -> None:
    """Make a line of who waits: in this order from now on, before whoever joins later.

    Raises ValueError unless these are all who wait, each once.
    """
    values: dict[str, Any] = {
        "at": clock.now(),
        "holders": list(holders),
        "community": pool.community_id,
        "pool": pool.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(IN_ORDER, values)
        found = len(cursor.fetchall())
    if not found == len(set(holders)) == len(holders) == pool.waiting:
        raise ValueError("this is not everybody who waits, once")


def _let_go(pool: PlacePool) -> list[Event]:
    """Close the turns of all who wait."""
    if pool.waiting == 0:
        return []
    left = list(queries.waiting(pool))
    WaitEntry.objects.filter(pk__in=[entry.pk for entry in left]).update(state=WaitState.CLOSED)
    count(pool, waiting=-len(left))
    return [fact(events.TurnNotReached, pool, entry) for entry in left]


def answer_by(pool: PlacePool) -> datetime | None:
    """Until when an offer made now runs: `offer_hours`, but not past the end of the queue, or `least_minutes` from now.

    None: places are given without asking.
    """
    if not pool.offer_hours:
        return None
    now = clock.now()
    until = now + timedelta(hours=pool.offer_hours)
    if pool.closes_at is None:
        return until
    return min(until, max(pool.closes_at, now + timedelta(minutes=pool.least_minutes)))


def shorten_offers(pool: PlacePool) -> None:
    """Let no open offer run longer than one made now would."""
    until = answer_by(pool)
    if until is None:
        return
    long = WaitEntry.objects.filter(pool=pool, state=WaitState.OFFERED, offer_expires_at__gt=until)
    claims = list(long.values_list("claim_id", flat=True))
    if claims:
        long.update(offer_expires_at=until)
        Claim.objects.filter(pk__in=claims).update(expires_at=until)
        lapse_by(pool, until)


def remember(pool: PlacePool, now: Round) -> None:
    """How often a group was passed over, and until when places are gathered for one from now on."""
    for entry_id, times in now.passed.items():
        WaitEntry.objects.filter(pk=entry_id).update(skips=F("skips") + times)
    if now.gathers and now.gathers[0].gathers_until is None:
        until = clock.now() + timedelta(hours=pool.gather_hours)
        WaitEntry.objects.filter(pk__in=[entry.pk for entry in now.gathers]).update(gathers_until=until)
        lapse_by(pool, until)


def offer_of(claim: Claim) -> WaitEntry | None:
    """The open offer that the claim holds places for."""
    return WaitEntry.objects.filter(claim=claim, state=WaitState.OFFERED).first()


def fact(kind: type[events.PoolEvent], pool: PlacePool, entry: WaitEntry) -> Event:
    """What happened to an entry."""
    return kind(subject=entry.holder, owner=pool.owner, pool=pool.name, places=entry.places)


def _offered(pool: PlacePool, entry: WaitEntry, until: datetime) -> Event:
    return events.PlaceOffered(subject=entry.holder, owner=pool.owner, pool=pool.name, places=entry.places, until=until)


def tell(facts: Sequence[Event], *, by: Actor) -> None:
    """Announce what `by` asked for as theirs and what only followed (an offer, a lapse) as the program's.

    Last in every verb: a reaction may use these verbs again, and nothing read before it is used after it.
    """
    with announced_together():
        for told in facts:
            announce(told, by=by if isinstance(told, events.ASKED_FOR) else actors.system())
