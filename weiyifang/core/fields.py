"""Form fields for what people write. They clean first and measure then, as the columns of `core.columns` do.

A form of ours has no plain `CharField`; `tests/test_text.py` sees to it.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from weiyifang.core import text


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


class ParagraphsField(LineField):
    """Several lines."""

    widget = forms.Textarea
    cleaner = staticmethod(text.paragraphs)
