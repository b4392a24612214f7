"""Does the ledger keep its promises? Everything is recomputed from transfers, holds and seals, without the verbs.

Run by `weiyifang verify`. Looks at the community at hand, or at all of them when none is chosen.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from weiyifang.core.faults import Fault
from weiyifang.core.tenancy import chosen_community_id
from weiyifang.ledger import chain
from weiyifang.ledger.models import month_end, month_of

Pair = tuple[UUID, UUID]  # the ids of account and pool
Closing = tuple[UUID, UUID, int, int]  # and debits and credits
Book = tuple[int, UUID]  # the ids of community and book

# Each gives (where, what) for every row that breaks the promise. `{here}` limits the rows to the community at hand.
CHECKS = {
    "balance": """
        WITH moved AS (
            SELECT community_id, account_id, pool_id, sum(d) AS debits, sum(c) AS credits, sum(hd) AS held_debits,
                sum(hc) AS held_credits
            FROM (
                SELECT community_id, debit_id, pool_id, amount, 0, 0, 0 FROM ledger_transfer WHERE {here}
                UNION ALL SELECT community_id, credit_id, pool_id, 0, amount, 0, 0 FROM ledger_transfer WHERE {here}
                UNION ALL SELECT community_id, debit_id, pool_id, 0, 0, amount, 0 FROM ledger_hold h WHERE {here}
                    AND NOT EXISTS (SELECT FROM ledger_holdresolution r
                        WHERE {r_here} AND r.community_id = h.community_id AND r.hold_id = h.id)
                UNION ALL SELECT community_id, credit_id, pool_id, 0, 0, 0, amount FROM ledger_hold h WHERE {here}
                    AND NOT EXISTS (SELECT FROM ledger_holdresolution r
                        WHERE {r_here} AND r.community_id = h.community_id AND r.hold_id = h.id)
            ) AS side(community_id, account_id, pool_id, d, c, hd, hc)
            GROUP BY community_id, account_id, pool_id
        )
        SELECT format('ledger.balance:%s', coalesce(b.id::text, 'missing for account ' || m.account_id || ', pool ' ||
                m.pool_id)),
            format('says debits %s, credits %s, held %s and %s; the rows say %s, %s, %s and %s', b.debits, b.credits,
                b.held_debits, b.held_credits, m.debits, m.credits, m.held_debits, m.held_credits)
        FROM (SELECT * FROM ledger_balance WHERE {here}) b FULL JOIN moved m USING (community_id, account_id, pool_id)
        WHERE (coalesce(b.debits, -1), coalesce(b.credits, -1), coalesce(b.held_debits, -1),
                coalesce(b.held_credits, -1))
            <> (coalesce(m.debits, 0), coalesce(m.credits, 0), coalesce(m.held_debits, 0), coalesce(m.held_credits, 0))
        """,
    "pair": """
        SELECT format('ledger.balance:missing for account %s, pool %s', a.id, p.id), 'nothing can be posted there'
        FROM ledger_account a
        JOIN ledger_pool p ON p.community_id = a.community_id AND p.book_id = a.book_id
        WHERE {a_here} AND NOT EXISTS (SELECT FROM ledger_balance b
            WHERE {b_here} AND b.community_id = a.community_id AND b.account_id = a.id AND b.pool_id = p.id)
        """,
    "floor": """
        SELECT format('ledger.balance:%s', id), format('free amount %s is below the floor', free)
        FROM (
            SELECT *, CASE side WHEN 'debit' THEN debits - credits - held_credits
                ELSE credits - debits - held_debits END AS free FROM ledger_balance WHERE {here}
        ) b WHERE floored AND free < 0
        """,
    "copies": """
        SELECT format('ledger.balance:%s', b.id), 'book, side, floor, closing or sealing differ from the account''s'
        FROM ledger_balance b
        JOIN ledger_account a ON a.community_id = b.community_id AND a.id = b.account_id
        JOIN ledger_pool p ON p.community_id = b.community_id AND p.id = b.pool_id
        JOIN ledger_book k ON k.community_id = b.community_id AND k.id = b.book_id
        WHERE {b_here} AND (b.book_id, b.book_id, b.side, b.floored, b.closed, coalesce(b.sealed_through, '-infinity'))
            <> (a.book_id, p.book_id, a.side, a.floored, a.closed, coalesce(k.sealed_through, '-infinity'))
        """,
    "pool": """
        SELECT format('ledger.pool:%s', pool_id), format('debits %s, credits %s; held %s and %s', sum(debits),
            sum(credits), sum(held_debits), sum(held_credits))
        FROM ledger_balance WHERE {here} GROUP BY community_id, pool_id
        HAVING sum(debits) <> sum(credits) OR sum(held_debits) <> sum(held_credits)
        """,
    "book": """
        SELECT format('ledger.transfer:%s', t.id), 'accounts or pool are of another book, or the amount is not possible'
        FROM ledger_transfer t
        JOIN ledger_account d ON d.community_id = t.community_id AND d.id = t.debit_id
        JOIN ledger_account c ON c.community_id = t.community_id AND c.id = t.credit_id
        JOIN ledger_pool p ON p.community_id = t.community_id AND p.id = t.pool_id
        WHERE {t_here} AND (t.amount <= 0 OR t.debit_id = t.credit_id
            OR (d.book_id, c.book_id, p.book_id) <> (t.book_id, t.book_id, t.book_id))
        """,
    "reversal": """
        SELECT format('ledger.transfer:%s', r.id), format('reverses %s, but not the other way round', o.id)
        FROM ledger_transfer r
        JOIN ledger_transfer o ON o.community_id = r.community_id AND o.id = r.reverses_id
        WHERE {r_here} AND ((r.debit_id, r.credit_id, r.pool_id) <> (o.credit_id, o.debit_id, o.pool_id)
            OR o.reverses_id IS NOT NULL)
        UNION ALL
        SELECT format('ledger.transfer:%s', o.id), format('%s of %s was taken back', sum(r.amount), o.amount)
        FROM ledger_transfer r
        JOIN ledger_transfer o ON o.community_id = r.community_id AND o.id = r.reverses_id
        WHERE {r_here} GROUP BY o.id, o.amount HAVING sum(r.amount) > o.amount
        """,
    "hold": """
        SELECT format('ledger.hold:%s', h.id),
            format('ended %s times, as %s, with %s transfers of %s in all; %s was held', r.times,
            coalesce(r.outcomes, '-'), t.times, t.amount, h.amount)
        FROM ledger_hold h
        CROSS JOIN LATERAL (
            SELECT count(*) AS times, string_agg(outcome, ', ') AS outcomes, coalesce(sum(amount), 0) AS amount
            FROM ledger_holdresolution WHERE {here} AND community_id = h.community_id AND hold_id = h.id
        ) r
        CROSS JOIN LATERAL (
            SELECT count(*) AS times, coalesce(sum(amount), 0) AS amount,
                bool_and((debit_id, credit_id, pool_id) = (h.debit_id, h.credit_id, h.pool_id)) AS same
            FROM ledger_transfer WHERE {here} AND community_id = h.community_id AND hold_id = h.id
        ) t
        WHERE {h_here} AND (r.times > 1 OR t.times <> (r.outcomes = 'posted')::int OR t.amount <> r.amount
            OR t.amount > h.amount OR NOT coalesce(t.same, true) OR (r.times = 0 AND t.times > 0))
        """,
    "sealed through": """
        SELECT format('ledger.book:%s', b.id), format('is sealed through %s, its last sealed month is %s',
            coalesce(b.sealed_through::text, '-'), coalesce(to_char(p.month, 'YYYY-MM'), '-'))
        FROM ledger_book b
        CROSS JOIN LATERAL (
            SELECT max(month) AS month FROM ledger_period
            WHERE {here} AND community_id = b.community_id AND book_id = b.id
        ) p
        WHERE {b_here} AND b.sealed_through IS DISTINCT FROM (p.month + interval '1 month' - interval '1 day')::date
        """,
}


def check() -> list[Fault]:
    """Every broken promise of the ledger, naming the row; empty when all are kept."""
    community_id = chosen_community_id()
    faults: list[Fault] = []
    with transaction.atomic(), connection.cursor() as cursor:
        for name, statement in CHECKS.items():
            limits = {f"{t}here": _limit(t.rstrip("_"), community_id) for t in ("", "a_", "b_", "t_", "r_", "h_")}
            cursor.execute(statement.format(**limits))
            faults += [Fault(check=f"ledger {name}", where=where, what=what) for where, what in cursor.fetchall()]
        faults += _check_rows(community_id)
    return faults


def _limit(table: str, community_id: int | None) -> str:
    column = f"{table}.community_id" if table else "community_id"
    return "true" if community_id is None else f"{column} = {int(community_id)}"


class _Row(NamedTuple):
    """A transfer with its seal, as the chain needs it: the second to the thirteenth are its content."""

    id: UUID
    community_id: int
    book_id: UUID
    debit_id: UUID
    credit_id: UUID
    pool_id: UUID
    amount: int
    source: str
    memo: str
    effective_on: date
    party: str
    reverses_id: UUID | None
    hold_id: UUID | None
    journal: UUID | None
    recorded_at: datetime
    by_account_id: UUID | None
    content_hash: str
    seal_no: int | None
    hash: str | None


class _Period(NamedTuple):
    """A sealed month."""

    id: UUID
    community_id: int
    book_id: UUID
    code: str
    month: date
    head_no: int
    transfers: int
    rows_hash: str
    root_hash: str


@dataclass
class _Month:
    """What a month's transfers add up to."""

    tree: chain.Tree = field(default_factory=chain.Tree)
    in_line: Any = field(default_factory=hashlib.sha256)  # of months that were sealed before there was a tree
    moved: dict[Pair, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))


