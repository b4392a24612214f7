# ruff: noqa: N999  a command is called by the name of its file
"""Give the tables the shape in which a cluster can spread them by community."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from weiyifang.core.server import database, sharding


class Command(BaseCommand):
    """For one PostgreSQL; spreading the tables over a cluster is a step of its own, and not made yet."""

    help = "Give the tables the shape in which a cluster can spread them by community."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--shape-only", action="store_true", help="the shape alone, on this one PostgreSQL")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["shape_only"]:
            raise CommandError("Only the shape can be made so far, on one PostgreSQL: weiyifang scale-out --shape-only")
        if found := sharding.in_the_way():
            raise CommandError("\n".join(found))
        with database.as_owner(connection):
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                raise CommandError("The database is not up to date: weiyifang migrate")
            changed = sharding.shape(connection)
        if changed:
            self.stdout.write(f"{changed} tables have the shape now. After each update: the same again.")
        else:
            self.stdout.write("All tables have the shape already.")
