"""What every amount and code must be, whichever door it comes in by."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from weiyifang.core.money import MOST_FEN, yuan
from weiyifang.core.refusals import Refused


class NotPositive(Refused):
    """The amount is zero or less."""

    sentence = _("The amount must be more than zero.")
    status = 422


class UnknownCode(Refused):
    """A channel, category or purpose that the chart does not know."""

    sentence = _("Choose one from the list.")
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
