"""Claiming in one statement, for the rush: everything that matters stands on the pool's row, which it locks."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from weiyifang.capacity.models import Claim, ClaimState
from weiyifang.core import clock
from weiyifang.core.tenancy import current_community_id

CLAIM = """
WITH pool AS (
    UPDATE capacity_placepool
    SET taken = taken + %(taken)s, held = held + %(held)s, lapses_at = LEAST(lapses_at, %(until)s)
    WHERE community_id = %(community)s AND id = %(pool)s AND waiting = 0
        AND (lapses_at IS NULL OR lapses_at > %(now)s) AND taken + held + %(taken)s + %(held)s <= places
    RETURNING community_id, id
)
INSERT INTO capacity_claim (id, community_id, pool_id, holder, places, state, expires_at)
SELECT one.id, pool.community_id, pool.id, one.holder, one.places, %(state)s, %(until)s
FROM pool, unnest(%(ids)s::uuid[], %(holders)s::text[], %(places)s::int[]) AS one (id, holder, places)
"""


def claim(pool_id: UUID, claims: Sequence[Claim]) -> bool:
    """Insert the claims (of one state and end) and count them; False, with nothing done, if that takes more thought.

    It does when places are too few, when a hold has lapsed, or when somebody waits. The conditions name only columns
    of the pool's row: PostgreSQL checks them again on the newest version of the row when it had to wait for the lock.
    """
    places, first = sum(one.places for one in claims), claims[0]
    taken = first.state == ClaimState.TAKEN
    with connection.cursor() as cursor:
        cursor.execute(
            CLAIM,
            {
                "taken": places if taken else 0,
                "held": 0 if taken else places,
                "until": first.expires_at,
                "community": current_community_id(),
                "pool": pool_id,
                "now": clock.now(),
                "state": str(first.state),
                "ids": [one.pk for one in claims],
                "holders": [one.holder for one in claims],
                "places": [one.places for one in claims],
            },
        )
        done = bool(cursor.rowcount == len(claims))
    for one in claims:
        one._state.adding = not done
    return done
