"""What the program's role may and may not do."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from tests.concurrency import at_once
from weiyifang.core import database
from weiyifang.core.embedded_postgres import APP_ROLE

pytestmark = pytest.mark.django_db


def current_role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


def test_tests_run_as_the_role_the_program_runs_as() -> None:
    assert current_role() == APP_ROLE


@pytest.mark.django_db(transaction=True)
def test_every_thread_runs_as_that_role() -> None:
    assert at_once(current_role, current_role) == [APP_ROLE, APP_ROLE]


@pytest.mark.parametrize(
    "words", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}", "TRUNCATE {table}", "DROP TABLE {table}"]
)
def test_what_is_append_only_stays(words: str) -> None:
    models = database.append_only_models()
    assert models
    for model in models:
        table, column = model._meta.db_table, model._meta.concrete_fields[-1].column
        refused = pytest.raises(ProgrammingError, match=r"permission denied|must be owner")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(words.format(table=f'"{table}"', column=f'"{column}"'))


def test_migrations_are_not_rewritten() -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations")


def test_this_database_has_no_problems() -> None:
    assert database.problems(connection) == []
    call_command("check", databases=["default"])


@pytest.mark.django_db(transaction=True)
def test_a_right_too_many_is_found() -> None:
    table = database.append_only_models()[0]._meta.db_table
    with database.as_owner(connection), connection.cursor() as cursor:
        cursor.execute(f'GRANT UPDATE (id) ON "{table}" TO {APP_ROLE}')
    try:
        (sentence,) = database.problems(connection)
        assert table in sentence
        assert "migrate" in sentence
    finally:
        with database.as_owner(connection):
            database.grant(connection)
    assert database.problems(connection) == []


@pytest.mark.django_db(transaction=True)
def test_the_owner_is_not_let_run_the_program() -> None:
    with database.as_owner(connection):
        assert any("can change or delete" in sentence for sentence in database.problems(connection))
