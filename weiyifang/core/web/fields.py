"""Form fields for what people write. They clean first and measure then, as the columns of `core.columns` do.

A form of ours has no plain `CharField`; `tests/test_text.py` sees to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.safestring import SafeString

from weiyifang.core import money, text
from weiyifang.core.refusals import Refused


def offer(form: forms.Form, name: str, choices: Sequence[Any]) -> None:
    """Let a field of a form offer these: values and what they are called, or groups of them."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


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


class PicturesWidget(forms.RadioSelect):
    """One of several, each shown as `picture` draws it, above its name. The name alone is read aloud."""

    def __init__(self, picture: Callable[[str], SafeString], **options: Any) -> None:
        super().__init__(**options)
        self.picture = picture

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        return {**super().create_option(name, value, *args, **options), "picture": self.picture(str(value))}


class ParagraphsField(LineField):
    """Several lines."""

    widget = forms.Textarea
    cleaner = staticmethod(text.paragraphs)
