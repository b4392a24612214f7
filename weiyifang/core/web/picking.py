"""Choosing a row by what people call it: what was typed is looked up, and whoever typed it says which one is meant.

It needs no script: the form comes back with what was found, to choose from, and with the text as it was typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from weiyifang.core.text import line

M = TypeVar("M", bound=Model)
SHOWN = 20  # found rows to choose from; who finds more types more


@dataclass(frozen=True)
class Option:
    """One row to choose: its key, what it is called, and what tells it from others of that name."""

    value: str
    title: str
    desc: str = ""


@dataclass(frozen=True)
class Picked:
    """What a form sends of one such field."""

    text: str = ""
    chosen: str = ""  # the key of the row
    among: str = ""  # the text whose rows were shown when it was chosen

    def __str__(self) -> str:
        return self.text


class PickWidget(forms.TextInput):
    """A text field; beside it go `<name>_is`, the key of the row that was chosen, and `<name>_among`."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Picked:
        return Picked(*(line(str(data.get(f"{name}{part}", ""))) for part in ("", "_is", "_among")))

    def use_required_attribute(self, initial: Any) -> bool:
        return False


class PickField(forms.Field, Generic[M]):
    """A row that is looked up. The form's value is the row.

    Only what `is_sure` says is taken as it is; everything else is shown first and chosen. A choice counts only for the
    text it was made for, and only if that text finds the row: a key by itself opens nothing.
    """

    widget = PickWidget
    offered: Sequence[Option] = ()
    has_more = False
    picked = ""

    def find(self, words: str, key: str = "") -> Sequence[M]:
        """At most `SHOWN` rows and one more that fit the words, the best first; with a key only its row."""
        raise NotImplementedError

    def option(self, row: M) -> Option:
        """How the row is offered."""
        raise NotImplementedError

    def is_sure(self, words: str, rows: Sequence[M]) -> bool:
        """Is the first of these rows meant without a doubt?"""
        return False

    def nothing(self, words: str) -> str:
        """What is said when nothing fits."""
        return str(_("Nothing of this name is on the list. Is it written as it stands there?"))

    def begin_with(self, row: M, words: str) -> None:
        """Let the form begin with this row chosen, as if this text had been typed."""
        self._taken(row)
        self.initial = Picked(words, self.picked, words)

    def clean(self, value: Any) -> M | None:
        typed = value or Picked()
        if not typed.text:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return None
        if typed.chosen and typed.among == typed.text:
            for row in self.find(typed.text, typed.chosen):
                return self._taken(row)
        rows = self.find(typed.text)
        if not rows:
            raise forms.ValidationError(self.nothing(typed.text), code="nothing")
        if self.is_sure(typed.text, rows):
            return self._taken(rows[0])
        self.offered, self.has_more = [self.option(row) for row in rows[:SHOWN]], len(rows) > SHOWN
        raise forms.ValidationError(_("Choose who is meant, then send it again."), code="choose")

    def _taken(self, row: M) -> M:
        self.offered, self.picked = [self.option(row)], self.option(row).value
        return row
