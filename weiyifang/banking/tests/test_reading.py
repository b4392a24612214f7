"""Files of banks and wallets are read to the fen, whatever their shape; what is wrong is named by its line."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from weiyifang.banking import cells, reading
from weiyifang.banking.shapes import FIELDS, Shape, shapes
from weiyifang.banking.tests import samples
from weiyifang.core import tables
from weiyifang.core.money import MOST_FEN, yuan
from weiyifang.core.refusals import Refused

FIRST = date(2026, 3, 1)
SAMPLES = [(code, name) for code, names in samples.BANKS.items() for name in names]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """The words of a fault are compared."""
    with translation.override("en"):
        yield


def read(content: bytes, **more: Any) -> reading.Reading:
    found = reading.read(content, **more)
    assert found is not None
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize(("code", "name"), SAMPLES)
def test_each_bank_is_known_by_its_headings_and_read_to_the_fen(code: str, name: str, encoding: str) -> None:
    seen = read(samples.of(name, encoding))
    assert seen.shape.code == code
    assert [(line.day, line.fen) for line in seen.lines] == [
        (date(2026, 3, 2), 150_000),
        (date(2026, 3, 3), -20_000),
    ], "oldest first, in is positive"
    assert (seen.opening, seen.came_in, seen.went_out, seen.closing) == (1_000_000, 150_000, 20_000, 1_130_000)
    assert not seen.wrong


@pytest.mark.parametrize(("code", "name"), SAMPLES)
def test_of_the_other_side_only_the_end_of_its_number_is_kept(code: str, name: str) -> None:
    kept = [f"{line.name} {line.number}" for line in read(samples.of(name)).lines]
    assert not any("62000000" in one for one in kept)
    if code not in {"cmb_personal", "plain"}:  # which do not say who it was with a number
        assert "样例住户甲" in kept[0]


def test_every_shape_of_the_file_has_a_sample() -> None:
    assert shapes().every.keys() == {*samples.BANKS, *WALLETS}


WALLETS = {
    "wechat_trade": [10_000, -3_000],
    "wechat_flow": [10_000, -60, -3_000, 18],
    "wechat_personal": [-10_010, 150_000, -20_000],
    "alipay_mobile": [2_000, 150_000, -20_000],
    "alipay_web": [-20_000],
}


@pytest.mark.parametrize(("code", "fen"), WALLETS.items())
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_wallets_are_read_with_their_ticks_their_states_and_their_sums(
    code: str, fen: list[int], encoding: str
) -> None:
    seen = read(samples.of(code, encoding))
    assert (seen.shape.code, [line.fen for line in seen.lines], seen.wrong) == (code, fen, [])


def test_a_comma_in_the_words_of_a_merchant_stays_in_them() -> None:
    assert "社区捐款,三月" in read(samples.of("wechat_trade")).lines[0].words


def test_sums_below_the_lines_that_are_not_theirs_are_named() -> None:
    changed = samples.of("wechat_flow").replace(b"`100.18", b"`100.17")
    (wrong,) = read(changed).wrong
    assert "100.17" in wrong.why
    assert "100.18" in wrong.why


def test_the_period_and_the_number_are_taken_from_above_the_headings() -> None:
    seen = read(samples.of("abc_corporate"))
    assert (seen.number, seen.since, seen.until) == ("22000000000000011", date(2026, 3, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("said", "fen"),
    [
        ("1,500.00", 150_000),
        ("１，２３４．５０", 123_450),
        ("¥28.16", 2_816),
        ("`0.60000", 60),
        ("28.160000000000004", 2_816),
        ("-200", -20_000),
        ("+3.1", 310),
        ("--", 0),
        ("", 0),
        ("0.00", 0),
    ],
)
def test_amounts_are_whole_fen_however_they_are_written(said: str, fen: int) -> None:
    assert cells.fen(said) == fen


@pytest.mark.parametrize("said", ["1.005", "12,34", "1e5", "很多", "1.2.3", "10000000000000", "123456789012.001"])
def test_what_is_no_amount_is_refused(said: str) -> None:
    with pytest.raises(cells.NoAmount):
        cells.fen(said)


@given(st.integers(-MOST_FEN, MOST_FEN))
def test_every_amount_survives_being_written_and_read(fen: int) -> None:
    assert cells.fen(yuan(fen)) == fen


def _written(shape: Shape, days: list[date], amounts: list[int], opening: int) -> tuple[list[str], list[list[str]]]:
    """The lines in the columns of a shape, with the first spelling of each heading."""
    heads = [headings[0] for name, headings in shape.columns.items() if name in {*FIELDS, "payer", "payee"}]
    heads += [next(iter(mark)) for mark in shape.marks if not mark & set(heads)]
    names = {headings[0]: name for name, headings in shape.columns.items()}
    there, rows = opening, []
    for day, fen in zip(days, amounts, strict=True):
        there += fen
        cells_of = {
            "day": f"{day:%Y%m%d}",
            "in": yuan(max(fen, 0)),
            "out": yuan(max(-fen, 0)),
            "amount": yuan(abs(fen) if "flag" in shape.columns else fen),
            "flag": "贷" if fen > 0 else "借",
            "balance": yuan(there),
            "currency": "人民币",
            "words": "捐款, 三月",
        }
        rows.append([cells_of.get(names.get(head, ""), "") for head in heads])
    return heads, rows


@given(
    data=st.data(),
    amounts=st.lists(st.integers(-(10**9), 10**9).filter(bool), min_size=1, max_size=12),
    is_newest_first=st.booleans(),
    is_workbook=st.booleans(),
)
@settings(deadline=None, max_examples=60)
def test_whatever_a_shape_can_say_comes_back(
    data: st.DataObject, amounts: list[int], is_newest_first: bool, is_workbook: bool
) -> None:
    shape = shapes().every[data.draw(st.sampled_from(sorted(shapes().every)))]
    steps = data.draw(st.lists(st.integers(0, 3), min_size=len(amounts), max_size=len(amounts)))
    days = [FIRST + timedelta(days=sum(steps[: n + 1])) for n in range(len(steps))]
    opening = 10**10
    heads, rows = _written(shape, days, amounts, opening)
    rows = rows[::-1] if is_newest_first else rows
    content = tables.write_xlsx("流水", heads, rows) if is_workbook else b"".join(tables.write_csv(heads, rows))
    seen = read(content)
    assert seen.shape.code == shape.code
    assert not seen.wrong
    assert sum(line.fen for line in seen.lines) == sum(amounts)
    assert sorted((line.day, line.fen) for line in seen.lines) == sorted(zip(days, amounts, strict=True))
    if "balance" in shape.columns:
        assert (seen.opening, seen.closing) == (opening, opening + sum(amounts))


def test_a_balance_that_does_not_add_up_is_named_by_its_line() -> None:
    content = samples.plain([["2026-03-02", "1500", "", "11500", "", ""], ["2026-03-03", "", "200", "11200", "", ""]])
    (wrong,) = read(content).wrong
    assert wrong.line == 3
    assert "11,300.00" in wrong.why


def test_in_and_out_the_other_way_round_are_told_by_the_balances() -> None:
    content = samples.plain([["2026-03-02", "", "1500", "11500", "", ""], ["2026-03-03", "200", "", "11300", "", ""]])
    seen = read(content)
    assert seen.is_turned
    assert [line.fen for line in seen.lines] == [150_000, -20_000]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["2026-03-02", "1.005", "", "11500", "", ""], "parts of a fen"),
        (["昨天", "1500", "", "11500", "", ""], "no day"),
        (["2026-03-02", "1500", "200", "11500", "", ""], "at once"),
        (["2026-03-02", "1500", "", "很多", "", ""], "no amount"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named(row: list[str], said: str) -> None:
    (wrong,) = read(samples.plain([row])).wrong
    assert wrong.line == 2
    assert said in wrong.why


def test_another_currency_is_named() -> None:
    heads = ["日期", "金额", "余额", "币种"]
    content = b"".join(
        tables.write_csv(heads, [["2026-03-02", "100", "100", "美元"], ["2026-03-03", "1", "101", "人民币"]])
    )
    seen = read(content)
    assert [(wrong.line, "美元" in wrong.why) for wrong in seen.wrong] == [(2, True)]


def test_sums_and_remarks_are_beside_and_said() -> None:
    rows = [["2026-03-02", "1500", "", "11500", "", ""], ["合计", "1500", "0", "", "", ""], ["以上数据仅供参考"]]
    seen = read(samples.plain(rows))
    assert len(seen.lines) == 1
    assert [row.line for row in seen.beside] == [3, 4]
    assert not seen.wrong


def test_a_shape_that_nobody_knows_is_read_once_its_columns_are_named() -> None:
    content = b"".join(tables.write_csv(["哪天", "几块", "剩下"], [["2026-03-02", "-5", "95"]]))
    assert reading.read(content) is None
    heads, below = reading.head_of(content)
    assert (heads, below) == (["哪天", "几块", "剩下"], [["2026-03-02", "-5", "95"]])
    seen = read(content, columns={"day": "哪天", "amount": "几块", "balance": "剩下"})
    assert [(line.fen, line.balance) for line in seen.lines] == [(-500, 9_500)]


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("微信支付账单.xlsx", b"...")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (_zip(), "PackedFile"),
        (b"PK\x03\x04 broken", "DamagedFile"),
        (b"\xd0\xcf\x11\xe0locked", "OldWorkbook"),
        (b"<html><table></table></html>", "WebPage"),
        (b"  \n", "EmptyTable"),
    ],
)
def test_a_file_that_is_no_table_says_what_to_do(content: bytes, refusal: str) -> None:
    with pytest.raises(Refused) as refused:
        reading.read(content)
    assert refused.value.code == refusal
