"""Short numbers people can say on the phone ("activity no. 37"), unique within a community and kind."""

from __future__ import annotations

from django.db import connection

from weiyifang.core.ids import new_id
from weiyifang.core.tenancy import current_community_id


def next_number(kind: str, count: int = 1) -> int:
    """Reserve `count` numbers of a kind and return the first. Gaps appear only when the transaction is rolled back."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO core_counter (id, community_id, kind, last) VALUES (%s, %s, %s, %s)
            ON CONFLICT (community_id, kind) DO UPDATE SET last = core_counter.last + excluded.last RETURNING last""",
            [new_id(), current_community_id(), kind, count],
        )
        return int(cursor.fetchone()[0]) - count + 1
