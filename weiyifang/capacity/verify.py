"""The promises of places, computed again from the rows, without trusting the counters or the constraints."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection
from django.db.models import F, Q

from weiyifang.capacity import queries, steps
from weiyifang.capacity.models import ClaimState, PlacePool, WaitEntry, WaitState
from weiyifang.core import clock
from weiyifang.core.faults import Fault
from weiyifang.core.tenancy import current_community_id


def check() -> list[Fault]:
    """Every broken promise in the community at hand."""
    return [*_counters(), *_lapses(), *_holders(), *_offers(), *_past_the_end(), *_lines()]


def _rows(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"community": current_community_id()})
        return list(cursor.fetchall())


def _counters() -> Iterator[Fault]:
    """taken, held and waiting are what the claims and entries add up to, and the claims fit into the pool."""
    found = _rows(
        """SELECT p.id, p.places, p.taken, p.held, p.waiting, c.taken, c.held, w.waiting
        FROM capacity_placepool p
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(places) FILTER (WHERE state = 'taken'), 0) AS taken,
                   coalesce(sum(places) FILTER (WHERE state = 'held'), 0) AS held
            FROM capacity_claim WHERE community_id = %(community)s AND pool_id = p.id) c
        CROSS JOIN LATERAL (
            SELECT count(*) AS waiting FROM capacity_waitentry
            WHERE community_id = %(community)s AND pool_id = p.id AND state = 'waiting') w
        WHERE p.community_id = %(community)s
            AND ((p.taken, p.held, p.waiting) <> (c.taken, c.held, w.waiting) OR c.taken + c.held > p.places)"""
    )
    for pk, places, *counted in found:
        said, summed = counted[:3], counted[3:]
        for name, one, other in zip(("taken", "held", "waiting"), said, summed, strict=True):
            if one != other:
                what = f"{name} says {one}, the rows say {other}"
                yield Fault(check="counters", where=f"capacity.PlacePool {pk}", what=what)
        gone = int(str(summed[0])) + int(str(summed[1]))
        if gone > int(str(places)):
            what = f"{gone} places are gone of {places}"
            yield Fault(check="oversold", where=f"capacity.PlacePool {pk}", what=what)


def _lapses() -> Iterator[Fault]:
    """A pool knows of its first hold that can lapse; every hold has an end."""
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
            what = f"waits for {entry.places} places while {pool.free} are free"
            yield Fault(check="lines", where=f"capacity.WaitEntry {entry.pk}", what=what)
