"""Types for what programs send: texts are cleaned and measured as in a form, numbers are numbers and fit their column.

A schema that the API takes has no plain `str` or `int`; `tests/test_text.py` sees to it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from weiyifang.core import text
from weiyifang.core.money import MOST_FEN

MOST_INT = 2**31 - 1  # an `integer` column


def _by(cleaner: Callable[[str], str]) -> BeforeValidator:
    def clean(said: Any) -> Any:
        return cleaner(said) if isinstance(said, str) else said

    return BeforeValidator(clean)


Line = Annotated[str, _by(text.line)]
Paragraphs = Annotated[str, _by(text.paragraphs)]
PersonName = Annotated[str, _by(text.person_name)]
Number = Annotated[str, _by(text.number)]  # a phone, a code, an identity number
Whole = Annotated[int, Field(strict=True, ge=-MOST_INT, le=MOST_INT)]  # `true` and "3" are no numbers
Count = Annotated[int, Field(strict=True, ge=1, le=MOST_INT)]
Fen = Annotated[int, Field(strict=True, gt=0, le=MOST_FEN)]
