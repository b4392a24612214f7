"""Our shortcut through the first migrations ends where Django's way ends, and where older databases have come to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from psycopg.sql import SQL, Identifier

from tests.database import administrator, drop_database, use
from weiyifang.core.management.commands.migrate import Executor
from weiyifang.core.server import database

SHAPE = [
    """SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, is_identity
       FROM information_schema.columns WHERE table_schema = 'public'""",
    """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace AND contype <> 'n' -- these have their columns' first names""",
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
]


class Before(MigrationLoader):
    """Knows only the steps that older databases went before one stood for several, and what those stand on."""

    def load_disk(self) -> None:
        super().load_disk()
        known, wanted = self.disk_migrations, {key for one in self.disk_migrations.values() for key in one.replaces}
        self.disk_migrations = {}
        while wanted:
            self.disk_migrations |= {key: known[key] for key in wanted}
            below = {key for one in self.disk_migrations.values() for key in one.dependencies}
            wanted = (below & known.keys()) - self.disk_migrations.keys()


def shape_after(
    executor: type[MigrationExecutor],
    name: str,
    targets: list[tuple[str, str]] | None = None,
    stepwise: bool = False,
) -> list[Any]:
    """The shape of an empty database after these migrations, or all."""
    with administrator() as admin:
        drop_database(admin, name)
        admin.execute(SQL("CREATE DATABASE {} TEMPLATE template0").format(Identifier(name)))
    use(name)
    with database.as_owner(connection):
        database.prepare(connection)
        for loader in (Before, MigrationLoader) if stepwise else (MigrationLoader,):
            way = executor(connection)
            way.loader = loader(connection)
            way.migrate(targets or way.loader.graph.leaf_nodes())
        with connection.cursor() as cursor:
            return [sorted(map(repr, cursor.execute(question).fetchall())) for question in SHAPE]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_tables_made_at_once_are_the_tables_made_one_by_one() -> None:
    targets = [("ledger", "0001_squashed"), ("timetable", "0001_squashed")]
    with a_database() as fresh:
        quick = shape_after(Executor, fresh, targets)
        plain = shape_after(MigrationExecutor, fresh, targets)
    assert all(quick)
    assert quick == plain


@pytest.mark.slow
@pytest.mark.any_lock_order  # nobody else is there
@pytest.mark.django_db(transaction=True)
def test_a_new_database_is_as_one_that_was_brought_up_step_by_step() -> None:
    with a_database() as fresh:
        at_once = shape_after(Executor, fresh)
        stepwise = shape_after(Executor, fresh, stepwise=True)
    assert all(at_once)
    for new, old in zip(at_once, stepwise, strict=True):
        assert set(new) ^ set(old) == set()


@contextmanager
def a_database() -> Iterator[str]:
    """The name of one to be made and used; afterwards this test's own is used again."""
    ours = connection.settings_dict["NAME"]
    fresh = f"weiyifang_fresh_{os.getpid()}"
    try:
        yield fresh
    finally:
        use(ours)
        with administrator() as admin:
            drop_database(admin, fresh)
