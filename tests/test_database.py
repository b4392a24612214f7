"""What the program's role may and may not do."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from tests.concurrency import at_once
from weiyifang.core.server import database
from weiyifang.core.server.embedded_postgres import APP_ROLE

pytestmark = [pytest.mark.django_db, pytest.mark.any_lock_order]  # what an intruder tries keeps no order


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


def test_what_is_fixed_or_settled_stays() -> None:
    models = database.lasting_models()
    assert models
    for model in models:
        table = f'"{model._meta.db_table}"'
        columns = database.fixed_columns(model)
        for words in [f'UPDATE {table} SET "{column}" = "{column}"' for column in columns] + [f"DELETE FROM {table}"]:
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                connection.cursor().execute(words)
        if model.settled_when:
            with connection.cursor() as cursor:
                cursor.execute("SELECT row_security_active(%s)", [model._meta.db_table])
                assert cursor.fetchone() == (True,)


def test_migrations_are_not_rewritten() -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations")


def test_this_database_has_no_problems() -> None:
    assert database.problems(connection) == []
    call_command("check", databases=["default"])


TOO_MANY = {
    "core_timelineentry": f"GRANT UPDATE (id) ON core_timelineentry TO {APP_ROLE}",
    "core_installation": f"GRANT DELETE ON core_installation TO {APP_ROLE}",
    "fund_donation": f"GRANT UPDATE ON fund_donation TO {APP_ROLE}",
    "fund_paymentrequest": "ALTER TABLE fund_paymentrequest DISABLE ROW LEVEL SECURITY",
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", TOO_MANY)
def test_a_right_too_many_is_found(table: str) -> None:
    with database.as_owner(connection), connection.cursor() as cursor:
        cursor.execute(TOO_MANY[table])
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
