"""A thousand postings, and what a balance costs after many, against plain SQL and against django-hordak 2.0.0.

    make bench ARGS=ledger

The first lines are the time of 1,000 postings (a million divided by it is postings a second), each in a transaction of
its own that waits for the disk: of four processes between any two of 1,000 accounts, as in a time bank, then all
through one bank account, where each waits for the one before it. Plain SQL is a prepared CTE sent by psycopg that
inserts the transfer and updates two balances: "the same tables" are ours with all their constraints; "bare tables" have
a primary key, a unique source and no foreign keys, like pgbench's. It looks at nothing: ours also keeps floors, sealed
months and closed accounts, and compares a second try with the first. hordak posts by `transfer_to`, which adds two
legs and checks by trigger that they balance.

Then the book grows (BENCH_TRANSFERS, a million): the time of 1,000 balances of the bank account, and what numbering
and verifying all of it takes. BENCH_TRANSFERS=100000 makes it short.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from django.db import connection

from bench.crowd import Crowd, Work, crowd
from bench.peers import Peer, at_once, database, peer, process
from bench.poster import ACCOUNTS, BARE
from bench.scratch import scratch_database
from bench.table import Row, compare, elapsed_ms
from bench.web import database_url
from weiyifang.communities.models import Community
from weiyifang.core import actors
from weiyifang.core.ids import new_id
from weiyifang.core.server.database import as_owner
from weiyifang.core.tenancy import in_community
from weiyifang.ledger import queries, services, verify
from weiyifang.ledger.models import Account, Book, Pool, Transfer

NANHU, NEXT_DOOR = 500108002001, 500108002002  # plain SQL posts next door, without what makes rows verifiable
POSTINGS = 400  # in one run of one side
PROCESSES = 4  # that post between people's accounts
TIME = "time"  # the code of their book
BALANCES = 200
BATCH = 1_000
FEW, MANY = 10_000, int(os.environ.get("BENCH_TRANSFERS", "1000000"))
TODAY = date(2026, 3, 10)

SAME_TABLES = """
    WITH posted AS (
        INSERT INTO ledger_transfer (id, community_id, book_id, debit_id, credit_id, pool_id, amount, source,
            content_hash, memo, effective_on, party, recorded_at)
        VALUES (%(id)s, %(community)s, %(book)s, %(debit)s, %(credit)s, %(pool)s, 5, %(source)s, %(hash)s, '',
            %(day)s, '', now())
    ), taken AS (
        UPDATE ledger_balance SET debits = debits + 5
        WHERE community_id = %(community)s AND account_id = %(debit)s AND pool_id = %(pool)s
    )
    UPDATE ledger_balance SET credits = credits + 5
    WHERE community_id = %(community)s AND account_id = %(credit)s AND pool_id = %(pool)s
"""
BARE_TABLES = """
    CREATE TABLE bare_transfer (id uuid PRIMARY KEY, debit uuid, credit uuid, pool uuid, amount bigint,
        source text UNIQUE, effective_on date, recorded_at timestamptz);
    CREATE TABLE bare_balance (account uuid, pool uuid, debits bigint, credits bigint, PRIMARY KEY (account, pool));
    GRANT ALL ON bare_transfer, bare_balance TO weiyifang_app
