"""Claiming in one statement, for the rush: everything that matters stands on the pool's row, which it locks.

They are prepared: planning takes longer than running.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection

from weiyifang.capacity.models import Claim, ClaimState
from weiyifang.core import clock, prepared
from weiyifang.core.tenancy import current_community_id

CLAIM = """
WITH pool AS (
    UPDATE capacity_placepool
    SET taken = taken + %(taken)s::int, held = held + %(held)s::int,
        lapses_at = LEAST(lapses_at, %(until)s::timestamptz)
    WHERE community_id = %(community)s::bigint AND id = %(pool)s::uuid AND waiting = 0 AND NOT collects
        AND (lapses_at IS NULL OR lapses_at > %(now)s::timestamptz)
        AND taken + held + kept + %(taken)s::int + %(held)s::int <= places
    RETURNING community_id, id
), added AS (
    INSERT INTO capacity_claim (id, community_id, pool_id, holder, places, state, expires_at)
    SELECT {one}, pool.community_id, pool.id, {two}, %(state)s::text, %(until)s::timestamptz
    FROM pool{wanted}{conflict}
    RETURNING 1
)
SELECT (SELECT count(*) FROM pool), (SELECT count(*) FROM added)
"""
SEVERAL = {
    "one": "one.id",
    "two": "one.holder, one.places",
    "wanted": ", json_to_recordset(%(claims)s::json) AS one (id uuid, holder text, places int)",
}
SINGLE = {"one": "%(id)s::uuid", "two": "%(holder)s::text, %(size)s::int", "wanted": ""}  # a third faster than SEVERAL
NOTHING = "\n    ON CONFLICT (community_id, pool_id, holder) WHERE state <> 'released' DO NOTHING"
# by itself the statement may fail as a whole; in somebody's transaction it must not, for that would end theirs
STATEMENTS = {
    (is_single, in_transaction): CLAIM.format(
        **(SINGLE if is_single else SEVERAL), conflict=NOTHING if in_transaction else ""
    )
    for is_single in (True, False)
    for in_transaction in (True, False)
}
UNDO = """
WITH gone AS (DELETE FROM capacity_claim WHERE community_id = %(community)s::bigint AND id = ANY(%(ids)s::uuid[]))
UPDATE capacity_placepool SET taken = taken - %(taken)s::int, held = held - %(held)s::int
WHERE community_id = %(community)s::bigint AND id = %(pool)s::uuid
"""
STANDING = """
SELECT places - taken - held - kept, kept,
    lapses_at <= %(now)s::timestamptz OR (waiting > 0 AND closes_at <= %(now)s::timestamptz),
    EXISTS (SELECT FROM capacity_claim c WHERE c.community_id = %(community)s::bigint AND c.pool_id = p.id
        AND c.holder = ANY(%(holders)s::text[]) AND c.state <> 'released'),
    EXISTS (SELECT FROM capacity_waitentry w WHERE w.community_id = %(community)s::bigint AND w.pool_id = p.id
        AND w.holder = ANY(%(holders)s::text[]) AND w.state = 'waiting')
FROM capacity_placepool p WHERE community_id = %(community)s::bigint AND id = %(pool)s::uuid
"""


@dataclass(frozen=True)
class Standing:
    """How a pool stands towards some holders, without its lock. `lapsed`: a hold, a share or the queue may be over and
    not cleared away."""

    free: int
    kept: int
    lapsed: bool
    hold: bool
    wait: bool


class AlreadyThere(Exception):
    """One of the holders has a live claim."""


def claim(pool_id: UUID, claims: Sequence[Claim]) -> bool:
    """Insert the claims (of one state and end) and count them; False, with nothing done, if that takes more thought.

    It does when places are too few, when a hold has lapsed, when somebody waits, or while the pool collects. The
    conditions name only columns of the pool's row: PostgreSQL checks them again on its newest version when it had to
    wait for the lock.
    Raises `AlreadyThere`, also with nothing done. Outside a transaction it is one.
    """
    places, first = sum(one.places for one in claims), claims[0]
    is_taken, is_single = first.state == ClaimState.TAKEN, len(claims) == 1
    values: dict[str, Any] = {
        "taken": places if is_taken else 0,
        "held": 0 if is_taken else places,
        "until": first.expires_at,
        "community": current_community_id(),
        "pool": pool_id,
        "now": clock.now(),
        "state": str(first.state),
    }
    if is_single:
        values |= {"id": first.pk, "holder": first.holder, "size": first.places}
    else:
        rows = [{"id": one.pk, "holder": one.holder, "places": one.places} for one in claims]
        values |= {"claims": prepared.recordset(rows)}
    try:
        counted, added = prepared.execute(STATEMENTS[is_single, connection.in_atomic_block], values)[0]
        if counted and added < len(claims):
            prepared.execute(UNDO, values | {"ids": [one.pk for one in claims]})
            raise AlreadyThere
    except IntegrityError as error:
        if "claim_once" in str(error):
            raise AlreadyThere from error
        raise
    for one in claims:
        one._state.adding = not added
    return bool(added)


def standing(pool_id: UUID, holders: Sequence[str]) -> Standing:
    """Why a claim may have failed, in one statement. In a rush most people come too late: they get no lock."""
    values = {"community": current_community_id(), "pool": pool_id, "now": clock.now(), "holders": list(holders)}
    rows = prepared.execute(STANDING, values)
    free, kept, lapsed, hold, wait = rows[0] if rows else (0, 0, False, False, False)
    return Standing(free, kept, bool(lapsed), hold, wait)
