"""The program cannot become more than it is: every way up is tried with exactly the login that pages and jobs have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier
from pytest_django.plugin import DjangoDbBlocker

from tests.database import administrator
from weiyifang.core.server import database
from weiyifang.core.server.embedded_postgres import APP_ROLE
from weiyifang.core.server.processes import OWNER_URL

pytestmark = pytest.mark.django_db(transaction=True)

Link = psycopg.Connection[Any]
OWNER = str(conninfo_to_dict(database.owner_url())["user"])
UP = ["", "SET ROLE NONE", "RESET ROLE", "RESET SESSION AUTHORIZATION", "DISCARD ALL"]
REFUSED = {
    "become the owner": f"SET ROLE {OWNER}",
    "log in as the owner": f"SET SESSION AUTHORIZATION {OWNER}",
    "become somebody who reads files": "SET ROLE pg_read_server_files",
    "make itself a superuser": "ALTER ROLE CURRENT_USER SUPERUSER",
    "make a role": "CREATE ROLE wyf_intruder SUPERUSER",
    "take the owner's membership": f"GRANT {OWNER} TO CURRENT_USER",
    "change the owner's password": f"ALTER ROLE {OWNER} PASSWORD 'x'",
    "read the passwords": "SELECT rolpassword FROM pg_authid",
    "read who may log in": "SELECT * FROM pg_hba_file_rules",
    "make a database": "CREATE DATABASE wyf_intruder",
    "change the server": "ALTER SYSTEM SET archive_command = 'touch /tmp/wyf-intruder'",
    "run a program": "COPY core_timelineentry TO PROGRAM 'cat > /tmp/wyf-intruder'",
    "run a program that answers": "COPY core_counter FROM PROGRAM 'id'",
    "write a file": "COPY core_timelineentry TO '/tmp/wyf-intruder'",
    "read a file into a table": "COPY core_counter FROM '/etc/passwd'",
    "read a file": "SELECT pg_read_file('/etc/passwd')",
    "read a file of the server": "SELECT pg_read_file('pg_hba.conf')",
    "list a folder": "SELECT pg_ls_dir('.')",
    "import a file": "SELECT lo_import('/etc/passwd')",
    "read the log": "SELECT pg_current_logfile()",
    "make a table": "CREATE TABLE wyf_intruder (i int)",
    "make a table of its own": "CREATE TEMPORARY TABLE wyf_intruder (i int)",
    "make a function": "CREATE FUNCTION wyf_intruder() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "make a hidden function": "CREATE FUNCTION pg_temp.wyf_intruder() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "make a schema": "CREATE SCHEMA wyf_intruder",
    "load a library": "LOAD '/tmp/wyf-intruder.so'",
    "switch keys and triggers off": "SET session_replication_role = replica",
    "rewrite what was migrated": "UPDATE django_migrations SET name = 'x'",
}


@pytest.fixture(scope="module")
def program(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> str:
    """The address that pages and jobs have of this test's database."""
    with django_db_blocker.unblock(), database.as_owner(connection):
        database.grant(connection)  # a copied database has forgotten the rights on itself
    return psycopg.conninfo.make_conninfo(settings.DATABASE_URL, dbname=str(settings.DATABASES["default"]["NAME"]))


@pytest.fixture(params=UP, ids=lambda way: way or "as it is")
def link(program: str, request: pytest.FixtureRequest) -> Iterator[Link]:
    """Logged in as the program is, after the role was put aside in one way or another."""
    with psycopg.connect(program, options=f"-c role={APP_ROLE}", autocommit=True) as link:
        if request.param:
            link.execute(request.param)
        yield link


def test_no_way_up_is_open(link: Link) -> None:
    opened = []
    for what, words in REFUSED.items():
        try:
            link.execute(words.encode())
        except (errors.InsufficientPrivilege, errors.InvalidSchemaName):
            continue
        except psycopg.Error as error:
            opened.append(f"{what}: {type(error).__name__}: {error}")
        else:
            opened.append(what)
    assert opened == []


@pytest.mark.parametrize("extension", ["dblink", "postgres_fdw", "file_fdw", "plpython3u", "adminpack"])
def test_no_extension_opens_one(link: Link, extension: str) -> None:
    with pytest.raises((errors.InsufficientPrivilege, errors.FeatureNotSupported, errors.UndefinedFile)):
        link.execute(f"CREATE EXTENSION {extension}".encode())


