"""What hundreds of tests begin with is made once in a process; the next time the same rows are laid down as they were.

Making the cast takes some hundred statements, laying it down one. Rows are compared before and after what makes them,
so nothing has to be said about the tables; whoever has put other rows there first, or set the clock, makes it anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from psycopg.sql import SQL, Composable, Identifier, Literal

from weiyifang.core import clock

Rows = dict[str, dict[str, Any]]  # key → the row, as JSON has it


@dataclass(frozen=True, kw_only=True)
class _Made:
    """What was there before (how many rows of each table it touches), and what came or changed."""

    before: Mapping[str, int]
    came: Mapping[str, list[dict[str, Any]]]
    changed: Mapping[str, list[tuple[str, dict[str, Any]]]] = field(default_factory=dict)


_made: dict[tuple[str, ...], _Made] = {}  # by name and the keys with which some of it is sealed


def made_once(name: str, make: Callable[[], object]) -> None:
    """Let `make` have made its rows. `name`: whatever they depend on besides what is there before."""
    of = (name, settings.SECRET_KEY, *settings.DATA_KEYS)
    known = None if clock.is_set() else _made.get(of)
    if known is not None and _counts(known.before) == known.before:
        _lay_down(known)
        return
    if clock.is_set() or known is not None:
        make()
        return
    before = {table: _rows(table) for table in _tables()}
    make()
    came, changed = {}, {}
    for table, was in before.items():
        now = _rows(table)
        came[table] = [row for key, row in now.items() if key not in was]
        changed[table] = [
            (key, {column: value for column, value in row.items() if was[key][column] != value})
            for key, row in now.items()
            if key in was and was[key] != row
        ]
    touched = [table for table in before if came[table] or changed[table]]
    if all(before[table].keys() <= _rows(table).keys() for table in touched):
        _made[of] = _Made(
            before={table: len(before[table]) for table in touched},
            came={table: came[table] for table in touched if came[table]},
            changed={table: changed[table] for table in touched if changed[table]},
        )


@cache
def _tables() -> Mapping[str, str]:
    """Every table of ours, with the column by which a row is known."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("weiyifang.") and model._meta.managed]
    return {model._meta.db_table: _key(model._meta.pk.column) for model in ours}


def _key(column: str | None) -> str:
    return column or "id"


def _rows(table: str) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(SQL("SELECT coalesce(json_agg(t), '[]') FROM {} t").format(Identifier(table)))
        (found,) = cursor.fetchone()
    key = _tables()[table]
    return {str(row[key]): row for row in found}


def _counts(tables: Mapping[str, int]) -> dict[str, int]:
    counts = [SQL("(SELECT count(*) FROM {})").format(Identifier(table)) for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(SQL("SELECT ") + SQL(", ").join(counts))
        return dict(zip(tables, cursor.fetchone(), strict=True))


def _lay_down(made: _Made) -> None:
    """One statement, so that every reference is there when it is looked at."""
    parts = [_insert(table, rows) for table, rows in made.came.items()]
    parts += [_update(table, key, values) for table, rows in made.changed.items() for key, values in rows]
    named = [SQL("{} AS ({})").format(Identifier(f"part_{place}"), part) for place, part in enumerate(parts)]
    with connection.cursor() as cursor:
        cursor.execute(SQL("WITH ") + SQL(", ").join(named) + SQL(" SELECT 1"))


def _insert(table: str, rows: list[dict[str, Any]]) -> Composable:
    columns = SQL(", ").join(map(Identifier, rows[0]))
    return SQL("INSERT INTO {0} ({1}) SELECT {1} FROM jsonb_populate_recordset(NULL::{0}, {2}::jsonb)").format(
        Identifier(table), columns, Literal(json.dumps(rows))
    )


def _update(table: str, key: str, values: dict[str, Any]) -> Composable:
    columns = SQL(", ").join(map(Identifier, values))
    return SQL(
        "UPDATE {0} SET ({1}) = (SELECT {1} FROM jsonb_populate_record(NULL::{0}, {2}::jsonb)) WHERE {3}::text = {4}"
    ).format(Identifier(table), columns, Literal(json.dumps(values)), Identifier(_tables()[table]), Literal(key))
