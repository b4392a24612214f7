"""The shape in which a database can be spread over several machines by community (docs/adr/0005).

The primary key of every row of a community becomes (community, id), and no key waits for the end of the transaction.
That is all that is different, and one PostgreSQL serves it as well: the tests run on it (`make test-shape`), so that
what fails only where the id alone is no key is found without a cluster. Nothing here knows a table by its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from weiyifang.core.tenancy import CommunityModel

HOME = "community_id"

# Primary keys without the community, and the table's name; those of tables whose rows belong to one.
NARROW = """
SELECT c.conrelid::regclass::text, c.conname::text, a.attname::text
  FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid AND t.relnamespace = current_schema()::regnamespace
  JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
 WHERE c.contype = 'p' AND cardinality(c.conkey) = 1 AND t.relname = ANY(%s) ORDER BY 1"""

# Foreign keys from or to these tables, as they are written.
KEYS = """
SELECT c.conrelid::regclass::text, c.conname::text, pg_get_constraintdef(c.oid), c.condeferrable,
    c.confrelid::regclass::text
  FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid AND t.relnamespace = current_schema()::regnamespace
  JOIN pg_class o ON o.oid = c.confrelid
 WHERE c.contype = 'f' AND (t.relname = ANY(%(tables)s) OR o.relname = ANY(%(tables)s)) ORDER BY 1, 2"""


class Key(NamedTuple):
    """A foreign key as PostgreSQL tells it, names quoted where they have to be."""

    table: str
    name: str
    words: str
    waits: bool  # it may be looked at when the transaction ends
    other: str


def in_the_way() -> list[str]:
    """What keeps the tables from being spread by community: a sentence each; empty when nothing does."""
    found = []
    for model in _models():
        is_home = issubclass(model, CommunityModel)
        if is_home and model._meta.get_field("community").null:
            found.append(f"{model._meta.label}: its community may be left open.")
        for field in model._meta.local_fields:
            other: Any = field.remote_field.model if field.remote_field else None
            if other is not None and issubclass(other, CommunityModel) and not is_home:
                found.append(f"{field}: what all communities share points at a row of one.")
    return found


def shape(connection: BaseDatabaseWrapper) -> int:
    """As the owner: give the tables that shape, in one transaction; gives how many were changed.

    What has it already stays as it is, so it may be done again after an update. The tables are locked meanwhile.
    """
    homes = [model._meta.db_table for model in _models() if issubclass(model, CommunityModel)]
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(NARROW, [homes])
        narrow = cursor.fetchall()
        cursor.execute(KEYS, {"tables": [*homes, *_shared(homes)]})
        tables = {table for table, _name, _column in narrow}
        keys = [key for key in map(Key._make, cursor.fetchall()) if key.waits or {key.table, key.other} & tables]
        for line in _lines(narrow, keys, connection):
            cursor.execute(line)
    return len(tables | {key.table for key in keys if key.waits})


def _lines(narrow: list[tuple[str, str, str]], keys: list[Key], connection: BaseDatabaseWrapper) -> Iterator[str]:
    """Foreign keys last: they need the keys they point at. Names stay, for migrations drop by name."""
    quote = connection.ops.quote_name
    for key in keys:
        yield f"ALTER TABLE {key.table} DROP CONSTRAINT {quote(key.name)}"
    for table, name, column in narrow:
        yield (
            f"ALTER TABLE {table} DROP CONSTRAINT {quote(name)},"
            f" ADD CONSTRAINT {quote(name)} PRIMARY KEY ({HOME}, {quote(column)})"
        )
    for key in keys:  # a deferred key that is broken is an error without a name on a cluster
        words = key.words.removesuffix(" INITIALLY DEFERRED").removesuffix(" DEFERRABLE")
        yield f"ALTER TABLE {key.table} ADD CONSTRAINT {quote(key.name)} {words}"


def _shared(homes: list[str]) -> set[str]:
    """The tables that rows of communities point at and that belong to none."""
    models = [model for model in _models() if model._meta.db_table in homes]
    targets = {field.remote_field.model for one in models for field in one._meta.local_fields if field.remote_field}
    return {target._meta.db_table for target in targets} - {*homes}


def _models() -> list[type[Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