def test_history_stays_in_whatever_role(link: Link) -> None:
    for model in database.append_only_models():
        table, columns = Identifier(model._meta.db_table), [str(field.column) for field in model._meta.concrete_fields]
        words = [SQL("UPDATE {} SET {} = DEFAULT").format(table, Identifier(column)) for column in columns]
        words += [
            SQL(one).format(table)
            for one in ("DELETE FROM {}", "TRUNCATE {} CASCADE", "DROP TABLE {} CASCADE", "ALTER TABLE {} RENAME TO x")
        ]
        words += [SQL("GRANT UPDATE, DELETE ON {} TO CURRENT_USER").format(table)]  # a warning at most
        for one in words:
            try:
                link.execute(one)
            except errors.InsufficientPrivilege:
                continue
            assert one is words[-1], f"{one.as_string()} was done"
        row = link.execute("SELECT has_table_privilege(%s, 'UPDATE')", [model._meta.db_table]).fetchone()
        assert row == (False,)


def test_nobody_elses_session_is_ended(link: Link) -> None:
    with administrator() as admin:
        pid = admin.info.backend_pid
        for function in ("pg_terminate_backend", "pg_cancel_backend"):
            with pytest.raises(errors.InsufficientPrivilege):
                link.execute(f"SELECT {function}(%s)".encode(), [pid])
        assert admin.execute("SELECT 1").fetchone() == (1,)


def test_the_owner_does_not_come_in_without_a_password(program: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(program, user=OWNER, password=None)


def test_only_commands_that_change_tables_ask_for_the_owner() -> None:
    """A page or a job that did would have to be given the address."""
    words = re.compile(r"\b(as_owner|owner_url|owner_login|contents_here|analyze|dumps\.play)\(")
    may = re.compile(
        r"core/server/(database|dumps|embedded_postgres|backup)\.py|management/commands/|/tests/|testing\.py"
    )
    root = Path(__file__).resolve().parent.parent
    asking = {
        str(path.relative_to(root)) for path in root.glob("weiyifang/**/*.py") if words.search(path.read_text("utf-8"))
    }
    assert asking, "the words have changed"
    assert not [path for path in asking if not may.search(path)]


def test_a_login_that_is_more_than_it_needs_is_named_with_the_way_out() -> None:
    assert database.ways_up(connection) == ""
    with database.as_owner(connection):
        sentence = database.ways_up(connection)
    assert f"logs in as {OWNER}, which " in sentence
    assert f"GRANT {APP_ROLE} TO weiyifang_web;" in sentence
    assert OWNER_URL in sentence


def test_migrate_makes_the_login_of_the_program(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Where the owner may; as its line for the administrator, so that both ways end in the same rights."""
    name, password = "wyf_test_login", "geheim 密码'"
    with administrator() as admin:
        admin.execute(f"DROP ROLE IF EXISTS {name}".encode())
    url = psycopg.conninfo.make_conninfo(settings.DATABASE_URL, user=name, password=password)
    monkeypatch.setattr(settings, "DATABASE_URL", url)
    try:
        with database.as_owner(connection):
            database.prepare(connection)
            database.prepare(connection)  # twice is once
        with administrator() as admin:
            row = admin.execute(
                "SELECT rolcanlogin, rolsuper OR rolcreaterole OR rolcreatedb, pg_has_role(oid, %s, 'MEMBER')"
                " FROM pg_roles WHERE rolname = %s",
                [APP_ROLE, name],
            ).fetchone()
        assert row == (True, False, True)
    finally:
        monkeypatch.undo()
        with administrator() as admin:
            admin.execute(f"DROP ROLE IF EXISTS {name}".encode())


def test_what_the_shards_need_stands_on_the_role() -> None:
    """A session's options end at the machine it is on; the statements of a sharded database wait on others."""
    with database.as_owner(connection), connection.cursor() as cursor:
        cursor.execute(f"ALTER ROLE {APP_ROLE} RESET lock_timeout")
        database.prepare(connection)
        cursor.execute("SELECT rolconfig FROM pg_roles WHERE rolname = %s", [APP_ROLE])
        assert "lock_timeout=3s" in cursor.fetchone()[0]
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("3s",)


def test_without_the_owner_migrate_says_whose_address_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(OWNER_URL)
    assert not database.may_make_tables(connection)
    with pytest.raises(CommandError, match=r"may not make tables.*WEIYIFANG_OWNER_URL"):
        call_command("migrate", verbosity=0)
