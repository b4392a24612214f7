"""Two roles and their rights: the owner makes tables, the program only uses them.

The program logs in by `DATABASE_URL` and works as `weiyifang_app` (see `config.environment`). That role may not UPDATE,
DELETE or TRUNCATE a table whose model says `append_only = True`, nor change a row that is settled or a field that is
fixed (see `CommunityModel`): it stays, whatever a bug or an intruder in the program tries. `migrate` makes the role and
deals out the rights; `problems` looks whether they really hold, and `ways_up` whether the login could put the role
aside and be more (ADR 20).

The owner's address is `WEIYIFANG_OWNER_URL`. Commands that need it say so with `as_owner`; no process that answers
people or does jobs is given it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import Model
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Composable, Identifier

from weiyifang.core.server import embedded_postgres
from weiyifang.core.server.embedded_postgres import APP_ROLE, APP_SETTINGS
from weiyifang.core.server.processes import OWNER_URL
from weiyifang.core.tenancy import CommunityModel

VERSIONS = range(15, 19)  # the PostgreSQL versions the tests run on
MAY_MAKE_TABLES = "has_schema_privilege(current_schema(), 'CREATE')"


def owner_url() -> str:
    """Where the owner of the tables logs in, read anew each time so that no process keeps what it does not need.

    Where it was not given it is `DATABASE_URL`: one login for both, or one that owns nothing (then `migrate` says so).
    """
    if url := os.environ.get(OWNER_URL):
        return url
    if os.environ.get("DATABASE_URL"):
        return str(settings.DATABASE_URL)
    return embedded_postgres.owner_url(settings.VAR_DIR / "postgres")


@contextmanager
def as_owner(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Use `connection` as the owner of the tables, in the same database, while the block runs."""
    usual = connection.settings_dict
    login: dict[str, Any] = dict(conninfo_to_dict(owner_url()))
    login.pop("dbname", None)
    taken = {key.upper(): str(login.pop(key, "")) for key in ("user", "password", "host", "port")}
    # after a power cut a migration is there or not there; waiting for the disk after each gains nothing
    options = {**login, "options": "-c synchronous_commit=off"}
    connection.close()
    connection.settings_dict = {**usual, **taken, "OPTIONS": options}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = usual


def may_make_tables(connection: BaseDatabaseWrapper) -> bool:
    """Whether the owner's address is known here, so that `migrate` can do its work."""
    with as_owner(connection), connection.cursor() as cursor:
        cursor.execute(f"SELECT {MAY_MAKE_TABLES}")
        return bool(cursor.fetchone()[0])


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
    """As the owner, before migrations: the program's role and login, and ranges of ids for exclusion constraints.

    Raises `ImproperlyConfigured` with the lines a database administrator has to run where we may not.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT current_user, {MAY_MAKE_TABLES}")
        owner, may_make_tables = cursor.fetchone()
        if not may_make_tables:
            raise ImproperlyConfigured(
                f"{owner} may not make tables: give `migrate` the address of the database's owner in {OWNER_URL}."
            )
        _make_roles(connection, owner)
        _set_on_role(connection)
        cursor.execute("SELECT to_regtype('uuidrange') IS NULL")
        if cursor.fetchone()[0]:
            cursor.execute("CREATE TYPE uuidrange AS RANGE (subtype = uuid)")


def _make_roles(connection: BaseDatabaseWrapper, owner: str) -> None:
    """What is missing of the program's role, and of the login in `DATABASE_URL`, which may be the owner's own."""
    given = conninfo_to_dict(settings.DATABASE_URL)
    login, password = str(given.get("user") or owner), str(given.get("password") or "")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolcanlogin, (SELECT pg_has_role(role.oid, app.oid, 'MEMBER') FROM pg_roles app"
            " WHERE app.rolname = %s) FROM pg_roles role WHERE rolname = ANY(%s)",
            [APP_ROLE, [APP_ROLE, login]],
        )
        found = {name: (may_log_in, is_member) for name, may_log_in, is_member in cursor.fetchall()}

        def lines(secret: str) -> Iterator[Composable]:
            for name in dict.fromkeys([APP_ROLE, login]):
                logs_in = SQL("LOGIN PASSWORD {}").format(secret or None) if name == login else SQL("NOLOGIN")
                if name not in found:
                    yield SQL("CREATE ROLE {} {}").format(Identifier(name), logs_in)
                elif name == login and not found[name][0]:
                    yield SQL("ALTER ROLE {} {}").format(Identifier(name), logs_in)
            if login != APP_ROLE and not (login in found and found[login][1]):
                yield SQL("GRANT {} TO {}").format(Identifier(APP_ROLE), Identifier(login))

        link = cursor.connection.pgconn  # hashes here: a server may write statements into its log
        secret = link.encrypt_password(password.encode(), login.encode(), b"scram-sha-256").decode() if password else ""
        try:
            for line in lines(secret):
                cursor.execute(line)
        except ProgrammingError as error:
            shown = "\n".join(f"    {line.as_string()};" for line in lines("…"))
            raise ImproperlyConfigured(
                f"{owner} may not make the program's role and login ({error}). "
                f"Ask the database administrator to run\n{shown}\nand start again."
            ) from error


def _set_on_role(connection: BaseDatabaseWrapper) -> None:
    """Where statements wait for a lock on a shard, they run as the program's role and know nothing of our session.

    Where the owner may not change the role, nothing is lost on one PostgreSQL: the session says the same.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolconfig FROM pg_roles WHERE rolname = %s", [APP_ROLE])
        (found,) = cursor.fetchone()
        for name, value in APP_SETTINGS.items():
            if f"{name}={value}" in (found or ()):  # else whoever migrates at the same time would be in our way
                continue
            with suppress(ProgrammingError):
                cursor.execute(SQL("ALTER ROLE {} SET {} TO {}").format(Identifier(APP_ROLE), Identifier(name), value))


