"""The promises of places, computed again from the rows, without trusting the counters or the constraints."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from weiyifang.capacity import queries, steps
from weiyifang.capacity.models import Claim, ClaimState, PlacePool, Share, WaitEntry, WaitState
from weiyifang.core import clock
from weiyifang.core.faults import Fault
from weiyifang.core.tenancy import current_community_id


def check() -> list[Fault]:
    """Every broken promise in the community at hand."""
    return [*_counters(), *_shares(), *_lapses(), *_holders(), *_offers(), *_past_the_end(), *_lines()]


def _rows(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"community": current_community_id()})
        return list(cursor.fetchall())


def _counters() -> Iterator[Fault]:
    """taken, held, kept and waiting are what the claims, shares and entries add up to, and all fits into the pool."""
    found = _rows(
        """SELECT p.id, p.places, p.taken, p.held, p.kept, p.waiting, c.taken, c.held, s.kept, w.waiting
        FROM capacity_placepool p
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(places) FILTER (WHERE state = 'taken'), 0) AS taken,
                   coalesce(sum(places) FILTER (WHERE state = 'held'), 0) AS held
            FROM capacity_claim WHERE community_id = %(community)s AND pool_id = p.id) c
        CROSS JOIN LATERAL (
            SELECT coalesce(sum("left"), 0) AS kept FROM capacity_share
            WHERE community_id = %(community)s AND pool_id = p.id) s
        CROSS JOIN LATERAL (
            SELECT count(*) AS waiting FROM capacity_waitentry
            WHERE community_id = %(community)s AND pool_id = p.id AND state = 'waiting') w
        WHERE p.community_id = %(community)s
            AND ((p.taken, p.held, p.kept, p.waiting) <> (c.taken, c.held, s.kept, w.waiting)
                 OR c.taken + c.held + s.kept > p.places)"""
    )
    for pk, places, *counted in found:
        said, summed = counted[:4], counted[4:]
        for name, one, other in zip(("taken", "held", "kept", "waiting"), said, summed, strict=True):
            if one != other:
                what = f"{name} says {one}, the rows say {other}"
                yield Fault(check="counters", where=f"capacity.PlacePool {pk}", what=what)
        gone = sum(int(str(one)) for one in summed[:3])
        if gone > int(str(places)):
            what = f"{gone} places are gone of {places}"
            yield Fault(check="oversold", where=f"capacity.PlacePool {pk}", what=what)


def _shares() -> Iterator[Fault]:
    """Of a share that stands, what is kept and what was taken out of it are all of it."""
    live = Claim.objects.filter(pool=OuterRef("pool"), share=OuterRef("name")).exclude(state=ClaimState.RELEASED)
    gone = Subquery(live.order_by().values("pool").annotate(n=Sum("of_share")).values("n"))
    shares = Share.objects.annotate(gone=Coalesce(gone, 0))
    for one in shares.exclude(places=F("left") + F("gone")):
        what = f"keeps {one.left} and gave {one.gone} of {one.places} for {one.name}"
        yield Fault(check="shares", where=f"capacity.PlacePool {one.pool_id}", what=what)


def _lapses() -> Iterator[Fault]:
    """A pool knows of its first hold that can lapse, and of its first share that opens; every hold has an end."""
    for share in Share.objects.exclude(pool__lapses_at__lte=F("until")):
        yield Fault(check="lapses", where=f"capacity.PlacePool {share.pool_id}", what=f"keeps {share.name} without end")
    found = _rows(
        """SELECT c.id, c.expires_at, p.lapses_at FROM capacity_claim c
        JOIN capacity_placepool p ON p.community_id = c.community_id AND p.id = c.pool_id
        WHERE c.community_id = %(community)s AND c.state = 'held'
            AND (c.expires_at IS NULL OR p.lapses_at IS NULL OR p.lapses_at > c.expires_at)"""
    )
    late = WaitEntry.objects.filter(state=WaitState.WAITING, gathers_until__gt=clock.now())
    for entry in late.exclude(pool__lapses_at__lte=F("gathers_until")):
        yield Fault(check="lapses", where=f"capacity.WaitEntry {entry.pk}", what="has places gathered without an end")
    for pk, expires_at, lapses_at in found:
        what = (
            "is held for ever"
            if expires_at is None
            else f"ends {expires_at}, its pool looks no earlier than {lapses_at}"
        )
        yield Fault(check="lapses", where=f"capacity.Claim {pk}", what=what)


def _holders() -> Iterator[Fault]:
    """One holder has one live claim and one live entry in a pool."""
    for table, states in (("claim", "'held', 'taken'"), ("waitentry", "'waiting', 'offered'")):
        found = _rows(
            f"""SELECT pool_id, holder, count(*) FROM capacity_{table}
            WHERE community_id = %(community)s AND state IN ({states})
            GROUP BY pool_id, holder HAVING count(*) > 1"""  # noqa: S608  both parts are written above
        )
        for pool_id, holder, times in found:
            yield Fault(check="holders", where=f"capacity.PlacePool {pool_id}", what=f"{holder} is there {times} times")


def _offers() -> Iterator[Fault]:
    """An offer holds the places it promises; who waits holds none; a yes came with a claim."""
    offered = WaitEntry.objects.filter(state=WaitState.OFFERED)
    kept = Q(
        claim__state=ClaimState.HELD,
        claim__pool=F("pool"),
        claim__holder=F("holder"),
        claim__places=F("places"),
        claim__expires_at=F("offer_expires_at"),
    )
    kept_ids = offered.filter(kept).values("id")
    for entry in offered.exclude(id__in=kept_ids):
        yield Fault(check="offers", where=f"capacity.WaitEntry {entry.pk}", what="offers places that no claim holds")
    for entry in WaitEntry.objects.filter(state=WaitState.WAITING, claim__isnull=False):
        yield Fault(check="offers", where=f"capacity.WaitEntry {entry.pk}", what="waits with a claim in its hand")
    for entry in WaitEntry.objects.filter(state=WaitState.ACCEPTED, claim=None):
        yield Fault(check="offers", where=f"capacity.WaitEntry {entry.pk}", what="was accepted without a claim")


def _past_the_end() -> Iterator[Fault]:
    """No offer runs longer past the end of its queue than whoever was asked last may think about it."""
    for entry in WaitEntry.objects.filter(state=WaitState.OFFERED, pool__closes_at__isnull=False).select_related(
        "pool"
    ):
        until, pool = entry.offer_expires_at, entry.pool
        if until and pool.closes_at and until > pool.closes_at + timedelta(minutes=pool.least_minutes):
            yield Fault(check="ends", where=f"capacity.WaitEntry {entry.pk}", what="is offered past the queue's end")


def _lines() -> Iterator[Fault]:
    """Nobody waits while places that fit, and that are theirs, are free."""
    open_ones = Q(closes_at=None) | Q(closes_at__gt=clock.now())
    for pool in PlacePool.objects.filter(open_ones, collects=False, waiting__gt=0, places__gt=F("taken") + F("held")):
        for entry in steps.turn(pool, queries.waiting(pool)).served:
            what = f"waits for {entry.places} places while {pool.free} are free and {pool.kept} kept"
            yield Fault(check="lines", where=f"capacity.WaitEntry {entry.pk}", what=what)
