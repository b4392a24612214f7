"""Phones as people write them: taken from paper, from a phone's address book, from memory."""

from __future__ import annotations

import pytest

from weiyifang.people.numbers import (
    NotAnIdNumber,
    NotAPhone,
    clean_id_number,
    clean_phone,
    masked_phone,
    shown_phone,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13800138000", "+8613800138000"),
        ("138 0013 8000", "+8613800138000"),
        ("138-0013-8000", "+8613800138000"),
        ("１３８ ００１３ ８０００", "+8613800138000"),
        ("+86 138 0013 8000", "+8613800138000"),
        ("＋８６　１３８－００１３－８０００", "+8613800138000"),
        ("8613800138000", "+8613800138000"),
        ("0086 13800138000", "+8613800138000"),
        ("013800138000", "+8613800138000"),  # as one dials it from another town's landline
        ("\u202a138\u00a00013\u00a08000\u202c", "+8613800138000"),  # copied from an address book
        ("194 1234 5678", "+8619412345678"),  # a range that no list knows yet
        ("010-65529988", "01065529988"),
        ("（010）6552 9988", "01065529988"),
        ("0731—8888 8888", "073188888888"),
        ("+86 10 6552 9988", "01065529988"),
        ("+86 (0)731 8888 8888", "073188888888"),
        ("86-731-88888888", "073188888888"),
        ("400-800-1234", "4008001234"),
        ("6552 9988", "65529988"),
        ("5529988", "5529988"),
        ("+852 2123 4567", "+85221234567"),
        ("00852 9123 4567", "+85291234567"),
        ("+853 6612 3456", "+85366123456"),
        ("＋８８６ 912 345 678", "+886912345678"),
        ("+44 20 7946 0958", "+442079460958"),
    ],
)
def test_each_number_is_kept_in_one_way_however_it_is_written(typed: str, kept: str) -> None:
    assert clean_phone(typed) == kept
    assert clean_phone(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "1380013800",  # a digit is missing
        "138001380001",  # one too many
        "+86 1380013800",
        "+86 138001380001",
        "86138001380001",
        "0731 8888 88888",
        "010 6552 998",
        "12345678901",
        "00000000000",
        "85291234567",  # not with +: nobody can ring it from here
        "+852 1234",
        "+999 1234 5678",
        "12",
        "喊一声",
        "138 0013 8000 转 2",
        "138 0013 8000 / 139 0013 9000",
        "1-800-FLOWERS",
        "١٣٨٠٠١٣٨٠٠٠",
        "9" * 5_000,
        "+",
        "",
    ],
)
def test_what_nobody_can_ring_is_no_phone(typed: str) -> None:
    with pytest.raises(NotAPhone):
        clean_phone(typed)


def test_numbers_are_shown_and_hidden_the_way_people_write_them() -> None:
    assert shown_phone("+8613800138000") == "138 0013 8000"
    assert shown_phone("01065529988") == "01065529988"
    assert masked_phone("+8613800138000") == "138 **** 8000"
    assert masked_phone("+85291234567") == "+85 **** 4567"
    assert masked_phone("110") == "****"


def test_an_identity_number_is_kept_in_one_way_or_not_at_all() -> None:
    """The number is the standard's own example (GB 11643-1999)."""
    kept = "11010519491231002X"
    for typed in (kept, "11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", "110105 19491231 002X"):
        assert clean_id_number(typed) == kept
    for typed in ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "110105194912310021", kept[:-1], f"{kept}0"):
        with pytest.raises(NotAnIdNumber):
            clean_id_number(typed)
