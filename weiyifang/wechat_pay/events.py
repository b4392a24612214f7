"""The facts this package announces: ids, numbers and codes; who gives stands in the fund."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event, Remark


@dataclass(frozen=True, kw_only=True)
class GiftOrderMade(Event):
    """Somebody wants to give so much by WeChat Pay, in fen."""

    words = _("an order was made")

    number: int
    trade_no: str
    amount_fen: int
    pool: str


@dataclass(frozen=True, kw_only=True)
class GiftOrderPaid(Event):
    """WeChat says that it is paid, and it is what was asked for; `transaction`: its number of the payment."""

    words = _("paid, and booked")

    number: int
    amount_fen: int
    transaction: str


@dataclass(frozen=True, kw_only=True)
class GiftOrderClosed(Event):
    """It was not paid in time, or WeChat did not take it (`trouble`)."""

    words = _("closed, nobody paid")

    number: int
    trouble: str


@dataclass(frozen=True, kw_only=True)
class GiftOrderTroubled(Event):
    """What WeChat says of it does not fit: nothing was booked, somebody has to look."""

    words = _("WeChat says something that does not fit, nothing was booked")

    number: int
    trouble: str


@dataclass(frozen=True, kw_only=True)
class GiftRefundAsked(Event):
    """Somebody asks to give a gift back."""

    words = _("a refund was asked for, a second person has to confirm it")

    number: int
    order: str
    amount_fen: int
    reason: Remark


@dataclass(frozen=True, kw_only=True)
class GiftRefundBooked(Event):
    """Another confirmed it: the receipt is taken back, WeChat is asked to pay."""

    words = _("confirmed and booked")

    number: int
    order: str
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class GiftRefundRefused(Event):
    """Another said no, and why."""

    words = _("refused")

    number: int
    reason: Remark


@dataclass(frozen=True, kw_only=True)
class GiftRefundWithdrawn(Event):
    """Whoever asked took it back."""

    words = _("withdrawn")

    number: int


@dataclass(frozen=True, kw_only=True)
class GiftRefundPaid(Event):
    """WeChat says that the money is back."""

    words = _("paid back by WeChat")

    number: int
