"""The statements that post: everything a posting decides and writes, in one round trip.

Each locks the balances in order of account and pool, which gives their latest state under READ COMMITTED; looks with
that whether the posting may be; and only then adds the transfers and the amounts. When something is in the way it
writes nothing and says what. So a refusal needs no rollback, and nothing happens between the look and the deed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from weiyifang.core import prepared

COLUMNS = {  # of the transfer that differ from row to row, and their types
    "id": "uuid",
    "book_id": "uuid",
    "debit_id": "uuid",
    "credit_id": "uuid",
    "pool_id": "uuid",
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
_NAMES = ", ".join(COLUMNS)
_LISTS = ", ".join(f"%({name})s::{kind}[]" for name, kind in COLUMNS.items())
_VALUES = ", ".join(f"%({name})s::{kind}" for name, kind in COLUMNS.items())
_INSERT = f"INSERT INTO ledger_transfer (community_id, recorded_at, by_account_id, by_name, {_NAMES})"
_ONCE = "ON CONFLICT (community_id, book_id, source) DO NOTHING RETURNING id"

# One transfer. `unheld` units stop being held in the same moment: that is how a hold is posted.
POST_ONE = f"""
WITH locked AS MATERIALIZED (
    SELECT account_id, floored, closed, sealed_through,
        CASE side WHEN 'debit' THEN debits - credits - held_credits ELSE credits - debits - held_debits END
            + CASE WHEN (side = 'debit') = (account_id = %(debit_id)s) THEN %(amount)s
                ELSE %(unheld)s - %(amount)s END AS free
    FROM ledger_balance
    WHERE community_id = %(community)s AND book_id = %(book_id)s AND pool_id = %(pool_id)s
        AND account_id IN (%(debit_id)s, %(credit_id)s)
    ORDER BY account_id
    FOR NO KEY UPDATE
),
verdict AS MATERIALIZED (
    SELECT 2 - count(*) AS missing,
        (array_agg(account_id) FILTER (WHERE closed))[1] AS closed,
        (array_agg(account_id) FILTER (WHERE floored AND free < 0))[1] AS short,
        max(sealed_through) FILTER (WHERE sealed_through >= %(effective_on)s::date) AS sealed
    FROM locked
),
posted AS (
    {_INSERT}
    SELECT %(community)s, %(recorded_at)s, %(by_account_id)s, %(by_name)s, {_VALUES} FROM verdict
    WHERE missing = 0 AND closed IS NULL AND short IS NULL AND sealed IS NULL
    {_ONCE}
),
moved AS (
    UPDATE ledger_balance SET
        debits = debits + CASE account_id WHEN %(debit_id)s THEN %(amount)s ELSE 0 END,
        credits = credits + CASE account_id WHEN %(credit_id)s THEN %(amount)s ELSE 0 END,
        held_debits = held_debits - CASE account_id WHEN %(debit_id)s THEN %(unheld)s ELSE 0 END,
        held_credits = held_credits - CASE account_id WHEN %(credit_id)s THEN %(unheld)s ELSE 0 END
    FROM posted
    WHERE community_id = %(community)s AND pool_id = %(pool_id)s AND account_id IN (%(debit_id)s, %(credit_id)s)
)
SELECT missing, closed, short, sealed, 1, (SELECT count(*) FROM posted) FROM verdict
"""  # noqa: S608 - the names above

# Many at once. Sources that stand already are left out; when another transaction posts some of the rest in between,
# fewer are `posted` than were `fresh`, no amount is moved, and the caller has to undo.
POST_MANY = f"""
WITH fresh AS MATERIALIZED (
    SELECT given.* FROM unnest({_LISTS}) AS given({_NAMES})
    WHERE NOT EXISTS (
        SELECT FROM ledger_transfer t
        WHERE t.community_id = %(community)s AND t.book_id = given.book_id AND t.source = given.source
    )
),
delta AS MATERIALIZED (
    SELECT account_id, pool_id, book_id, sum(debit)::bigint AS debits, sum(credit)::bigint AS credits
    FROM (
        SELECT debit_id, pool_id, book_id, amount, 0 FROM fresh
        UNION ALL SELECT credit_id, pool_id, book_id, 0, amount FROM fresh
    ) AS side(account_id, pool_id, book_id, debit, credit)
    GROUP BY account_id, pool_id, book_id
),
locked AS MATERIALIZED (
    SELECT b.account_id, b.floored, b.closed, b.sealed_through,
        CASE b.side
            WHEN 'debit' THEN b.debits - b.credits - b.held_credits + d.debits - d.credits
            ELSE b.credits - b.debits - b.held_debits + d.credits - d.debits
        END AS free
    FROM ledger_balance b JOIN delta d USING (account_id, pool_id, book_id)
    WHERE b.community_id = %(community)s
    ORDER BY b.account_id, b.pool_id
    FOR NO KEY UPDATE OF b
),
verdict AS MATERIALIZED (
    SELECT (SELECT count(*) FROM delta) - count(*) AS missing,
        (array_agg(account_id) FILTER (WHERE closed))[1] AS closed,
        (array_agg(account_id) FILTER (WHERE floored AND free < 0))[1] AS short,
        max(sealed_through) FILTER (WHERE sealed_through >= (SELECT min(effective_on) FROM fresh)) AS sealed
    FROM locked
),
posted AS (
    {_INSERT}
    SELECT %(community)s, %(recorded_at)s, %(by_account_id)s, %(by_name)s, {_NAMES} FROM fresh
    WHERE (SELECT missing = 0 AND closed IS NULL AND short IS NULL AND sealed IS NULL FROM verdict)
    ORDER BY book_id, source
    {_ONCE}
),
moved AS (
    UPDATE ledger_balance b SET debits = b.debits + d.debits, credits = b.credits + d.credits
    FROM delta d
    WHERE b.community_id = %(community)s AND b.account_id = d.account_id AND b.pool_id = d.pool_id
        AND (SELECT count(*) FROM posted) = (SELECT count(*) FROM fresh)
)
SELECT missing, closed, short, sealed, (SELECT count(*) FROM fresh), (SELECT count(*) FROM posted) FROM verdict
"""  # noqa: S608 - the names above

# A pair of account and pool that meets for the first time. FOR SHARE waits for whoever is sealing the book or closing
# the account, so that the copies are right; sealing locks the book FOR NO KEY UPDATE, which foreign keys do not feel.
MEET = """
INSERT INTO ledger_balance (id, community_id, book_id, account_id, pool_id, debits, credits, held_debits, held_credits,
    side, floored, closed, sealed_through)
SELECT %(id)s, a.community_id, a.book_id, a.id, p.id, 0, 0, 0, 0, a.side, a.floored, a.closed, b.sealed_through
FROM ledger_account a
JOIN ledger_pool p ON p.community_id = a.community_id AND p.book_id = a.book_id
JOIN ledger_book b ON b.community_id = a.community_id AND b.id = a.book_id
WHERE a.community_id = %(community)s AND a.id = %(account)s AND p.id = %(pool)s
FOR SHARE OF a, b
ON CONFLICT DO NOTHING
"""


class Verdict(NamedTuple):
    """What a posting statement did, or what was in its way."""

    missing: int  # how many balances are not there yet
    closed: UUID | None  # an account that is closed
    short: UUID | None  # an account that would fall below its floor
    sealed: Any  # the last day of the sealed months, when a date lies before it
    fresh: int  # how many sources were new
    posted: int


def post(statement: str, values: Mapping[str, Any]) -> Verdict:
    """Run `POST_ONE` (a value per column) or `POST_MANY` (a list per column)."""
    (row,) = prepared.execute(statement, values)
    return Verdict(*row)
