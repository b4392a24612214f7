"""What a year costs beside the bare writing of its rows, and whether it costs more where many communities live.

    make bench ARGS=replay

R1: a year at a small scale is lived through the services once, and its rows are then written again into the same
tables, emptied before and with all their keys and indexes: by COPY, a statement a table; and by one prepared INSERT a
row. Both are given finished rows and are undone afterwards: they read nothing, check nothing but what the database
checks, and wait for no disk. Ours is 368 transactions that decide who comes, keep pools, balances and counters, tell
the timeline and chain the books; they do not wait for the disk either. The lines are for each attendance, with
everything that belongs to the year around it.

R2: communities are opened one after the other in one database, and each lives its opening and its first weeks; other
dice, the same figures. The line is the median of the last three against that of the first three. They are not taken in
turns, so look at it twice on a busy machine. BENCH_COMMUNITIES=100 makes it long.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from graphlib import TopologicalSorter

from django.apps import apps
from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper
from django.test import override_settings

from bench.scratch import scratch_database
from bench.table import Row, elapsed_ms
from weiyifang.activities.models import Attendance
from weiyifang.communities.models import Community
from weiyifang.core.composite import CompositeForeignKey
from weiyifang.core.server.database import as_owner
from weiyifang.core.tenancy import CommunityModel, in_community
from weiyifang.people.models import Account
from weiyifang.replay import engine
from weiyifang.replay.year import steps_of

NANHU, UNTIL = 500108002001, date(2026, 11, 20)
YEAR, WEEKS = 0.02, 0.01  # scales
STEPS = 3 + 28  # of R2: the opening and four weeks
COMMUNITIES = int(os.environ.get("BENCH_COMMUNITIES", "10"))
AT_EITHER_END = 3
ROUNDS = 5


def run() -> list[Row]:
    """Measure on databases of their own."""
    with override_settings(DEMO=True):  # the cast has a well-known password
        with scratch_database():
            rows = _against_bare_rows()
        with scratch_database():
            return [*rows, _among_many()]


def _against_bare_rows() -> list[Row]:
    year = elapsed_ms(lambda: _live(NANHU, scale=YEAR))
    with in_community(NANHU):
        came = Attendance.objects.attendances()
    with as_owner(connection), connection.cursor() as cursor:
        tables = _tables()
        copies = {table: _copied(cursor, table) for table in tables}
        rows = {table: _texts(cursor, table) for table in tables}
        by_copy = _again(cursor, tables, lambda: [_copy(cursor, table, copies[table]) for table in tables])
        by_insert = _again(cursor, tables, lambda: [_insert(cursor, table, rows[table]) for table in tables])
    count = sum(map(len, rows.values()))
    name = f"a year at scale {YEAR} for each of its {came} attendances"
    return [
        Row(name, year / came, f"its {count:,} rows by COPY", by_copy / came),
        Row(name, year / came, "its rows by INSERT, one by one", by_insert / came),
    ]


def _among_many() -> Row:
    _live(NANHU, scale=WEEKS, steps=STEPS)  # warms up: caches fill, modules load
    times = [
        elapsed_ms(lambda code=code: _live(code, scale=WEEKS, steps=STEPS))
        for code in range(NANHU + 1, NANHU + 1 + max(COMMUNITIES, 2 * AT_EITHER_END))
    ]
    first, last = times[:AT_EITHER_END], times[-AT_EITHER_END:]
    name = f"four weeks of one community, the last of {len(times)}"
    return Row(name, statistics.median(last), "the first of them", statistics.median(first))


def _live(code: int, *, scale: float, steps: int | None = None) -> None:
    """A community of its own, and its year or the beginning of it."""
    community = Community.objects.create(id=code, slug=f"c{code}", name=str(code), short_name=str(code))
    with in_community(community):
        lived = engine.begin(seed=code - NANHU, scale=scale, last_day=UNTIL)
        engine.play(lived, community, steps_of(lived, community)[:steps], lambda *_told: None)


# --- the same rows once more -----------------------------------------------------------------------------------


def _tables() -> Sequence[str]:
    """The tables that hold a community's rows, those that others point at first."""
    ours = {model for model in apps.get_models() if issubclass(model, CommunityModel)} | {Community, Account}
    graph = {
        model: {
            field.related_model
            for field in model._meta.local_concrete_fields
            if isinstance(field, models.ForeignKey) and field.related_model in ours - {model}
        }
        | {apps.get_model(key.to) for key in model._meta.constraints if isinstance(key, CompositeForeignKey)} - {model}
        for model in ours
    }
    return [model._meta.db_table for model in TopologicalSorter(graph).static_order()]  # type: ignore[union-attr]  # a model is never a string here


def _copied(cursor: CursorWrapper, table: str) -> bytes:
    with cursor.copy(f"COPY {table} TO STDOUT") as copy:
        return b"".join(map(bytes, copy))


def _texts(cursor: CursorWrapper, table: str) -> list[tuple[str]]:
    cursor.execute(f"SELECT row::text FROM {table} row")  # noqa: S608  a table of ours
    return cursor.fetchall()


def _copy(cursor: CursorWrapper, table: str, content: bytes) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        copy.write(content)


def _insert(cursor: CursorWrapper, table: str, rows: Sequence[tuple[str]]) -> None:
    statement = f"INSERT INTO {table} SELECT (given.row).* FROM (SELECT %s::{table} AS row) given"  # noqa: S608  names of our own tables, no value
    with connection.connection.cursor() as plain:
        for row in rows:
            plain.execute(statement, row, prepare=True)


def _again(cursor: CursorWrapper, tables: Sequence[str], write: Callable[[], object]) -> float:
    """Median milliseconds of writing all rows into the emptied tables; undone each time."""
    taken = []
    for _round in range(ROUNDS):
        with _undone():
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
            taken.append(elapsed_ms(write))
    return statistics.median(taken)


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
