"""Bring the database up to date: role, tables, cache table, rights."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from weiyifang.core.server import database, installation


class Command(migrate.Command):
    """Django's `migrate` as the owner, with what must stand before and the rights dealt out after it."""

    help = "Bring the database up to date: role, tables, cache table, rights."

    def get_check_kwargs(self, options: dict[str, Any]) -> dict[str, Any]:  # type: ignore[override]  # Django's command has no types
        # what the database check finds is what this command is about to put right
        return {**super().get_check_kwargs(options), "databases": []}  # type: ignore[dict-item]  # Django's command has no types

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        with database.as_owner(connection):
            if options["plan"] or options["check_unapplied"]:
                super().handle(*args, **options)
                return
            try:
                installation.keep_the_demo_out(connection)
                database.prepare(connection)
            except ImproperlyConfigured as error:
                raise CommandError(str(error)) from error
            super().handle(*args, **options)
            call_command("createcachetable", database=options["database"], verbosity=0)
            database.grant(connection)
        if found := database.problems(connection):
            raise CommandError("\n".join(found))


class Executor(MigrationExecutor):
    """Makes the tables of a new package in one go.

    Django makes the models anew, all that hang together, after each operation. Ours all hang together, by their
    community: an empty database took a minute. A test compares the outcomes.
    """

    def apply_migration(self, state: ProjectState, migration: Migration, **options: Any) -> ProjectState:  # type: ignore[override]  # Django's command has no types
        """Apply one migration; the kind that only makes tables at once."""
        if only_makes_tables(migration):
            migration.apply = partial(make_tables, migration)  # type: ignore[method-assign]  # for this run
        return super().apply_migration(state, migration, **options)


def only_makes_tables(migration: Migration) -> bool:
    """Whether every operation makes a table or adds to one that this migration has made."""
    made = {operation.name_lower for operation in migration.operations if isinstance(operation, CreateModel)}
    return bool(made) and all(
        isinstance(operation, CreateModel)
        or (isinstance(operation, AddField | AddIndex | AddConstraint) and operation.model_name_lower in made)
        for operation in migration.operations
    )


def make_tables(
    migration: Migration, state: ProjectState, editor: BaseDatabaseSchemaEditor, collect_sql: bool = False
) -> ProjectState:
    """What `Migration.apply` does, with the models made once: each table with all that is added to it later."""
    state.__dict__.pop("apps", None)  # a cached property; while it is not there, operations make no models
    for operation in migration.operations:
        operation.state_forwards(migration.app_label, state)
    for operation in migration.operations:
        if isinstance(operation, CreateModel):
            operation.database_forwards(migration.app_label, editor, state, state)
    return state


migrate.MigrationExecutor = Executor  # type: ignore[attr-defined]  # Django has no other place to say so
