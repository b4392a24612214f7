"""Two roles and their rights: the owner makes tables, the program only uses them.

The program connects with `-c role=weiyifang_app` (see `config.environment`). That role may not UPDATE, DELETE or
TRUNCATE a table whose model says `append_only = True`: what was written there stays, whatever a bug or an intruder in
the program tries. `migrate` makes the role and deals out the rights; `problems` looks whether they really hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from weiyifang.core.embedded_postgres import APP_ROLE

VERSIONS = range(15, 19)  # the PostgreSQL versions the tests run on


@contextmanager
def as_owner(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Use `connection` as the role that logged in, which owns the tables, while the block runs."""
    settings = connection.settings_dict
    options = {name: value for name, value in settings["OPTIONS"].items() if name != "pool"}
    # after a power cut a migration is there or not there; waiting for the disk after each gains nothing
    options["options"] = "-c synchronous_commit=off"
    connection.close()
    connection.settings_dict = {**settings, "OPTIONS": options}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = settings


def analyze(connection: BaseDatabaseWrapper) -> None:
    """Tell the planner how full the tables are, outside a transaction and as the owner.

    PostgreSQL does so by itself a minute late. Until then it takes any index that begins with the community for the
    look-up of a foreign key, and reads the whole community for one row.
    """
    name = connection.ops.quote_name
    tables = [name(model._meta.db_table) for model in apps.get_models() if model._meta.managed]
    with as_owner(connection), connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")


def prepare(connection: BaseDatabaseWrapper) -> None:
    """As the owner, before migrations: the program's role, and ranges of ids for exclusion constraints.

    Raises `ImproperlyConfigured` with the lines a database administrator has to run where we may not.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('is_superuser')")
        owner, superuser = cursor.fetchone()
        if owner == APP_ROLE:
            raise ImproperlyConfigured(
                f"{APP_ROLE} is the role of the running program and makes no tables: "
                "give `migrate` the DATABASE_URL of the database's owner."
            )
        try:
            cursor.execute("SELECT pg_has_role(oid, 'MEMBER') FROM pg_roles WHERE rolname = %s", [APP_ROLE])
            found = cursor.fetchone()
            if found is None:
                cursor.execute(f"CREATE ROLE {APP_ROLE} NOLOGIN")
            if superuser == "off" and (found is None or not found[0]):
                cursor.execute(f"GRANT {APP_ROLE} TO CURRENT_USER")
        except ProgrammingError as error:
            quoted = connection.ops.quote_name(owner)
            raise ImproperlyConfigured(
                f"{owner} may not create the program's role ({error}). Ask the database administrator to run\n"
                f"    CREATE ROLE {APP_ROLE} NOLOGIN;\n    GRANT {APP_ROLE} TO {quoted};\nand start again."
            ) from error
        cursor.execute("SELECT to_regtype('uuidrange') IS NULL")
        if cursor.fetchone()[0]:
            cursor.execute("CREATE TYPE uuidrange AS RANGE (subtype = uuid)")


def grant(connection: BaseDatabaseWrapper) -> None:
    """As the owner, after migrations: the program may use every table, and only add to those that are append-only."""
    quote = connection.ops.quote_name
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = quote(cursor.fetchone()[0])
        cursor.execute(f"GRANT USAGE ON SCHEMA {schema} TO {APP_ROLE}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {APP_ROLE}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {APP_ROLE}")
        if "django_migrations" in tables:
            cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {APP_ROLE}")
        for table in _append_only_tables() & tables:
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {quote(table)} FROM {APP_ROLE}")


def problems(connection: BaseDatabaseWrapper) -> list[str]:
    """What is wrong with this database, seen as the program: a sentence each; empty when all is well."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, current_setting('server_version_num')::int / 10000,"
            " current_setting('server_encoding'), lower('Ä') = 'ä' AND '南' ~ '[[:alpha:]]'"
        )
        role, version, encoding, knows_letters = cursor.fetchone()
        if version not in VERSIONS:
            found.append(f"PostgreSQL {version} is not supported: use {VERSIONS[0]} to {VERSIONS[-1]}.")
        if encoding != "UTF8":
            found.append(f"The database is encoded in {encoding}: create it with ENCODING 'UTF8'.")
        elif not knows_letters:
            found.append("The database does not know letters beyond ASCII: create it with LOCALE 'C.UTF-8' or another.")
        # by name and not by ::regclass, because a table may not be there yet
        cursor.execute(
            "SELECT c.relname FROM pg_class c"
            " WHERE c.relname = ANY(%s) AND c.relnamespace = current_schema()::regnamespace"
            " AND (has_any_column_privilege(c.oid, 'UPDATE') OR has_table_privilege(c.oid, 'DELETE, TRUNCATE'))"
            " ORDER BY 1",
            [sorted(_append_only_tables())],
        )
        if open_tables := [name for (name,) in cursor.fetchall()]:
            found.append(
                f"The role {role} can change or delete what must stay, in {', '.join(open_tables)}: "
                f"run `migrate`, and let the program connect as {APP_ROLE}."
            )
    return found


@checks.register(checks.Tags.database)
def check_database(
    *, app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """`check --database default`: what `up` looks at before it starts."""
    return [
        checks.Error(sentence, id="weiyifang.E001")
        for alias in databases or []
        for sentence in problems(connections[alias])
    ]


def append_only_models() -> list[type[Model]]:
    """The models whose rows can only be added."""
    return [model for model in apps.get_models() if getattr(model, "append_only", False)]


def _append_only_tables() -> set[str]:
    return {model._meta.db_table for model in append_only_models()}
