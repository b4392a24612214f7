"""Exchanging the data keys while the program runs: see docs/adr/0017.

What is sealed finds itself: `sealed_columns` names every column of the database that is wide enough for something
sealed, and `_tokens` looks in each for what begins as everything sealed does. Find keys are found by their type,
`FindKeyField`. A new sealed column is reached without anybody thinking of it.

Rows are named by their place on the disk (`ctid`), 64 blocks at a time, so that tables without a key are reached and a
stop loses nothing. A row that somebody changes or holds meanwhile is left alone: whoever changes it seals with the new
key, and the next round looks again.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from psycopg.sql import SQL, Composable, Identifier

from weiyifang.core.keys import Keys, Ring, fingerprint, new_key
from weiyifang.people import secrets
from weiyifang.people.secrets import EXCHANGE, SEALED, FindKeyField

BLOCKS = 64  # of a table at a time: half a megabyte
ROUNDS = 5  # a row that somebody holds through all of them is somebody's who hangs
PATIENCE = 120.0  # seconds we wait for transactions that were under way
BREATH = 1.0  # seconds until whoever had just asked for the keys has used them
SHORTEST = 100  # characters of something sealed

Say = Callable[[str], None]


class NotFinished(RuntimeError):
    """The exchange stopped where it can be taken up again; the message says why and what to do."""


@dataclass(frozen=True, order=True)
class Column:
    """A column that may hold something sealed."""

    table: str
    name: str
    kind: Literal["text", "json", "bytes"]

    def __str__(self) -> str:
        return f"{self.table}.{self.name}"


@dataclass(kw_only=True)
class Found:
    """How many things each key opens, or finds, in which column: (key, column) → count. No key: nothing opens it."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def besides(self, key: str) -> int:
        """How many need another key than this one."""
        return sum(count for (other, _column), count in self.counts.items() if other not in {key, ""})

    def under(self, key: str) -> dict[str, int]:
        return {column: count for (other, column), count in sorted(self.counts.items()) if other == key}


# --- what there is ----------------------------------------------------------------------------------------------

_COLUMNS = """
SELECT c.relname, a.attname,
       CASE WHEN t.typname = 'bytea' THEN 'bytes' WHEN t.typname IN ('json', 'jsonb') THEN 'json' ELSE 'text' END
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
 WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
   AND (t.typname IN ('text', 'json', 'jsonb', 'bytea')
        OR (t.typname IN ('varchar', 'bpchar') AND a.atttypmod NOT BETWEEN 5 AND %s))
 ORDER BY 1, 2"""


