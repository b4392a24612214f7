"""Columns that hold a source: how strangers refer to a row (`tenancy.source_of`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    CharOfText = models.CharField[str, str]
else:  # Django's fields cannot be subscripted at run time
    CharOfText = models.CharField


class SourceField(CharOfText):
    """`activities.session:<id>`, perhaps with what it is about behind a slash; or "" for none.

    `verify` finds these columns by their type and follows each to its row, which no foreign key does. For migrations
    it is the column it is, a CharField.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_length": 120, **options})

    def deconstruct(self) -> Any:
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options
