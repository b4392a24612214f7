"""Locks that belong to no row: for what must happen one after the other before there is a row to lock.

The order in which locks are taken is one for the whole program (docs/adr/0025); these stand in it by their kind.
"""

from __future__ import annotations

from django.db import connection

from weiyifang.core import prepared
from weiyifang.core.tenancy import current_community_id


def take(kind: str, *keys: object) -> None:
    """Wait until nobody else of the community at hand holds this lock; it is let go when the transaction ends."""
    _take("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", kind, *keys)


def share(kind: str, *keys: object) -> None:
    """Wait until nobody of the community has taken this lock with `take`; others may share it at the same time."""
    _take("SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", kind, *keys)


def _take(statement: str, kind: str, *keys: object) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError(f"the lock {kind!r} taken outside a transaction would be let go at once")
    name = ":".join(map(str, (kind, current_community_id(), *keys)))
    prepared.execute(statement, [name])
