"""The statements that post: everything a posting decides and writes, in one round trip.

Each locks the balances in order of account and pool, which gives their latest state under READ COMMITTED; looks with
that whether the posting may be, and says what is in the way. So nothing happens between the look and the deed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from weiyifang.core import prepared

ROUTE = {"book_id": "uuid", "debit_id": "uuid", "credit_id": "uuid", "pool_id": "uuid"}
COLUMNS = {  # of a transfer that differ from one to the next, and their types
    **ROUTE,
    "id": "uuid",
    "amount": "bigint",
    "source": "text",
    "content_hash": "text",
    "memo": "text",
    "effective_on": "date",
    "party": "text",
    "journal": "uuid",
    "reverses_id": "uuid",
    "hold_id": "uuid",
}


class Row(NamedTuple):
    """One of many transfers: `route` counts from 1."""

    route: int
    id: UUID
    amount: int
    source: str
    content_hash: str
    memo: str
    effective_on: date
    party: str
    journal: UUID | None


ROW = {name: COLUMNS.get(name, "int") for name in Row._fields}
_ROW = ", ".join(ROW)
_OWN = ", ".join(Row._fields[1:])
_LISTS = ", ".join(f"%({name})s::{kind}[]" for name, kind in ROW.items())
_NAMES = ", ".join(COLUMNS)
_VALUES = ", ".join(f"%({name})s::{kind}" for name, kind in COLUMNS.items())
_INSERT = "INSERT INTO ledger_transfer (community_id, recorded_at, by_account_id"
_SELECT = "SELECT %(community)s::bigint, %(recorded_at)s::timestamptz, %(by_account_id)s::uuid"
_ONCE = "ON CONFLICT (community_id, book_id, source) DO NOTHING RETURNING"

# One transfer. When something is in the way it writes nothing, so a refusal needs no rollback. `unheld` units stop
# being held in the same moment: that is how a hold is posted.
POST_ONE = f"""
WITH verdict AS MATERIALIZED (
    SELECT 2 - count(*) AS missing,
        (array_agg(account_id) FILTER (WHERE closed))[1] AS closed,
        (array_agg(account_id) FILTER (WHERE floored AND free < 0))[1] AS short,
        max(sealed_through) FILTER (WHERE sealed_through >= %(effective_on)s::date) AS sealed
    FROM (
        SELECT account_id, floored, closed, sealed_through,
            CASE side WHEN 'debit' THEN debits - credits - held_credits ELSE credits - debits - held_debits END
                + CASE WHEN (side = 'debit') = (account_id = %(debit_id)s) THEN %(amount)s::bigint
                    ELSE %(unheld)s::bigint - %(amount)s::bigint END AS free
        FROM ledger_balance
        WHERE community_id = %(community)s AND book_id = %(book_id)s AND pool_id = %(pool_id)s
            AND account_id IN (%(debit_id)s, %(credit_id)s)
        ORDER BY account_id
        FOR NO KEY UPDATE
    ) AS locked
),
posted AS (
    {_INSERT}, {_NAMES})
    {_SELECT}, {_VALUES} FROM verdict
    WHERE missing = 0 AND closed IS NULL AND short IS NULL AND sealed IS NULL
    {_ONCE} id
),
moved AS (
    UPDATE ledger_balance SET
        debits = debits + CASE WHEN account_id = %(debit_id)s THEN %(amount)s::bigint ELSE 0 END,
        credits = credits + CASE WHEN account_id = %(credit_id)s THEN %(amount)s::bigint ELSE 0 END,
        held_debits = held_debits - CASE WHEN account_id = %(debit_id)s THEN %(unheld)s::bigint ELSE 0 END,
        held_credits = held_credits - CASE WHEN account_id = %(credit_id)s THEN %(unheld)s::bigint ELSE 0 END
    FROM posted
    WHERE community_id = %(community)s AND pool_id = %(pool_id)s AND account_id IN (%(debit_id)s, %(credit_id)s)
)
SELECT missing, closed, short, sealed, EXISTS (SELECT FROM posted)::int FROM verdict
"""  # noqa: S608 - the names above

# Many at once. Most of them share two accounts and a pool, a *route*: the n-th route has the n-th book, debit, credit
# and pool. Which sources are new is known when their transfers are in, so this one looks afterwards. When something is
# in the way no amount is moved, and the caller has to undo.
POST_MANY = f"""
WITH pair AS (
    SELECT unnest(%(debit_id)s::uuid[]) AS account_id, unnest(%(pool_id)s::uuid[]) AS pool_id
    UNION SELECT unnest(%(credit_id)s::uuid[]), unnest(%(pool_id)s::uuid[])
),
locked AS MATERIALIZED (
    SELECT * FROM ( -- a lock beside a join at the top of a WITH lets Citus misread what it kept of it
        SELECT account_id, pool_id, side, floored, closed, sealed_through,
            CASE side WHEN 'debit' THEN debits - credits - held_credits ELSE credits - debits - held_debits END AS free
        FROM ledger_balance b JOIN pair USING (account_id, pool_id)
        WHERE b.community_id = %(community)s
        ORDER BY account_id, pool_id
        FOR NO KEY UPDATE OF b
    ) AS held
),
met AS MATERIALIZED (
    SELECT (SELECT count(*) FROM pair) - count(*) AS missing FROM locked
),
posted AS (
    {_INSERT}, book_id, debit_id, credit_id, pool_id, {_OWN})
    {_SELECT}, (%(book_id)s::uuid[])[route],
        (%(debit_id)s::uuid[])[route], (%(credit_id)s::uuid[])[route], (%(pool_id)s::uuid[])[route], {_OWN}
    FROM unnest({_LISTS}) AS given({_ROW})
    WHERE (SELECT missing FROM met) = 0
    ORDER BY 5, source -- by book: two batches with the same sources wait for each other, but never in a circle
    {_ONCE} debit_id, credit_id, pool_id, amount, effective_on
),
moving AS MATERIALIZED (
    SELECT debit_id, credit_id, pool_id, count(*) AS transfers, sum(amount) AS amount, min(effective_on) AS since
    FROM posted GROUP BY debit_id, credit_id, pool_id
),
delta AS MATERIALIZED (
    SELECT account_id, pool_id, sum(debit)::bigint AS debits, sum(credit)::bigint AS credits, min(since) AS since
    FROM (
        SELECT debit_id, pool_id, amount, 0, since FROM moving
        UNION ALL SELECT credit_id, pool_id, 0, amount, since FROM moving
    ) AS side(account_id, pool_id, debit, credit, since)
    GROUP BY account_id, pool_id
),
verdict AS MATERIALIZED (
    SELECT (array_agg(account_id) FILTER (WHERE closed))[1] AS closed,
        (array_agg(account_id) FILTER (
            WHERE floored AND free + (debits - credits) * CASE side WHEN 'debit' THEN 1 ELSE -1 END < 0
        ))[1] AS short,
        max(sealed_through) FILTER (WHERE sealed_through >= since) AS sealed
    FROM locked JOIN delta USING (account_id, pool_id)
),
moved AS (
    UPDATE ledger_balance b SET debits = b.debits + d.debits, credits = b.credits + d.credits
    FROM delta d
    WHERE b.community_id = %(community)s AND b.account_id = d.account_id AND b.pool_id = d.pool_id
        AND (SELECT closed IS NULL AND short IS NULL AND sealed IS NULL FROM verdict)
)
SELECT missing, closed, short, sealed, (SELECT coalesce(sum(transfers), 0)::bigint FROM moving) FROM met, verdict
"""  # noqa: S608 - the names above


class Verdict(NamedTuple):
    """What a posting statement did, or what was in its way."""

    missing: int  # how many balances are not there: opening account and pool makes them
    closed: UUID | None  # an account that is closed
    short: UUID | None  # an account that would fall below its floor
    sealed: Any  # the last day of the sealed months, when a date lies before it
    posted: int  # how many sources were new


def post(statement: str, values: Mapping[str, Any]) -> Verdict:
    """Run `POST_ONE` or `POST_MANY`."""
    (row,) = prepared.execute(statement, values)
    return Verdict(*row)