def sealed_columns() -> list[Column]:
    """Every column of the database that something sealed fits into."""
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, [SHORTEST + 3])  # PostgreSQL counts four more
        return [Column(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Finder:
    """A column of find keys, beside the column of sealed values that they find."""

    table: str
    name: str
    sealed: str
    primary_key: str
    kept_for: Callable[[str], str | None]

    def __str__(self) -> str:
        return f"{self.table}.{self.name}"


def finders() -> list[Finder]:
    """The find keys of every model."""
    found = []
    for model in apps.get_models():
        meta: Any = model._meta
        found += [
            Finder(meta.db_table, str(one.column), meta.get_field(one.of).column, meta.pk.column, one.kept_for)
            for one in meta.local_fields
            if isinstance(one, FindKeyField)
        ]
    return found


def survey() -> Found:
    """Which key opens what, and which find key is derived from which: looks at everything sealed there is."""
    found = Found()
    for column in sealed_columns():
        for _place, value in _tokens(column):
            found.counts.update((secrets.opened_by(token), str(column)) for token in _sealed_in(column, value))
    for finder in finders():
        for _place, text, key in _kept(finder):
            derived = dict(zip(secrets.find_keys(text), settings.DATA_KEYS, strict=False))
            found.counts[derived.get(key, ""), str(finder)] += 1
    return found


def _batches(table: str, columns: Composable, where: Composable) -> Iterator[list[tuple[Any, ...]]]:
    """Rows of a table, block by block as they lie there now: (ctid, columns…)."""
    name = Identifier(table)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size(%s::regclass) / current_setting('block_size')::int", [f'"{table}"'])
        size = cursor.fetchone()[0]
        words = SQL(
            "SELECT ctid::text, {columns} FROM {table} WHERE ctid >= {first}::tid AND ctid < {last}::tid AND {where}"
        )
        for block in range(0, size, BLOCKS):
            first, last = f"({block},0)", f"({block + BLOCKS},0)"
            cursor.execute(_text(words.format(columns=columns, table=name, where=where, first=first, last=last)))
            yield cursor.fetchall()


def _tokens(column: Column) -> Iterator[tuple[str, Any]]:
    """(ctid, value) of each row of the column that holds something sealed."""
    name = Identifier(column.name)
    if column.kind == "bytes":  # files: one at a time
        looks = SQL("substr({}, 1, 5) = {}::bytea").format(name, SEALED)
        for batch in _batches(column.table, SQL("1"), looks):
            for place, _one in batch:
                yield from _read(column, [place])
        return
    looks = SQL("{}::text LIKE {}").format(name, f'%"{SEALED}%' if column.kind == "json" else f"{SEALED}%")
    for batch in _batches(column.table, SQL("{}::text").format(name), looks):
        yield from batch


def _text(words: Composable) -> str:
    """As all other statements are written, also for whoever watches them."""
    return words.as_string()


def _read(column: Column, places: list[str], *, held: bool = False) -> list[tuple[str, Any]]:
    """(ctid, value) of these rows, and with `held` they are ours until the end; those of somebody else are not told."""
    cast = SQL("") if column.kind == "bytes" else SQL("::text")
    words = SQL("SELECT ctid::text, {name}{cast} FROM {table} WHERE ctid = ANY({places}::tid[]) {lock}").format(
        name=Identifier(column.name),
        cast=cast,
        table=Identifier(column.table),
        places=places,
        lock=SQL("FOR UPDATE SKIP LOCKED" if held else ""),
    )
    with connection.cursor() as cursor:
        cursor.execute(_text(words))
        return [(place, bytes(value) if column.kind == "bytes" else value) for place, value in cursor.fetchall()]


def _sealed_in(column: Column, value: Any) -> list[str | bytes]:
    """The sealed parts of what the column holds."""
    if column.kind != "json":
        return [value]
    return [leaf for leaf in _leaves(json.loads(value)) if leaf.startswith(SEALED)]


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _leaves(one)


def _kept(finder: Finder) -> Iterator[tuple[str, str, str]]:
    """(ctid, opened value, find key) of each row; a value that no key opens is passed over."""
    sealed, key_column = Identifier(finder.sealed), Identifier(finder.name)
    columns = SQL("{}, coalesce({}, '')").format(sealed, key_column)
    for batch in _batches(finder.table, columns, SQL("({} <> '' OR {} <> '')").format(sealed, key_column)):
        for place, token, key in batch:
            try:
                yield place, secrets.unseal(token), key
            except ValueError:
                continue


# --- doing it anew ----------------------------------------------------------------------------------------------


def seal_anew() -> int:
    """Seal by the first key what another opens. Returns how much it was."""
    first, done = settings.DATA_KEYS[0], 0
    for column in sealed_columns():
        stale: list[str] = []
        for place, value in _tokens(column):
            if any(secrets.opened_by(token) not in {first, ""} for token in _sealed_in(column, value)):
                stale.append(place)
            if len(stale) >= (1 if column.kind == "bytes" else 500):
                done += _seal_rows_anew(column, stale)
                stale = []
        done += _seal_rows_anew(column, stale)
    return done


@transaction.atomic
def _seal_rows_anew(column: Column, places: list[str]) -> int:
    rows = [(place, value, _anew(column, value)) for place, value in _read(column, places, held=True)] if places else []
    words = SQL("UPDATE {table} SET {name} = %s{cast} WHERE ctid = %s::tid").format(
        table=Identifier(column.table),
        name=Identifier(column.name),
        cast=SQL("::jsonb" if column.kind == "json" else ""),
    )
    changed = [(anew, place) for place, value, anew in rows if anew != value]
    if changed:
        with connection.cursor() as cursor:
            cursor.executemany(_text(words), changed)
    return len(changed)


def _anew(column: Column, value: Any) -> Any:
    if column.kind == "text":
        return _token_anew(value)
    if column.kind == "bytes":
        return _token_anew(value.decode()).encode()
    return json.dumps(_tree_anew(json.loads(value)), ensure_ascii=False)


def _tree_anew(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _tree_anew(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_tree_anew(one) for one in value]
    return _token_anew(value) if isinstance(value, str) else value


def _token_anew(text: str) -> str:
    """Nothing but what another key than the first opens is changed."""
    if not text.startswith(SEALED) or secrets.opened_by(text) in {settings.DATA_KEYS[0], ""}:
        return text
    return secrets.sealed_anew(text.encode()).decode()


def derive_anew(twins: set[str]) -> int:
    """Derive find keys from the first key. Returns how many; adds to `twins` the rows whose value another row has."""
    done = 0
    for finder in finders():
        stale: list[str] = []
        for place, text, key in _kept(finder):
            if key != secrets.find_key(text):
                stale.append(place)
            if len(stale) >= 500:
                done += _derive_rows_anew(finder, stale, twins)
                stale = []
        done += _derive_rows_anew(finder, stale, twins)
    return done


@transaction.atomic
def _derive_rows_anew(finder: Finder, places: list[str], twins: set[str]) -> int:
    held = _read(Column(finder.table, finder.sealed, "text"), places, held=True) if places else []
    changed = [(finder.kept_for(secrets.unseal(token)), place) for place, token in held]
    table = Identifier(finder.table)
    words = SQL("UPDATE {} SET {} = %s WHERE ctid = %s::tid").format(table, Identifier(finder.name))
    who = SQL("SELECT {}::text FROM {} WHERE ctid = %s::tid").format(Identifier(finder.primary_key), table)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(_text(words), changed)
            return len(changed)
    except IntegrityError:
        if len(places) > 1:  # which of them?
            return sum(_derive_rows_anew(finder, [place], twins) for _key, place in changed)
        with connection.cursor() as cursor:
            cursor.execute(_text(who), places)
            twins.add(f"{finder.table} {cursor.fetchone()[0]}")
        return 0


# --- the exchange -----------------------------------------------------------------------------------------------


def rotate(keys: Keys, say: Say) -> None:
    """Exchange the data keys kept in a file for a new one; takes up an exchange that was begun. Raises `NotFinished`.

    Each step leaves a state in which everything opens and is found, and from which the next run goes on.
    """
    ring = keys.ring
    if not ring.target:
        new = new_key()
        ring = Ring((*ring.keys, new), new)
        # for now it only opens: nobody may seal with what somebody cannot open yet
        keys.change(ring, destroy=True)  # the text that is replaced holds the old key, in every step
        say(f"A new key, {fingerprint(new)}, is there and opens; the old one still seals.")
    if ring.keys[0] != ring.target:
        time.sleep(BREATH)
        _wait_for_others(say)
        ring = Ring(tuple(dict.fromkeys([ring.target, *ring.keys])), ring.target)
        with transaction.atomic():
            _hold_writers()  # so that no value gets two find keys
            keys.change(ring, destroy=True)
        say(f"The new key, {fingerprint(ring.target)}, seals from now on.")
    time.sleep(BREATH)
    _wait_for_others(say)
    renew(say)
    keys.change(Ring((ring.target,)), destroy=True)
    for old in ring.keys[1:]:
        say(f"The key {fingerprint(old)} is destroyed: nothing here needs it any more.")


def renew(say: Say) -> None:
    """Bring everything under the first key. Raises `NotFinished` when something could not be."""
    first = settings.DATA_KEYS[0]
    twins: set[str] = set()
    for _round in range(ROUNDS):
        sealed, derived = seal_anew(), derive_anew(twins)
        if sealed or derived:
            say(f"Sealed anew: {sealed}; made findable anew: {derived}.")
        if twins:
            raise NotFinished(
                "Two rows hold the same value, and only one may: "
                f"{', '.join(sorted(twins))}. Put right the one that is wrong, and run this again."
            )
        left = survey().besides(first)
        if not left:
            return
        time.sleep(BREATH / 5)
    raise NotFinished(f"{left} values are held by something that does not end. Run this again later: it goes on.")


def _wait_for_others(say: Say) -> None:
    """Until every transaction has ended that is under way now: those that come know the keys as they are now."""
    words = (
        "SELECT l.virtualxid FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
        " WHERE l.locktype = 'virtualxid' AND l.granted AND l.mode = 'ExclusiveLock' AND pid <> pg_backend_pid()"
        " AND a.datname = current_database() AND coalesce(a.backend_type, 'client backend') = 'client backend'"
    )
    began, told = time.monotonic(), False
    with connection.cursor() as cursor:
        cursor.execute(words)
        waited_for = {name for (name,) in cursor.fetchall()}
        while waited_for:
            time.sleep(0.05)
            cursor.execute(words)
            waited_for &= {name for (name,) in cursor.fetchall()}
            if waited_for and not told and time.monotonic() - began > 3:
                told = True
                say(f"Waiting for {len(waited_for)} transactions that are under way (a backup?)")
            if waited_for and time.monotonic() - began > PATIENCE:
                raise NotFinished("Something in the database does not end (a backup?). Run this again: it goes on.")


def _hold_writers() -> None:
    """Nobody writes find keys from now on until our commit. We do not queue up: others would have to wait behind us."""
    began = time.monotonic()
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [EXCHANGE])
            if cursor.fetchone()[0]:
                return
            if time.monotonic() - began > PATIENCE:
                raise NotFinished("Something writes people's numbers without an end. Run this again: it goes on.")
            time.sleep(0.02)


def used_by(found: Found, key: str) -> Iterable[str]:
    """What a key is still needed for, in words."""
    return [f"{column} {count}" for column, count in found.under(key).items()]
