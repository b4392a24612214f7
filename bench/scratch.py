"""A database for measuring: made for one run, migrated, thrown away afterwards.

Importing this sets Django up, so it comes before the program's own packages.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import django
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from weiyifang.core.server.database import owner_url  # noqa: E402  it needs Django set up


@contextmanager
def scratch_database() -> Iterator[str]:
    """Django on an empty, migrated database of the server of DATABASE_URL, or of the embedded one. Yields its URL.

    Everything is as in the running program: its role, its pool, commits that wait for the disk.
    """
    usual = connection.settings_dict
    name, home = f"weiyifang_bench_{os.getpid()}", usual["NAME"]
    login = {key: usual[key.upper()] for key in ("user", "password", "host", "port") if usual[key.upper()]}
    with psycopg.connect(owner_url(), dbname="postgres", autocommit=True) as admin:
        admin.execute(SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(Identifier(name)))
        _use(name)
        try:
            call_command("migrate", verbosity=0)
            yield make_conninfo(dbname=name, options="-c role=weiyifang_app", **login)
        finally:
            connections.close_all()
            _use(home)
            admin.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def _use(name: str) -> None:
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # psycopg's backend has it
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
