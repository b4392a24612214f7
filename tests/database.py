"""The test database: migrated once, copied for every run and every worker.

The migrated template is kept on the server under a name made of everything that shapes it, so an unchanged project
does not migrate again. Copies are named after the process that uses them; those of dead processes are removed.
"""

from __future__ import annotations

import hashlib
import inspect
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import flush as flushing
from django.db import ProgrammingError, connection, transaction
from psycopg.errors import InsufficientPrivilege
from psycopg.sql import SQL, Identifier

from weiyifang.core.management.commands import migrate
from weiyifang.core.server import database, sharding

TEMPLATE = "weiyifang_template_"
COPY = "weiyifang_test_"
SHAPE = os.environ.get("WEIYIFANG_TEST_SHAPE", "")  # any: the tables as a cluster wants them (`make test-shape`)
LOCK = 7_236_401  # any number; one process at a time looks after templates and copies


def create() -> str:
    """Make this process's copy and let Django use it. Returns its name."""
    template, copy = template_name(), f"{COPY}{os.getpid()}"
    with administrator() as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        names = dict(admin.execute("SELECT datname, datistemplate FROM pg_database").fetchall())
        for name in names:
            if name.startswith(TEMPLATE) and not names.get(template):
                admin.execute(SQL("ALTER DATABASE {} IS_TEMPLATE false").format(Identifier(name)))
                drop_database(admin, name)
            elif name == copy or (name.startswith(COPY) and not _is_alive(int(name.removeprefix(COPY)))):
                drop_database(admin, name)
        if not names.get(template):  # a template that is not marked was not finished
            admin.execute(SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(Identifier(template)))
            use(template)
            call_command("migrate", verbosity=0)
            if SHAPE:
                call_command("scale-out", shape_only=True, verbosity=0)
            _let_go()
            admin.execute(SQL("ALTER DATABASE {} IS_TEMPLATE true").format(Identifier(template)))
        copy_template(admin, copy)
    use(copy)
    return copy


def copy_template(admin: psycopg.Connection[Any], name: str) -> None:
    """Make an empty migrated database. Nobody is ever in the template, so it can be copied at any moment."""
    words = SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    admin.execute(words.format(Identifier(name), Identifier(template_name())))


def drop(name: str) -> None:
    """Remove a copy, whoever still holds a connection to it."""
    _let_go()
    with administrator() as admin:
        drop_database(admin, name)


def flush_as_owner() -> None:
    """Let transactional tests empty the tables, which the program's role may not.

    To truncate all of them takes several times as long as to delete what stands in the few that have rows; that needs
    an owner who may leave keys and guards aside.
    """
    flush = connection.ops.execute_sql_flush

    def execute_sql_flush(sql_list: Iterable[str]) -> None:
        with database.as_owner(connection):
            try:
                _delete_all_rows()
            except ProgrammingError:  # an owner who is no superuser
                flush(sql_list)

    connection.ops.execute_sql_flush = execute_sql_flush  # type: ignore[method-assign]  # this connection's alone
    # Django's own lists of kinds and rights, which nobody here asks for, took longer to make anew than all to empty
    flushing.emit_post_migrate_signal = lambda *_how, **_where: None  # type: ignore[attr-defined]  # imported there


def _delete_all_rows() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        parts = [SQL("SELECT {0} WHERE EXISTS (SELECT FROM {1})").format(name, Identifier(name)) for name in _tables()]
        cursor.execute(SQL(" UNION ALL ").join(parts).as_string(cursor.connection))
        for (name,) in cursor.fetchall():
            cursor.execute(SQL("DELETE FROM {}").format(Identifier(name)).as_string(cursor.connection))


@cache
def _tables() -> list[str]:
    """Every table that a model of the program, or of what it stands on, has."""
    return connection.introspection.django_table_names(only_existing=True, include_views=False)


@contextmanager
def administrator() -> Iterator[psycopg.Connection[Any]]:
    """A connection to the server that may make and drop databases."""
    with psycopg.connect(database.owner_url(), dbname="postgres", autocommit=True) as admin:
        yield admin


def drop_database(admin: psycopg.Connection[Any], name: str) -> None:
    """Remove a database, whoever uses it."""
    words = SQL("DROP DATABASE IF EXISTS {}").format(Identifier(name))
    try:
        admin.execute(words + SQL(" WITH (FORCE)"))
    except InsufficientPrivilege:  # the server itself cleans up there just now, which only a superuser may end;
        admin.execute(words)  # asked without force, PostgreSQL sends it away and waits some seconds for it


def _let_go() -> None:
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # psycopg's backend has it


def use(name: str) -> None:
    """Let Django connect to another database."""
    _let_go()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


@cache
def template_name() -> str:
    """The template by everything that shapes a migrated database: migrations, roles, rights, cache tables, Django."""
    found = hashlib.sha256(django.__version__.encode())
    found.update(repr((settings.INSTALLED_APPS, settings.CACHES, SHAPE)).encode())
    found.update(repr(sorted(model._meta.label for model in database.append_only_models())).encode())
    lasting = database.lasting_models()
    found.update(repr(sorted((model._meta.label, model.settled_when, model.fixed) for model in lasting)).encode())
    sources = [Path(inspect.getfile(module)) for module in (database, migrate, sharding)]
    for app in apps.get_app_configs():
        sources += sorted((Path(app.path) / "migrations").glob("*.py"))
    for source in sources:
        found.update(source.read_bytes())
    return TEMPLATE + found.hexdigest()[:16]


def _is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def this_database() -> str:
    """The URL of this test's database, for another process."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))
