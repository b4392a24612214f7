"""The few statements that every request sends, or a rush sends a thousand times a second: composed once, planned once.

The ORM composes a query anew each time and Django's cursors never prepare it; of a small read that is nine tenths of
the time. A `Read` keeps what the ORM composed, and `execute` lets PostgreSQL keep the plan, once a connection.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Generic, TypeVar
from uuid import UUID

import psycopg
from django.contrib.postgres.fields import ArrayField
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import BooleanField, Func, Model, QuerySet, UUIDField, Value
from django.db.models.query import get_related_populators

from weiyifang.core.tenancy import current_community_id, in_community

M = TypeVar("M", bound=Model)

ANY_COMMUNITY = 999_999_999_999  # stands for the community at hand while a query is composed


def execute(statement: str, values: Mapping[str, Any] | Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run a statement, in the caller's transaction if there is one, and give its rows ([] when it gives none).

    Its text is kept for good, so it must not be made up for each call.
    """
    django: Any = connections[DEFAULT_DB_ALIAS]
    django.ensure_connection()
    django.validate_no_broken_transaction()
    raw: psycopg.Connection[Any] = django.connection
    # behind a pooler that gives each transaction another server process there is nothing to prepare on
    prepare = not django.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
    if prepare and raw.prepare_threshold is None:
        raw.prepare_threshold = 5  # Django's own cursors say each time that they do not want it
    numbered, names = _numbered(statement)
    given = [values[name] for name in names] if isinstance(values, Mapping) else values
    with django.wrap_database_errors:
        cursor = psycopg.RawCursor(raw).execute(numbered, given, prepare=prepare)
        return cursor.fetchall() if cursor.pgresult is not None and cursor.pgresult.nfields else []


@cache
def _numbered(statement: str) -> tuple[bytes, list[str]]:
    """With `$1`, `$2` … in place of `%s` or `%(name)s`, as PostgreSQL wants it, and the names in order of the numbers.

    psycopg would do it again for each call, which takes a tenth of a small statement's time.
    """
    names: list[str] = []
    count = 0

    def number(mark: re.Match[str]) -> str:
        nonlocal count
        if mark[0] == "%%":
            return "%"
        if mark["name"] is None:
            count += 1
            return f"${count}"
        if mark["name"] not in names:
            names.append(mark["name"])
        return f"${names.index(mark['name']) + 1}"

    return _MARK.sub(number, statement).encode(), names


_MARK = re.compile(r"%(?:%|s|\((?P<name>\w+)\)s)")


def _written_out(ids: Sequence[UUID]) -> str:
    return f"{{{','.join(map(str, ids))}}}"


def recordset(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as one parameter, for `json_to_recordset`: a list for each column costs psycopg many times more."""
    return json.dumps(rows, default=str, ensure_ascii=False)


class IsAny(Func):
    """Whose `column` is one of these ids: one statement for however many, where `__in` makes one for each number."""

    template, arg_joiner, output_field = "%(expressions)s)", " = ANY(", BooleanField()

    def __init__(self, column: str, ids: Sequence[UUID], **options: Any) -> None:
        super().__init__(column, Value(ids, output_field=ArrayField(UUIDField())), **options)


class Read(Generic[M]):
    """A query with holes: `rows(*like)` composes it from examples, calling it fills in other values of the same types.

    The examples may not occur in it otherwise. In a query of a community model the community at hand is filled in too.
    """

    def __init__(self, rows: Callable[..., QuerySet[M]], *like: Any) -> None:
        self._rows, self._like = rows, like
        self._composed: _Composed | None = None

    def __call__(self, *values: Any) -> list[M]:
        """The rows, as models."""
        if self._composed is None:
            self._composed = _Composed(self._rows, self._like)
        return self._composed.read(values)

    def one(self, *values: Any) -> M | None:
        """The first of the rows, for queries that give one at most."""
        rows = self(*values)
        return rows[0] if rows else None


class _Composed:
    """The statement, where its values go, and how its columns become models."""

    def __init__(self, rows: Callable[..., QuerySet[Any]], like: Sequence[Any]) -> None:
        with in_community(ANY_COMMUNITY):
            compiler = rows(*like).query.get_compiler(using=DEFAULT_DB_ALIAS)
            self.statement, examples = compiler.as_sql()
        marks = [*like, ANY_COMMUNITY]
        self.holes = [(place, marks.index(value)) for place, value in enumerate(examples) if value in marks]
        missing = set(range(len(like))) - {mark for _place, mark in self.holes}
        if missing:
            raise ValueError(f"{[like[mark] for mark in missing]} did not get into the query")
        self.examples, self.is_home = list(examples), len(like) in {mark for _place, mark in self.holes}
        info, select = compiler.klass_info, compiler.select
        self.model = info["model"]
        first, last = info["select_fields"][0], info["select_fields"][-1] + 1
        self.own = slice(first, last)
        self.names = [column[0].target.attname for column in select[first:last]]
        self.related = get_related_populators(info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # typed for 6.1
        self.annotated = dict(compiler.annotation_col_map)
        self.converters = compiler.get_converters([column[0] for column in select])

    def read(self, values: Sequence[Any]) -> list[Any]:
        given = (*values, current_community_id()) if self.is_home else values
        parameters = self.examples.copy()
        for place, mark in self.holes:
            value = given[mark]
            parameters[place] = (
                f"{{{','.join(map(str, value))}}}" if isinstance(value, list) else value
            )  # see recordset
        return [self._model(row) for row in execute(self.statement, parameters)]

    def _model(self, row: Sequence[Any]) -> Any:
        if self.converters:
            changed = list(row)
            for place, (converters, expression) in self.converters.items():
                for convert in converters:
                    changed[place] = convert(changed[place], expression, connection)
            row = changed
        found = self.model.from_db(DEFAULT_DB_ALIAS, self.names, row[self.own])
        for related in self.related:
            related.populate(row, found)
        for name, place in self.annotated.items():
            setattr(found, name, row[place])
        return found
