"""Columns for what people write: cleaned and measured on the way into the database, from whichever entrance it came.

A column of a model that holds people's words is one of these; `tests/test_text.py` refuses a plain `CharField`. For
migrations they are the columns they are, a CharField or a TextField.

A service that compares or announces what it was given cleans it first, with `cleaned`; one that only keeps it need do
nothing: saving refuses what is blank (`text.Missing`) or too long (`text.TooLong`) and keeps the rest clean.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.db import connection, models

from weiyifang.core import text

if TYPE_CHECKING:
    CharOfStr = models.CharField[str, str]
    TextOfStr = models.TextField[str, str]
else:  # Django's fields cannot be subscripted at run time
    CharOfStr, TextOfStr = models.CharField, models.TextField

D = TypeVar("D", bound=Mapping[str, Any])


class Words:
    """What the columns below have in common; stands before a field of Django's."""

    cleaner: ClassVar[staticmethod[[str], str]]
    if TYPE_CHECKING:
        attname: str
        blank: bool
        max_length: int | None
        verbose_name: Any

    def cleaned(self, said: Any) -> Any:
        """As it will be kept, measured in code points as PostgreSQL does. Raises `Missing` and `TooLong`."""
        if not isinstance(said, str):
            return said
        clean = type(self).cleaner(said)
        if not clean and not self.blank:
            raise text.Missing(what=self.verbose_name)
        if self.max_length is not None and len(clean) > self.max_length:
            raise text.TooLong(what=self.verbose_name, long=len(clean), most=self.max_length)
        return clean

    def to_python(self, value: Any) -> Any:
        """Also what is looked up: `filter(name=…)` finds a name in its one form, and no NUL reaches the database."""
        said = super().to_python(value)  # type: ignore[misc]  # a field's
        return type(self).cleaner(said) if isinstance(said, str) else said

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        clean = self.cleaned(getattr(instance, self.attname))
        setattr(instance, self.attname, clean)  # whoever goes on with the row says what was kept
        return clean

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Also what `update()` writes."""
        return super().get_db_prep_save(self.cleaned(value), connection)  # type: ignore[misc]  # a field's

    def deconstruct(self) -> Any:
        name, _path, args, options = super().deconstruct()  # type: ignore[misc]  # a field's
        plain = "TextField" if isinstance(self, models.TextField) else "CharField"
        return name, f"django.db.models.{plain}", args, options


class LineColumn(Words, CharOfStr):
    """One line: a title, a place."""

    cleaner = staticmethod(text.line)


class NameColumn(Words, CharOfStr):
    """A person's name."""

    cleaner = staticmethod(text.person_name)


class NumberColumn(Words, CharOfStr):
    """A number or code that somebody gave to something: of a file, a house, a phone."""

    cleaner = staticmethod(text.number)


class ShortTextColumn(Words, CharOfStr):
    """A few lines at most: a reason, a note."""

    cleaner = staticmethod(text.paragraphs)


class TextColumn(Words, TextOfStr):
    """A text of any length; with a `max_length` it is refused beyond."""

    cleaner = staticmethod(text.paragraphs)


def most(model: type[models.Model], name: str) -> int:
    """How many characters a column takes: for forms and schemas, so that a text and its copies have one length."""
    column = model._meta.get_field(name)
    length: int | None = getattr(column, "max_length", None)
    assert length is not None, f"{column} takes any length"
    return length


def cleaned(model: type[models.Model], details: D) -> D:
    """What is to be written to fields of a model, each text as its column keeps it.

    Raises `Missing` and `TooLong`, and `OutOfBounds` for a number that the column does not hold.
    """
    clean: Any = dict(details)
    for name, said in details.items():
        if isinstance(said, (str, int)):
            column = model._meta.get_field(name)
            if isinstance(column, Words):
                clean[name] = column.cleaned(said)
            elif isinstance(column, models.IntegerField):
                _refuse_beyond(column, said)
    return clean  # type: ignore[no-any-return]  # what came in, of its type


def _refuse_beyond(column: models.IntegerField[Any, Any], said: Any) -> None:
    least, most = connection.ops.integer_field_range(column.get_internal_type())
    if isinstance(said, bool) or not isinstance(said, int) or not least <= said <= most:  # true is no number
        raise text.OutOfBounds(what=column.verbose_name, most=most)


def just(field: str, function: str) -> models.Func:
    """The range that holds one value: its && is equality, which GiST lacks for numbers and ids without an extension.

    For constraints that let no two spans of one thing overlap.
    """
    return models.Func(
        models.F(field), models.F(field), models.Value("[]"), function=function, output_field=models.TextField()
    )
