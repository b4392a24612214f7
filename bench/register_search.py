"""Searching the official register in memory, against the same search in PostgreSQL.

    python -m bench.register_search

PostgreSQL is the one of DATABASE_URL, or the embedded one. It gets the register in a temporary table (gone when the
connection closes): once read through with LIKE, once through a GIN index over pairs of characters. Both hand back the
first 20 names that hold the text by code; they are spared what ours does besides: understanding what is a region and
what a name, and putting the best first.
"""

from __future__ import annotations

from collections.abc import Callable

import psycopg

from bench.table import Row, compare, elapsed_ms, print_table
from weiyifang.communities import register
from weiyifang.communities.register_file import load
from weiyifang.core.server.embedded_postgres import CannotStart

CHONGQING = (500000000000, 510000000000)
QUERIES = (  # (what is typed, the part of it that is a name, the range of codes the rest stands for)
    ("南湖", "南湖", None),
    ("和平", "和平", None),
    ("社区", "社区", None),
    ("海峡路社区", "海峡路社区", None),
    ("没有这个地方", "没有这个地方", None),
    ("重庆 南湖", "南湖", CHONGQING),
)
BIGRAMS = """
    CREATE FUNCTION pg_temp.bigrams(text) RETURNS text[] LANGUAGE sql IMMUTABLE AS
    $$ SELECT array_agg(DISTINCT substr($1, n, 2)) FROM generate_series(1, length($1) - 1) AS n $$
"""
LIKE = """
    SELECT code, name FROM bench_register
    WHERE name LIKE %(part)s AND code >= %(low)s AND code < %(high)s ORDER BY code LIMIT 20
"""
INDEXED = """
    SELECT code, name FROM bench_register
    WHERE pg_temp.bigrams(name) @> pg_temp.bigrams(%(name)s)
      AND name LIKE %(part)s AND code >= %(low)s AND code < %(high)s ORDER BY code LIMIT 20
"""


def run() -> list[Row]:
    """Measure. Without a PostgreSQL only our own times."""
    load_ms = compare("", load).ours_ms
    url = _database_url()
    if not url:
        return [Row("load", load_ms), *(compare(f"find {typed}", _ours(typed)) for typed, _name, _codes in QUERIES)]
    with psycopg.connect(url, autocommit=True) as connection:
        rows = [
            Row("load", load_ms, "COPY, ANALYZE", elapsed_ms(lambda: _copy(connection))),
            Row("load", load_ms, "bigrams, GIN: index", elapsed_ms(lambda: _index(connection))),
        ]
        for typed, name, codes in QUERIES:
            for against, indexed in (("LIKE", False), ("bigrams, GIN", True)):
                theirs = _theirs(connection, name, codes, indexed=indexed)
                rows.append(compare(f"find {typed}", _ours(typed), against, theirs))
    return rows


def _database_url() -> str:
    try:
        from config.settings import DATABASE_URL
    except CannotStart as reason:
        print(f"No PostgreSQL to compare with: {reason}")
        return ""
    return DATABASE_URL


def _copy(connection: psycopg.Connection) -> None:
    tables = load()
    connection.execute("CREATE TEMPORARY TABLE bench_register (code bigint PRIMARY KEY, name text NOT NULL)")
    with connection.cursor().copy("COPY bench_register FROM STDIN") as copy:
        for number in range(len(tables.names)):
            copy.write_row((tables.code(number), tables.name(number)))
    connection.execute("ANALYZE bench_register")


def _index(connection: psycopg.Connection) -> None:
    connection.execute(BIGRAMS)
    connection.execute("CREATE INDEX ON bench_register USING gin (pg_temp.bigrams(name))")
    connection.execute("ANALYZE bench_register")


def _ours(typed: str) -> Callable[[], object]:
    register.find(typed)  # loads the file, which has its own line
    return lambda: register.find(typed)


def _theirs(
    connection: psycopg.Connection, name: str, codes: tuple[int, int] | None, *, indexed: bool
) -> Callable[[], object]:
    low, high = codes or (0, 10**12)
    values = {"part": f"%{name}%", "name": name, "low": low, "high": high}
    return lambda: connection.execute(INDEXED if indexed else LIKE, values).fetchall()


if __name__ == "__main__":
    print_table("Searching the register of all communities", run())
