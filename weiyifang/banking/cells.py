"""What a cell of a statement says: an amount to the fen, a day, how an account number ends.

Text is never made a float.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from weiyifang.core import tables
from weiyifang.core.money import MOST_FEN

SHOWN = 40  # signs of a cell or row that is shown
ENDING = 4  # digits of an account number that are kept of others
BLANK = re.compile(r"[-—–/\s]*|\(空\)")
_AMOUNT = re.compile(r"(?P<sign>[-+]?)(?P<yuan>\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.(?P<rest>\d+))?")
_NOISE = 8  # decimals: a spreadsheet's 28.160000000000004
_DAY = re.compile(
    r"((?:19|20)\d{2})(?:[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?)"
    r"(?:[T ]*(\d{1,2}:?\d{2}(?::?\d{2})?)(?:\.\d+)?)?"
)


class NoAmount(ValueError):
    """A cell that holds no amount; says why."""


def fen(said: tables.Cell) -> int:
    """Whole fen of what a cell says in yuan; of what is left blank 0. Raises `NoAmount`."""
    if not isinstance(said, str):
        raise NoAmount(said.reason if isinstance(said, tables.Fault) else str(said))
    plain = unicodedata.normalize("NFKC", said).strip().lstrip("`").replace("¥", "").removesuffix("元").strip()
    if BLANK.fullmatch(plain):
        return 0
    match = _AMOUNT.fullmatch(plain.replace(" ", ""))
    if match is None:
        raise NoAmount(_("“%(text)s” is no amount in yuan") % {"text": said[:SHOWN]})
    whole, rest = match["yuan"].replace(",", ""), (match["rest"] or "").rstrip("0")
    if len(rest) > 2:
        exact = Decimal(f"{whole}.{rest}")
        near = round(exact, 2)
        if len(rest) < _NOISE or abs(exact - near) > Decimal("0.000001"):
            raise NoAmount(_("“%(text)s” has parts of a fen") % {"text": said[:SHOWN]})
        found = int(near.scaleb(2))
    else:
        found = int(whole) * 100 + int(rest.ljust(2, "0") or 0)
    if found > MOST_FEN:
        raise NoAmount(_("“%(text)s” is more than one entry can hold") % {"text": said[:SHOWN]})
    return -found if match["sign"] == "-" else found


def day_and_time(said: tables.Cell) -> tuple[date, str] | None:
    """The day a cell says, and the time of day beside it where there is one; None for no day."""
    if isinstance(said, date):
        return said, ""
    if not isinstance(said, str):
        return None
    match = _DAY.fullmatch(unicodedata.normalize("NFKC", said).strip().lstrip("`").strip())
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3])), clock(match[4] or "")
    except ValueError:
        return None


def clock(said: str) -> str:
    """`09:15:30` of `91530`, `09:15:30`, `09:15`."""
    digits = re.sub(r"\D", "", said)
    if not digits:
        return ""
    digits = digits.rjust(6, "0") if len(digits) > 4 else digits.rjust(4, "0")
    return ":".join(re.findall("..", digits))


def ending(number: str) -> str:
    """What is kept of somebody else's account number: its last digits. Of an address or a name nothing."""
    digits = re.sub(r"\D", "", number.rpartition("*")[2] if "*" in number else number)
    return "" if "@" in number else digits[-ENDING:]


def said(cell: tables.Cell) -> str:
    """As it stands in the file."""
    return cell.said if isinstance(cell, tables.Fault) else str(cell)
