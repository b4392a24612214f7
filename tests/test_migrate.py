"""Our shortcut through the first migrations ends where Django's way ends."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from psycopg.sql import SQL, Identifier

from tests.database import administrator, drop_database, use
from weiyifang.core.management.commands.migrate import Executor
from weiyifang.core.server import database

SHAPE = [
    """SELECT table_name, ordinal_position, column_name, data_type, is_nullable, column_default, is_identity
       FROM information_schema.columns WHERE table_schema = 'public'""",
    """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace""",
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
]


def shape_after(executor: type[MigrationExecutor], name: str, targets: list[tuple[str, str]]) -> list[Any]:
    with administrator() as admin:
        drop_database(admin, name)
        admin.execute(SQL("CREATE DATABASE {} TEMPLATE template0").format(Identifier(name)))
    use(name)
    with database.as_owner(connection):
        database.prepare(connection)
        executor(connection).migrate(targets)
        with connection.cursor() as cursor:
            return [sorted(map(repr, cursor.execute(question).fetchall())) for question in SHAPE]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_tables_made_at_once_are_the_tables_made_one_by_one() -> None:
    targets = [("ledger", "0001_initial"), ("timetable", "0001_initial")]
    ours = connection.settings_dict["NAME"]
    fresh = f"weiyifang_fresh_{os.getpid()}"
    try:
        quick = shape_after(Executor, fresh, targets)
        plain = shape_after(MigrationExecutor, fresh, targets)
    finally:
        use(ours)
        with administrator() as admin:
            drop_database(admin, fresh)
    assert all(quick)
    assert quick == plain
