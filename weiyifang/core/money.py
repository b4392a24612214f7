"""Money is a whole number of fen (1 yuan = 100 fen); never a float."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from weiyifang.core.refusals import Refused

WHOLE = 10_000  # basis points: hundredths of a per cent
MOST_FEN = 99_999_999_999_99  # a hundred thousand million yuan: a larger amount is a slip of the finger

_AMOUNT = re.compile(r"(?P<sign>-?)(?P<yuan>\d{1,12})(?:\.(?P<fen>\d{1,2}))?")


class NotAnAmount(Refused):
    """What was typed is no amount of money."""

    sentence = _("Write the amount in yuan with at most two decimals, for example 25 or 25.50.")
    status = 422


def fen_from_yuan(text: str) -> int:
    """Fen from what a person typed in yuan ("25", "1,250.5", "￥25.00"); raises `NotAnAmount`."""
    plain = text.strip().replace(",", "").replace("，", "").lstrip("¥￥").removesuffix("元").strip()
    match = _AMOUNT.fullmatch(plain)
    if match is None:
        raise NotAnAmount()
    fen = int(match["yuan"]) * 100 + int((match["fen"] or "").ljust(2, "0"))
    if fen > MOST_FEN:
        raise NotAnAmount()
    return -fen if match["sign"] else fen


def yuan(fen: int) -> str:
    """`446,140.00` for 44614000 fen."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100:,}.{fen % 100:02d}"


def percent(points: int) -> str:
    """Basis points as people read them: 4800 is 48, 4825 is 48.25."""
    return f"{points / 100:.2f}".rstrip("0").rstrip(".")


def split(fen: int, shares: Sequence[int]) -> list[int]:
    """Split an amount by whole-number shares so that the parts add up to the fen.

    What cannot be divided goes, a fen each, to the largest remainders; among equal ones to the larger share, then to
    whoever stands first. So a larger share never gets less, and it does not matter who is named first. Raises
    ValueError when there is no positive share or one is negative.
    """
    total = sum(shares)
    if total <= 0 or any(share < 0 for share in shares):
        raise ValueError("shares must be whole numbers, none negative, not all zero")
    parts = [fen * share // total for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: (-(fen * shares[i] % total), -shares[i], i))
    for i in by_remainder[: fen - sum(parts)]:
        parts[i] += 1
    return parts