"""


class Fund(NamedTuple):
    """What is posted to: gifts that arrive in a bank account with a floor."""

    book: Book
    bank: Account
    gifts: Account
    pool: Pool


def run() -> list[Row]:
    """Measure on a database of its own."""
    with scratch_database() as url:
        _bare_tables()
        for number, slug in ((NANHU, "nanhu"), (NEXT_DOOR, "next-door")):
            Community.objects.create(id=number, slug=slug, name=slug, short_name=slug)
        with in_community(NEXT_DOOR):
            plain = _fund()
            _post_batch(plain, 1)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bare_balance SELECT account_id, pool_id, 0, 0 FROM ledger_balance")
        with in_community(NANHU), _hordak() as hordak:
            fund = _fund()
            return _postings(fund, plain, url, hordak) + _growth(fund, hordak)


def _postings(fund: Fund, plain: Fund, url: str, hordak: Sequence[Peer]) -> list[Row]:
    rows = _spread(hordak)
    for size in (1, 4):
        with crowd(size, url) as people:
            said = f"1,000 postings, {size} client{'s' * (size > 1)}"
            rows.append(_measure(said, people, _post(fund), "SQL, same tables", _plain(people, plain, SAME_TABLES)))
            rows.append(_measure(said, people, _post(fund), "SQL, bare tables", _plain(people, plain, BARE)))
    if hordak:
        theirs = partial(hordak[0], f"post {POSTINGS}")
        rows.append(_of_a_thousand("1,000 postings, 1 client", lambda: _one_by_one(fund), "hordak", theirs))
        batch = compare("", lambda: _post_batch(fund, BATCH), "", theirs)
        alone = 1000 * (batch.against_ms or 0) / POSTINGS
        rows.append(Row("1,000 postings in one batch", batch.ours_ms * 1000 / BATCH, "hordak, one by one", alone))
    batch = compare("", lambda: _post_batch(fund, BATCH))
    rows.append(replace(batch, name="1,000 postings in one batch"))
    return rows


def _spread(hordak: Sequence[Peer]) -> list[Row]:
    """Postings of several processes between accounts that seldom meet."""
    _open_time_bank()
    with ExitStack() as stack:
        begin = (sys.executable, "-m", "bench.poster", str(NANHU), TIME)
        environment = {"DATABASE_URL": database_url()}
        ours = [stack.enter_context(process(*begin, environment=environment)) for _one in range(PROCESSES)]
        share = POSTINGS // PROCESSES
        name, post = f"1,000 postings, {PROCESSES} processes", lambda: at_once(ours, f"post {share}")
        rows = [_of_a_thousand(name, post, "SQL, bare tables", lambda: at_once(ours, f"plain {share}"))]
        if hordak:
            rows.append(_of_a_thousand(name, post, "hordak", lambda: at_once(hordak, f"spread {share}")))
    return rows


def _open_time_bank() -> None:
    """Accounts of people, each with a balance already."""
    by = actors.system()
    book = services.open_book(code=TIME, name="时间银行", unit="minutes", by=by)
    pool = services.open_pool(book=book, code="all", name="时间银行", by=by)
    accounts = [
        services.open_account(book=book, code=f"{number:04}", name=str(number), side="credit", floored=False, by=by)
        for number in range(ACCOUNTS)
    ]
    batch = [
        services.Posting(
            debit=one, credit=other, pool=pool, amount=5, source=f"bench.first:{one.pk}", effective_on=TODAY
        )
        for one, other in pairwise(accounts)
    ]
    services.post_many(batch, by=by)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bare_balance SELECT account_id, pool_id, 0, 0 FROM ledger_balance WHERE pool_id = %s",
            [pool.pk],
        )


def _growth(fund: Fund, hordak: Sequence[Peer]) -> list[Row]:
    few = _grown(fund, hordak, FEW)
    many = _grown(fund, hordak, MANY)
    name = f"1,000 balances after {MANY:,} transfers"
    rows = [Row(name, many.ours_ms, f"after {FEW:,}", few.ours_ms)]
    if hordak:
        rows.append(Row(name, many.ours_ms, "hordak", many.against_ms))
    rows.append(Row(f"numbering {MANY:,} transfers", elapsed_ms(lambda: services.seal_rows(fund.book))))
    close = partial(services.close_period, book=fund.book, month=TODAY, by=actors.system())
    rows.append(Row("sealing their month", elapsed_ms(close)))
    rows.append(Row(f"verifying {MANY:,} transfers", elapsed_ms(_verify)))
    return rows


def _grown(fund: Fund, hordak: Sequence[Peer], count: int) -> Row:
    """Bring both books to so many transfers, then read the balance of the bank account in turns."""
    while (missing := count - Transfer.objects.count()) > 0:
        for _batch in range(0, missing, 5_000):
            _post_batch(fund, min(5_000, missing))
    with as_owner(connection), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE ledger_transfer, ledger_balance")
    theirs = None
    if hordak:
        hordak[0](f"grow {count}")
        theirs = partial(hordak[0], "balance 2")
    row = compare("", lambda: [queries.balance(fund.bank, fund.pool) for _time in range(BALANCES)], "", theirs)
    against = None if row.against_ms is None else row.against_ms * 500
    return Row("", row.ours_ms * 1000 / BALANCES, "", against)


def _verify() -> None:
    assert verify.check() == []


def _measure(name: str, people: Crowd, ours: Work, against: str, theirs: Work) -> Row:
    return _of_a_thousand(name, lambda: people.share(ours, POSTINGS), against, lambda: people.share(theirs, POSTINGS))


def _of_a_thousand(name: str, ours: Callable[[], object], against: str, theirs: Callable[[], object]) -> Row:
    row = compare(name, ours, against, theirs)
    return Row(name, row.ours_ms * 1000 / POSTINGS, against, (row.against_ms or 0) * 1000 / POSTINGS)


def _fund() -> Fund:
    by = actors.system()
    book = services.open_book(code="fund", name="公益基金", unit="fen", by=by)
    return Fund(
        book,
        services.open_account(book=book, code="1002", name="银行存款", side="debit", floored=True, by=by),
        services.open_account(book=book, code="4101", name="捐赠收入", side="credit", floored=False, by=by),
        services.open_pool(book=book, code="general", name="公益基金", by=by),
    )


def _post(fund: Fund) -> Work:
    by = actors.system()

    def work(_number: int) -> None:
        services.post(
            debit=fund.bank,
            credit=fund.gifts,
            pool=fund.pool,
            amount=5,
            source=f"bench.gift:{new_id()}",
            effective_on=TODAY,
            by=by,
        )

    return work


def _one_by_one(fund: Fund) -> None:
    post = _post(fund)
    for number in range(POSTINGS):
        post(number)


def _post_batch(fund: Fund, count: int) -> None:
    """So many gifts in one batch."""
    batch = [
        services.Posting(
            debit=fund.bank,
            credit=fund.gifts,
            pool=fund.pool,
            amount=5,
            source=f"bench.gift:{new_id()}",
            effective_on=TODAY,
        )
        for _gift in range(count)
    ]
    services.post_many(batch, by=actors.system())


def _plain(people: Crowd, fund: Fund, statement: str) -> Work:
    def work(_number: int) -> None:
        identity = new_id()
        values = {
            "id": identity,
            "community": NEXT_DOOR,
            "book": fund.book.pk,
            "debit": fund.bank.pk,
            "credit": fund.gifts.pk,
            "pool": fund.pool.pk,
            "source": f"bench.gift:{identity}",
            "hash": "0" * 64,
            "day": TODAY,
        }
        people.sql().execute(statement, values)

    return work


def _bare_tables() -> None:
    with as_owner(connection), connection.cursor() as cursor:
        cursor.execute(BARE_TABLES)


@contextmanager
def _hordak() -> Iterator[Sequence[Peer]]:
    """As many hordaks on an empty database of the same server; none when it cannot be installed."""
    packages = ("django-hordak==2.0.0", "psycopg[binary]")
    running: list[Peer] = []
    with database("hordak") as environment, ExitStack() as stack:
        for _one in range(PROCESSES):
            one = stack.enter_context(peer("hordak", *packages, environment=environment))
            if one is None:
                break
            one("post 0")  # the first makes the tables: the next one waits for it
            running.append(one)
        yield running
