"""The few statements that every request sends, or a rush sends a thousand times a second: composed once, planned once.

The ORM composes a query anew each time and Django's cursors never prepare it; of a small read that is nine tenths of
the time. A `Read` keeps what the ORM composed, and `execute` lets PostgreSQL keep the plan, once a connection. See
docs/adr/0015.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Generic, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
from django.contrib.postgres.fields import ArrayField
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import BooleanField, Func, Model, QuerySet, UUIDField, Value
from django.db.models.query import get_related_populators
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from psycopg.sql import Literal

from weiyifang.core.tenancy import current_community_id, in_community

M = TypeVar("M", bound=Model)

ANY_COMMUNITY = 999_999_999_999  # stands for the community at hand while a query is composed


def execute(statement: str, values: Mapping[str, Any] | Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run a statement, in the caller's transaction if there is one, and give its rows ([] when it gives none).

    Its text is kept for good, so it must not be made up for each call, and says the type of a value wherever PostgreSQL
    cannot tell: one plan serves numbers of every size.
    """
    django: Any = connections[DEFAULT_DB_ALIAS]
    django.ensure_connection()
    django.validate_no_broken_transaction()
    raw: psycopg.Connection[Any] = django.connection
    numbered, names = _numbered(statement)
    given = [values[name] for name in names] if isinstance(values, Mapping) else values
    with django.wrap_database_errors:
        if not django.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
            return _run(raw, numbered, given)
        # behind a pooler that gives each transaction another server process there is nothing to prepare on
        cursor = psycopg.RawCursor(raw).execute(numbered, given, prepare=False)
        return cursor.fetchall() if cursor.pgresult is not None and cursor.pgresult.nfields else []


_known: WeakKeyDictionary[psycopg.Connection[Any], dict[bytes, bytes]] = WeakKeyDictionary()  # a statement's name there


def _run(raw: psycopg.Connection[Any], statement: bytes, given: Sequence[Any]) -> list[tuple[Any, ...]]:
    """What psycopg's cursor does, but libpq does the waiting: it takes half as long, and a small statement is little
    more than waiting. Nor does psycopg prepare it again after each rollback, or for each size of a number.
    """
    server, known = raw.pgconn, _known.setdefault(raw, {})
    if not raw.autocommit and server.transaction_status == TransactionStatus.IDLE:
        _checked(raw, server.exec_(b"BEGIN"))
    name = known.get(statement)
    if name is None:
        name = b"weiyifang_%d" % len(known)
        _checked(raw, server.prepare(name, statement))
        known[statement] = name
    adapter = Transformer(raw)
    dumped: Any = adapter.dump_sequence(given, [PyFormat.TEXT] * len(given))  # psycopg's types forgot NULL
    result = _checked(raw, server.exec_prepared(name, dumped))
    adapter.set_pgresult(result)
    return adapter.load_rows(0, result.ntuples, tuple)


def _checked(raw: psycopg.Connection[Any], result: PGresult) -> PGresult:
    if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        # without an SQLSTATE it is not the server who says so, but libpq about a connection that was cut
        if raw.pgconn.status == ConnStatus.BAD or result.error_field(DiagnosticField.SQLSTATE) is None:
            raise psycopg.OperationalError(result.get_error_message())
        raise psycopg.errors.error_from_result(result)
    return result


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
    """A list of ids as PostgreSQL reads it; see `recordset`."""
    return f"{{{','.join(map(str, ids))}}}"


def recordset(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as one parameter, for `json_to_recordset`: a list for each column costs psycopg many times more."""
    return json.dumps(rows, default=str, ensure_ascii=False)


class IsAny(Func):
    """Whose `column` is one of these ids: one statement for however many, where `__in` makes one for each number."""

    template, arg_joiner, output_field = "%(expressions)s)", " = ANY(", BooleanField()

    def __init__(self, column: str, ids: Sequence[UUID], **options: Any) -> None:
        super().__init__(column, Value(ids, output_field=ArrayField(UUIDField())), **options)


def with_constants(statement: str, values: Sequence[object]) -> str:
    """With its constants in its text, in place of their `%s`; None leaves the `%s`.

    The plan is one for all values: an index of the live rows alone serves it only if it can see what is asked for.
    """
    left = iter(values)

    def constant(mark: re.Match[str]) -> str:
        value = None if mark[0] == "%%" else next(left)
        return mark[0] if value is None else Literal(value).as_string().replace("%", "%%")

    return _MARK.sub(constant, statement)


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
            statement, examples = compiler.as_sql()
        marks = [*like, ANY_COMMUNITY]
        self.holes = [marks.index(value) for value in examples if value in marks]
        missing = set(range(len(like))) - {*self.holes}
        if missing:
            raise ValueError(f"{[like[mark] for mark in missing]} did not get into the query")
        self.statement = with_constants(statement, [None if value in marks else value for value in examples])
        self.is_home = len(like) in self.holes
        info, select = compiler.klass_info, compiler.select
        self.model = info["model"]
        first, last = info["select_fields"][0], info["select_fields"][-1] + 1
        self.own = slice(first, last)
        self.names = [column[0].target.attname for column in select[first:last]]
        self.related = get_related_populators(info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # typed for 6.1
        self.annotated = dict(compiler.annotation_col_map)
        self.converters = compiler.get_converters([column[0] for column in select])

    def read(self, values: Sequence[Any]) -> list[Any]:
        given = [_written_out(value) if isinstance(value, list) else value for value in values]
        if self.is_home:
            given.append(current_community_id())
        return [self._model(row) for row in execute(self.statement, [given[hole] for hole in self.holes])]

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
