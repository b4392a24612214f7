"""A composite foreign key as an ordinary Django constraint: works in migrations, on PostgreSQL and on Citus."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Field, Model
from django.db.models.constraints import BaseConstraint


class CompositeForeignKey(BaseConstraint):
    """FOREIGN KEY (fields…) REFERENCES to (to_fields…), checked at once (never deferred: Citus reports it better)."""

    def __init__(
        self,
        *,
        fields: tuple[str, ...],
        to: str,
        to_fields: tuple[str, ...],
        name: str,
        violation_error_code: str | None = None,
        violation_error_message: str | None = None,
    ) -> None:
        self.fields, self.to, self.to_fields = tuple(fields), to, tuple(to_fields)
        super().__init__(
            name=name,
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,
        )

    def _definition(self, model: type[Model], editor: BaseDatabaseSchemaEditor) -> str:
        quote = editor.quote_name
        other: type[Model] = model._meta.apps.get_model(self.to)
        here = ", ".join(quote(_column(model, name)) for name in self.fields)
        there = ", ".join(quote(_column(other, name)) for name in self.to_fields)
        return f"CONSTRAINT {quote(self.name)} FOREIGN KEY ({here}) REFERENCES {quote(other._meta.db_table)} ({there})"

    def constraint_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        self.create_sql(model, schema_editor)

    def create_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        """At the end of the migration: the other table, or its unique key, may not stand yet."""
        assert model is not None
        assert schema_editor is not None
        table = schema_editor.quote_name(model._meta.db_table)
        schema_editor.deferred_sql.append(f"ALTER TABLE {table} ADD {self._definition(model, schema_editor)}")
        return ""  # nothing for now; of a table with defaults of its own Django executes whatever this gives

    def remove_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        assert model is not None
        assert schema_editor is not None
        table, name = (
            schema_editor.quote_name(model._meta.db_table),
            schema_editor.quote_name(self.name),
        )
        return f"ALTER TABLE {table} DROP CONSTRAINT {name}"

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database checks; a form has nothing to add."""

    def __eq__(self, other: object) -> bool:
        if isinstance(other, CompositeForeignKey):
            return bool(self.deconstruct() == other.deconstruct())
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self.name, self.fields, self.to, self.to_fields))

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return (
            path,
            args,
            {
                **kwargs,
                "fields": self.fields,
                "to": self.to,
                "to_fields": self.to_fields,
            },
        )


def _column(model: type[Model], name: str) -> str:
    field = model._meta.get_field(name)
    assert isinstance(field, Field)
    assert field.column is not None
    return field.column
