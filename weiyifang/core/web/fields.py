"""Form fields for what people write. They clean first and measure then, as the columns of `core.columns` do.

A form of ours has no plain `CharField`; `tests/test_text.py` sees to it.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from weiyifang.core import money, text
from weiyifang.core.refusals import Refused


class LineField(forms.CharField):
    """One line: a title, a place, words to search for."""

    cleaner: ClassVar[staticmethod[[str], str]] = staticmethod(text.line)

    def to_python(self, value: Any) -> Any:
        return super().to_python(type(self).cleaner(value) if isinstance(value, str) else value)


class NameField(LineField):
    """A person's name."""

    cleaner = staticmethod(text.person_name)


class NumberField(LineField):
    """A phone, a code, an amount, an identity number: full-width signs and pasted ones are folded."""

    cleaner = staticmethod(text.number)


class YuanField(NumberField):
    """An amount typed in yuan; gives fen. `nothing`: what an empty field gives. `least`: no amount below it, in fen."""

    def __init__(self, *, nothing: int | None = None, least: int | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.nothing, self.least = nothing, least

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        if not typed:
            return self.nothing
        try:
            fen = money.fen_from_yuan(typed)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused
        if self.least is not None and fen < self.least:
            raise forms.ValidationError(str(money.NotAnAmount()))
        return fen

    def prepare_value(self, value: Any) -> Any:
        return money.yuan(value).removesuffix(".00") if isinstance(value, int) else value


class ParagraphsField(LineField):
    """Several lines."""

    widget = forms.Textarea
    cleaner = staticmethod(text.paragraphs)
