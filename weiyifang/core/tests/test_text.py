"""What people type, in the spellings that were seen, and what is made of it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from weiyifang.core import text

CLEANERS = [text.line, text.paragraphs, text.person_name, text.number]
ODD = "\0\t\n\x0b\r\x1f\x85\u200b\u200c\u200d\u2028\u202e\ufe0f\u180b\U000e0100\u0301\u20e3\ud800_x0D·.• 1A人⼈👩❤ᠮ"
ANY = st.text(st.one_of(st.characters(), st.sampled_from(ODD)), max_size=30)  # halves of surrogates, too
NOTHING = [
    *("", " ", "\u3000", "\0", "\u200b\u200c\u200d", "\ufeff", "\u3164", "\u2800", "\u00ad", "\u202e\u2066", "\ud800"),
    *("\ufe0f", "\U000e0100", "\U000e0061", "\u034f", "\u0301", "_x000D_", "\u115f\u1160", "\ufffc", "\u2028\u2029"),
]
ENDS = ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "_x000D_\n", "_x000D_"]


@pytest.mark.parametrize("clean", CLEANERS)
@pytest.mark.parametrize("nothing", NOTHING)
def test_what_nobody_can_see_is_nothing(clean: text.Cleaner, nothing: str) -> None:
    assert clean(nothing) == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("包饺子", "包饺子"),
        ("  包 \t 饺子\u3000", "包 饺子"),
        ("包\x0b饺子", "包 饺子"),  # Word's soft break
        ("包\0饺\u200b子\u202e", "包饺子"),
        ("包饺子_x000D_\n带围裙", "包饺子 带围裙"),
        ("cafe\u0301", "café"),
        ("👨\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3", "👨\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3"),
        ("a\u200db\ufe0f", "ab"),
        ("葛\U000e0100城", "葛\U000e0100城"),  # the glyph somebody asked for
        ("ᠮᠣᠩᠭᠣᠯ\u180b", "ᠮᠣᠩᠭᠣᠯ\u180b"),
        ("\u2067שלום\u2069", "שלום"),
        ("\ue863", "\ue863"),  # a rare character as official systems write it
        ("１２３，（全角）", "１２３，（全角）"),
    ],
)
def test_a_line_keeps_what_was_said(typed: str, kept: str) -> None:
    assert text.line(typed) == kept


@pytest.mark.parametrize("end", ENDS)
def test_every_end_of_a_line_is_one(end: str) -> None:
    assert text.paragraphs(f"上午{end}下午") == "上午\n下午"


@pytest.mark.parametrize("dot", ["·", "•", "・", "‧", "･", "．", ".", "∙", "⋅", "●", " · ", "··"])
def test_a_name_is_one_however_its_dot_was_typed(dot: str) -> None:
    assert text.person_name(f"阿不都{dot}克里木") == "阿不都·克里木"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张　三", "张三"),
        ("李 四\u200b", "李四"),
        ("⼈⻢⻰", "人马龙"),  # radicals, as PDFs hold them
        ("\uf9e1明", "李明"),  # a compatibility ideograph
        ("葛\U000e0100明", "葛明"),
        ("Ｍａｒｙ  Smith", "Mary Smith"),
        ("J.R. Smith", "J.R. Smith"),
    ],
)
def test_a_name_is_one_however_it_was_copied(typed: str, name: str) -> None:
    assert text.person_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("１３８－００１３－８０００", "138-0013-8000"),
        ("\u202a13800138000\u202c", "13800138000"),  # as an address book copies it
        ("５－１", "5-1"),
        ("２０２６／１２／１１", "2026/12/11"),
        ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
    ],
)
def test_a_number_is_narrow(typed: str, number: str) -> None:
    assert text.number(typed) == number


@pytest.mark.parametrize("clean", CLEANERS)
@given(ANY)
@example("_x_x000D_000D_")
@example("e\u200b\u0301")
def test_what_is_clean_stays_as_it_is(clean: text.Cleaner, said: str) -> None:
    once = clean(said)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode()
    assert text.writable(once) == once


@given(ANY)
def test_any_text_can_be_written_into_a_file(kept: str) -> None:
    written = text.writable(kept)
    assert all(sign in "\t\n" or sign >= " " for sign in written)
    assert not {"\ufffe", "\uffff", "\x7f", "\u2028"} & set(written)
    written.encode()
