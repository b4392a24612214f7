"""What hundreds of tests begin with is made once in a process; the next time the same rows are laid down as they were.

Making the cast takes some hundred statements, laying it down one. Rows are compared before and after what makes them,
so nothing has to be said about the tables, but for the counters: what goes on counting is made once for each beginning.
Where rows are there that do not go with them, or the clock stands where it has not stood before, it is made anew.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from psycopg.sql import SQL, Composable, Identifier, Literal

from weiyifang.core import clock
from weiyifang.core.models import Counter

Rows = list[dict[str, Any]]  # as JSON has them
_made: dict[Hashable, Mapping[str, Rows] | None] = {}  # by name, where the clock stands, and the keys that seal
_seen: set[Hashable] = set()
_now = timezone.now  # the computer's own; most tests begin at an hour of their own, which lies before it or after it
COUNTERS = Counter._meta.db_table


def made_once(name: str, make: Callable[[], object]) -> None:
    """Let `make` have made its rows. `name`: whatever they depend on besides what is there before."""
    stands = clock.now() if clock.is_set() else None
    counted = sorted(Counter.everywhere.values_list("community_id", "kind", "last"))  # everywhere: of every community
    of = (name, stands, timezone.now is _now, *counted, settings.SECRET_KEY, *settings.DATA_KEYS)
    if stands and of not in _seen:  # a moment of one test alone is not worth comparing tables
        _seen.add(of)
        make()
    elif of not in _made:
        _made[of] = _what_comes_of(make)
    elif (rows := _made[of]) is None or not _lay_down(rows):
        make()


def _what_comes_of(make: Callable[[], object]) -> Mapping[str, Rows] | None:
    """The rows that are there afterwards, by table; None if others are different then."""
    before = {table: _rows(table) for table in _tables()}
    with _a_minute_before():  # what is laid down came before whichever test begins with it
        make()
    came = {table: [row for row in _rows(table) if row not in was] for table, was in before.items()}
    is_added = all(
        table == COUNTERS or len(_rows(table)) == len(was) + len(came[table]) for table, was in before.items()
    )
    return {table: rows for table, rows in came.items() if rows} if is_added else None


@contextmanager
def _a_minute_before() -> Iterator[None]:
    now, seconds = timezone.now, time.time
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: now() - timedelta(minutes=1))
        patch.setattr(time, "time", lambda: seconds() - 60)
        yield


@cache
def _tables() -> list[str]:
    """Every table of ours."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("weiyifang.") and model._meta.managed]
    return [model._meta.db_table for model in ours]


def _rows(table: str) -> Rows:
    with connection.cursor() as cursor:
        words = SQL("SELECT coalesce(json_agg(t), '[]') FROM {} t").format(Identifier(table))
        cursor.execute(words.as_string(cursor.connection))
        found: Rows = cursor.fetchone()[0]
    return found


def _lay_down(made: Mapping[str, Rows]) -> bool:
    """In one statement, so that every reference is there when it is looked at; False if there are others already."""
    parts = [
        SQL("{} AS ({})").format(Identifier(f"part_{place}"), _insert(table, rows))
        for place, (table, rows) in enumerate(made.items())
    ]
    words = SQL("WITH {} SELECT 1").format(SQL(", ").join(parts))
    try:
        with transaction.atomic(), connection.wrap_database_errors:
            connection.connection.execute(words)  # not what the program says: nobody watches its locks
    except IntegrityError:
        return False
    return True


def _insert(table: str, rows: Rows) -> Composable:
    columns = SQL(", ").join(map(Identifier, rows[0]))
    goes_on = SQL("ON CONFLICT (community_id, kind) DO UPDATE SET last = excluded.last" if table == COUNTERS else "")
    return SQL("INSERT INTO {0} ({1}) SELECT {1} FROM jsonb_populate_recordset(NULL::{0}, {2}::jsonb) {3}").format(
        Identifier(table), columns, Literal(json.dumps(rows)), goes_on
    )
