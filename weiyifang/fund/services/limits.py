"""What every amount and code must be, whichever door it comes in by."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from weiyifang.core.money import MOST_FEN, yuan
from weiyifang.core.refusals import Refused
from weiyifang.fund.chart import Line, chart
from weiyifang.fund.models import Purpose


class NotPositive(Refused):
    """The amount is zero or less."""

    sentence = _("The amount must be more than zero.")
    status = 422


class UnknownCode(Refused):
    """A channel, category or purpose that the chart does not know."""

    sentence = _("Choose one from the list.")
    status = 422


class PurposeClosed(Refused):
    """A purpose for which nothing is given and out of which nothing is paid any more."""

    sentence = _("%(purpose)s is closed. Choose another purpose.")
    status = 422


class OtherUse(Refused):
    """What was given for one thing is to be spent on another."""

    sentence = _("The money of %(purpose)s may only be spent on %(category)s. Choose that category, or other money.")
    status = 422


class TooMuch(Refused):
    """More than one entry can hold."""

    sentence = _("That is more than one entry can hold (%(most)s yuan). Look whether there is a zero too many.")
    status = 422


def check_amount(fen: int) -> None:
    """Raises `NotPositive` or `TooMuch` unless it is a whole number of fen that one entry can hold."""
    if type(fen) is not int or fen <= 0:  # True is no amount
        raise NotPositive()
    if fen > MOST_FEN:
        raise TooMuch(most=yuan(MOST_FEN))


def open_purpose_of(code: str) -> Line:
    """The purpose of this code that money can be given for. Raises `UnknownCode`, `PurposeClosed`."""
    if (line := chart().pools.get(code)) is not None:
        return line
    row = Purpose.objects.filter(code=code).first()
    if row is None:
        raise UnknownCode()
    if row.closed_at is not None:
        raise PurposeClosed(purpose=row.name)
    return row.line


def check_use(code: str, category: str) -> None:
    """May the money of this purpose be spent on that? Raises `OtherUse`, `UnknownCode`, `PurposeClosed`."""
    line, categories = open_purpose_of(code), chart().categories
    if category not in categories:
        raise UnknownCode()
    if line.category not in {"", category}:
        raise OtherUse(purpose=line.name, category=categories[line.category].name)
