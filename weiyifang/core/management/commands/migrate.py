"""Bring the database up to date: role, tables, cache table, rights."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.core.management.commands import migrate
from django.db import connections

from weiyifang.core import database


class Command(migrate.Command):
    """Django's `migrate` as the owner, with what must stand before and the rights dealt out after it."""

    help = "Bring the database up to date: role, tables, cache table, rights."

    def get_check_kwargs(self, options: dict[str, Any]) -> dict[str, Any]:  # type: ignore[override]
        # what the database check finds is what this command is about to put right
        return {**super().get_check_kwargs(options), "databases": []}  # type: ignore[dict-item]

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        with database.as_owner(connection):
            if options["plan"] or options["check_unapplied"]:
                super().handle(*args, **options)
                return
            try:
                database.prepare(connection)
            except ImproperlyConfigured as error:
                raise CommandError(str(error)) from error
            super().handle(*args, **options)
            call_command("createcachetable", database=options["database"], verbosity=0)
            database.grant(connection)
        if found := database.problems(connection):
            raise CommandError("\n".join(found))
