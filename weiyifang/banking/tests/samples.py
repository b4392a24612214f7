"""Files as banks and wallets write them, all invented.

Those of banks: opening 10,000.00, in 1,500.00, out 200.00, closing 11,300.00."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from weiyifang.core import tables

FILES = Path(__file__).with_name("samples")
BANKS = {  # shape → the files of that shape
    "icbc_personal": ["icbc_personal"],
    "icbc_corporate": ["icbc_flag", "icbc_in_out", "icbc_one_amount"],
    "ccb_personal": ["ccb_personal"],
    "ccb_corporate": ["ccb_corporate"],
    "ccb_personal_csv": ["ccb_personal_csv"],
    "abc_personal": ["abc_personal"],
    "abc_corporate": ["abc_corporate"],
    "boc_personal": ["boc_personal"],
    "boc_corporate": ["boc_corporate"],
    "cmb_personal": ["cmb_personal"],
    "cmb_corporate": ["cmb_corporate"],
    "psbc_corporate": ["psbc_corporate"],
    "cqrcb_corporate": ["cqrcb_corporate"],
    "rural_bank": ["rural_bank"],
    "plain": ["plain"],
}
HEADS = ("日期", "收入", "支出", "余额", "对方", "摘要")


def of(name: str, encoding: str = "utf-8") -> bytes:
    """A file as it lies there, in another encoding."""
    return (FILES / f"{name}.csv").read_text(encoding="utf-8").encode(encoding)


def plain(rows: Sequence[Sequence[object]], heads: Sequence[str] = HEADS) -> bytes:
    """A plain table: day, in, out, balance, the other side, what for."""
    return b"".join(tables.write_csv(heads, rows))