def grant(connection: BaseDatabaseWrapper) -> None:
    """As the owner, after migrations: the program may use every table, and only add to those that are append-only.

    All at once, so that a program at work never has a right too many or too few.
    """
    quote = connection.ops.quote_name
    tables = set(connection.introspection.table_names())
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT current_schema(), current_database()")
        schema, name = map(quote, cursor.fetchone())
        # PostgreSQL gives these to everybody; where they are not ours to take it says so and goes on
        cursor.execute(f"REVOKE CREATE, TEMPORARY ON DATABASE {name} FROM PUBLIC, {APP_ROLE}")
        cursor.execute(f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {APP_ROLE}")
        cursor.execute(f"GRANT USAGE ON SCHEMA {schema} TO {APP_ROLE}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {APP_ROLE}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {APP_ROLE}")
        if "django_migrations" in tables:
            cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {APP_ROLE}")
        for table in _append_only_tables() & tables:
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {quote(table)} FROM {APP_ROLE}")
        for model in lasting_models():
            if model._meta.db_table in tables:
                _let_last(cursor, model, quote)


def _let_last(cursor: CursorWrapper, model: type[CommunityModel], quote: Callable[[str], str]) -> None:
    """Rows that nobody deletes, with fields or from a moment on that nobody changes.

    The second is a policy of PostgreSQL for rows. What may not be changed cannot be locked either: it is not found.
    """
    table = quote(model._meta.db_table)
    cursor.execute(f"REVOKE DELETE, TRUNCATE ON {table} FROM {APP_ROLE}")
    if model.fixed:
        columns = {str(field.column) for field in model._meta.local_concrete_fields} - {*fixed_columns(model)}
        cursor.execute(f"REVOKE UPDATE ON {table} FROM {APP_ROLE}")
        cursor.execute(f"GRANT UPDATE ({', '.join(map(quote, sorted(columns)))}) ON {table} TO {APP_ROLE}")
    if model.settled_when:
        name = f"change_{hashlib.sha256(model.settled_when.encode()).hexdigest()[:8]}"
        cursor.execute("SELECT polname FROM pg_policy WHERE polrelid = %s::regclass", [table])
        found = [policy for (policy,) in cursor.fetchall()]
        if name not in found:  # else it is as it should be, and the table need not be locked
            for policy in found:
                cursor.execute(f"DROP POLICY {quote(policy)} ON {table}")
            cursor.execute(f"CREATE POLICY read ON {table} FOR SELECT USING (true)")
            cursor.execute(f"CREATE POLICY add ON {table} FOR INSERT WITH CHECK (true)")
            cursor.execute(
                f"CREATE POLICY {name} ON {table} FOR UPDATE USING (NOT ({model.settled_when})) WITH CHECK (true)"
            )
        cursor.execute("SELECT relrowsecurity FROM pg_class WHERE oid = %s::regclass", [table])
        if not cursor.fetchone()[0]:
            cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")


OPEN = """
SELECT c.relname FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND (
    c.relname = ANY(%(append_only)s)
        AND (has_any_column_privilege(c.oid, 'UPDATE') OR has_table_privilege(c.oid, 'DELETE, TRUNCATE'))
    OR c.relname = ANY(%(lasting)s) AND has_table_privilege(c.oid, 'DELETE, TRUNCATE')
    OR c.relname = ANY(%(settled)s) AND NOT row_security_active(c.oid)
    OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND c.relname || '.' || a.attname = ANY(%(fixed)s)
               AND has_column_privilege(c.oid, a.attnum, 'UPDATE'))
) ORDER BY 1
"""


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
        lasting = lasting_models()
        settled = [model._meta.db_table for model in lasting if model.settled_when]
        # by name and not by ::regclass, because a table may not be there yet
        cursor.execute(
            OPEN,
            {
                "append_only": sorted(_append_only_tables()),
                "lasting": [model._meta.db_table for model in lasting],
                "settled": settled,
                "fixed": [f"{model._meta.db_table}.{column}" for model in lasting for column in fixed_columns(model)],
            },
        )
        if open_tables := [name for (name,) in cursor.fetchall()]:
            found.append(
                f"The role {role} can change or delete what must stay, in {', '.join(open_tables)}: "
                f"run `migrate`, and let the program connect as {APP_ROLE}."
            )
    return found


MORE = """
SELECT session_user, array_remove(ARRAY[
    CASE WHEN rolsuper THEN 'is a superuser' END,
    CASE WHEN rolcreaterole THEN 'may make roles' END,
    CASE WHEN rolcreatedb THEN 'may make databases' END,
    CASE WHEN rolreplication THEN 'may copy the whole server' END,
    CASE WHEN has_database_privilege(session_user, current_database(), 'CREATE')
              OR has_schema_privilege(session_user, current_schema(), 'CREATE') THEN 'may make tables' END,
    (SELECT 'may become ' || string_agg(rolname, ', ' ORDER BY rolname) FROM pg_roles other
      WHERE pg_has_role(session_user, other.oid, 'MEMBER') AND NOT login.rolsuper
        AND rolname NOT IN (session_user, %(role)s))
], NULL)
FROM pg_roles login WHERE rolname = session_user
"""


def ways_up(connection: BaseDatabaseWrapper) -> str:
    """What the login of the program is or could become beyond its role, and the way out; empty when nothing.

    `SET ROLE NONE` gives back the login's rights, so a bug in a page has them all.
    """
    with connection.cursor() as cursor:
        cursor.execute(MORE, {"role": APP_ROLE})
        login, more = cursor.fetchone()
    if not more:
        return ""
    return (
        f"The program logs in as {login}, which {' and '.join(more)}: so could whoever finds a hole in a page. "
        f"Give the address you have to `weiyifang migrate` alone, as {OWNER_URL}, and the program a login without "
        "rights of its own in DATABASE_URL: migrate makes it, or your database administrator does:\n"
        f"    CREATE ROLE weiyifang_web LOGIN PASSWORD '…';\n    GRANT {APP_ROLE} TO weiyifang_web;"
    )


@checks.register(checks.Tags.database)
def check_database(
    *, app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """`check --database default`: what `up` looks at before it starts."""
    found: list[checks.CheckMessage] = []
    for alias in databases or []:
        found += [checks.Error(sentence, id="weiyifang.E001") for sentence in problems(connections[alias])]
        # a warning, because a makers' machine may do with one login
        if sentence := ways_up(connections[alias]):
            found.append(checks.Warning(sentence, id="weiyifang.W001"))
    return found


def append_only_models() -> list[type[Model]]:
    """The models whose rows can only be added."""
    return [model for model in apps.get_models() if getattr(model, "append_only", False)]


def lasting_models() -> list[type[CommunityModel]]:
    """The models of which something stays: a field, or the whole row once it is settled."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, CommunityModel) and (model.settled_when or model.fixed)
    ]


def fixed_columns(model: type[CommunityModel]) -> list[str]:
    """The columns of a model that nobody changes."""
    return [str(field.column) for field in model._meta.local_concrete_fields if field.name in model.fixed]


def _append_only_tables() -> set[str]:
    return {model._meta.db_table for model in append_only_models()}
