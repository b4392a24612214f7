"""What the codes on papers promise (`core.signed`): one row has one code, letter for letter."""

from __future__ import annotations

from string import ascii_letters, digits
from uuid import UUID

from weiyifang.core import signed

ROW = UUID("01936d1e-0000-7000-8000-000000000000")


def test_a_code_names_its_row_and_nothing_else_does() -> None:
    code = signed.code("a paper", ROW)
    assert signed.named("a paper", code) == ROW
    assert signed.named("another paper", code) is None
    for place in range(len(code)):
        for letter in ascii_letters + digits + "-_":
            if letter != code[place]:
                assert signed.named("a paper", code[:place] + letter + code[place + 1 :]) is None


def test_what_a_decoder_would_pass_over_is_no_part_of_a_code() -> None:
    code = signed.code("a paper", ROW)
    for typed in (code + "=", code + "\n", f" {code}", f"{code[:9]}.{code[9:]}", code + "看", ""):
        assert signed.named("a paper", typed) is None
