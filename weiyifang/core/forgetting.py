"""Another name instead of one that is to be forgotten, wherever somebody typed it."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Left, Replace

SHORTEST = 2  # signs of a name; what is shorter stands in too many words


def write_over(rows: QuerySet[Any], *fields: str, name: str, instead: str) -> int:
    """Write `instead` wherever a text of these rows says `name`; what gets too long for its column is cut.

    Returns how many rows said it. Names are compared as they are written: somebody else of the same name goes, too.
    """
    if len(name) < SHORTEST or name == instead:
        return 0
    said = rows.filter(reduce(or_, (Q(**{f"{field}__contains": name}) for field in fields)))
    return said.update(**{field: _written_over(rows, field, name, instead) for field in fields})


def _written_over(rows: QuerySet[Any], field: str, name: str, instead: str) -> Any:
    most = getattr(rows.model._meta.get_field(field), "max_length", None)
    text = Replace(F(field), Value(name), Value(instead), output_field=TextField())
    return Left(text, most, output_field=CharField()) if most else text