def _check_rows(community_id: int | None) -> Iterator[Fault]:
    """Rehash every transfer and its seal in order of number, then the months from what was seen on the way."""
    months: dict[Book, dict[date, _Month]] = defaultdict(lambda: defaultdict(_Month))
    periods = _periods(community_id)  # before the rows: what is sealed meanwhile is looked at next time
    sealed: dict[Book, dict[date, int]] = defaultdict(dict)
    for period in periods:
        sealed[period.community_id, period.book_id][period.month] = period.head_no
    heads: dict[Book, dict[int, str]] = defaultdict(dict)
    here: Book | None = None
    number, before, head_numbers = 0, chain.START, set[int]()
    for row in _rows(community_id):
        if here != (row.community_id, row.book_id):
            here, number, before = (row.community_id, row.book_id), 0, chain.START
            head_numbers = set(sealed[here].values())
        month = months[here][month_of(row.effective_on)]
        head_no = sealed[here].get(month_of(row.effective_on))
        month.moved[row.debit_id, row.pool_id][0] += row.amount
        month.moved[row.credit_id, row.pool_id][1] += row.amount
        where = f"ledger.transfer:{row.id}"
        content = chain.content_hash(*row[1:13])
        if content != row.content_hash:
            yield Fault(check="ledger content", where=where, what="its fields do not give its content hash")
        if head_no is not None and (row.seal_no is None or row.seal_no > head_no):
            yield Fault(check="ledger sealed month", where=where, what="came into its month after it was sealed")
        if row.seal_no is None or row.hash is None:
            continue
        number += 1
        if row.seal_no != number:
            yield Fault(check="ledger chain", where=where, what=f"has number {row.seal_no} where {number} was due")
            number = row.seal_no
        link = chain.link(
            before,
            row.seal_no,
            content,
            transfer_id=row.id,
            journal=row.journal,
            recorded_at=row.recorded_at,
            by_account_id=row.by_account_id,
        )
        if link != row.hash:
            yield Fault(check="ledger chain", where=where, what=f"does not give the hash of seal {row.seal_no}")
        before = row.hash  # so that one fault is named once
        month.tree.add(row.hash)
        month.in_line.update(row.hash.encode())
        if row.seal_no in head_numbers:
            heads[here][row.seal_no] = row.hash
    yield from _check_months(periods, _closing_balances(community_id), months, heads)


def _check_months(
    periods: Iterable[_Period],
    closing: dict[UUID, list[Closing]],
    months: dict[Book, dict[date, _Month]],
    heads: dict[Book, dict[int, str]],
) -> Iterator[Fault]:
    """Recompute the closing balances and the root of every sealed month."""
    here: Book | None = None
    before, since = chain.START, date.min
    totals: dict[Pair, list[int]] = {}
    for period in periods:
        month = period.month
        if here != (period.community_id, period.book_id):
            here, before, since, totals = (period.community_id, period.book_id), chain.START, date.min, {}
        where = f"ledger.period:{period.id}"
        for past in (m for m in months[here] if since <= m <= month):
            for pair, (debits, credited) in months[here][past].moved.items():
                total = totals.setdefault(pair, [0, 0])
                total[0] += debits
                total[1] += credited
        since = month_end(month) + timedelta(days=1)
        expected = sorted((*pair, total[0], total[1]) for pair, total in totals.items())
        found = closing.get(period.id, [])
        if found != expected:
            account_id, pool_id, *_wrong = min({*found} ^ {*expected})
            what = f"account {account_id}, pool {pool_id}: its closing balance is not what the transfers add up to"
            yield Fault(check="ledger closing balance", where=where, what=what)
        seen = months[here].get(month, _Month())
        rows = seen.tree.rows if ":" in period.rows_hash else seen.in_line.hexdigest()
        root = chain.root(
            before,
            book_code=period.code,
            month=month,
            head=(period.head_no, heads[here].get(period.head_no, chain.START)),
            rows=rows,
            closing=chain.closing(found),
        )
        if (root, rows, seen.tree.size) != (period.root_hash, period.rows_hash, period.transfers):
            what = f"{month:%Y-%m} of book {period.code}: transfers and balances do not give its root"
            yield Fault(check="ledger root", where=where, what=what)
        before = period.root_hash


def _rows(community_id: int | None) -> Iterator[_Row]:
    names = ", ".join(f"s.{name}" if name in {"seal_no", "hash"} else f"t.{name}" for name in _Row._fields)
    sql = f"""SELECT {names} FROM ledger_transfer t
        LEFT JOIN ledger_seal s ON s.community_id = t.community_id AND s.transfer_id = t.id
        WHERE {_limit("t", community_id)} ORDER BY t.community_id, t.book_id, s.seal_no, t.id"""  # noqa: S608  names of our own tables, no value
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(5000):
            yield from map(_Row._make, rows)


def _periods(community_id: int | None) -> list[_Period]:
    rows = _all(
        f"""SELECT p.id, p.community_id, p.book_id, b.code, p.month, p.head_no, p.transfers, p.rows_hash, p.root_hash
        FROM ledger_period p JOIN ledger_book b ON b.community_id = p.community_id AND b.id = p.book_id
        WHERE {_limit("p", community_id)} ORDER BY p.community_id, p.book_id, p.month"""  # noqa: S608  names of our own tables, no value
    )
    return [_Period(*row) for row in rows]


def _closing_balances(community_id: int | None) -> dict[UUID, list[Closing]]:
    found: dict[UUID, list[Closing]] = defaultdict(list)
    for period_id, account_id, pool_id, debits, credited in _all(
        f"""SELECT period_id, account_id, pool_id, debits, credits FROM ledger_closingbalance
        WHERE {_limit("", community_id)} ORDER BY account_id, pool_id"""  # noqa: S608  names of our own tables, no value
    ):
        found[period_id].append((account_id, pool_id, debits, credited))
    return found


def _all(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())
