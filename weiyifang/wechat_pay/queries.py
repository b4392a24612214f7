"""Reads: an order by what somebody holds of it, and where there is something to ask WeChat about."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from weiyifang.core import clock, signed
from weiyifang.core.tenancy import homes_with
from weiyifang.wechat_pay.models import OPEN, Order, Refund, State, Step

PURPOSE = "wechat_pay.order"  # what the codes are for
NUMBER_DIGITS = 10  # a number of fewer fits its column


def code(order: UUID) -> str:
    """What opens the page of an order: for whoever made it, signed in or not."""
    return signed.code(PURPOSE, order)


def named(typed: str) -> Order | None:
    """The order that a code names."""
    pk = signed.named(PURPOSE, typed)
    return None if pk is None else Order.objects.filter(pk=pk).first()


def orders() -> QuerySet[Order]:
    """All of them, the newest first."""
    return Order.objects.order_by("-number")


def homes_to_look_at() -> list[int]:
    """The communities where an order or a refund has waited a minute without an answer."""
    before = clock.now() - timedelta(minutes=1)
    return homes_with(
        Order.everywhere.filter(state__in=OPEN, looked_at__lte=before),  # everywhere: a job's question, ids alone
        Refund.everywhere.filter(step=Step.BOOKED, looked_at__lte=before),  # everywhere: the same
    )


def saying(words: str) -> QuerySet[Order]:
    """Orders of that number, ours or WeChat's; all of them without one."""
    if not words:
        return orders()
    if words.isascii() and words.isdecimal() and len(words) < NUMBER_DIGITS:
        return orders().filter(number=int(words))
    return numbered(words)


def numbered(words: str) -> QuerySet[Order]:
    """The order that WeChat, or whoever paid, knows by this number."""
    return orders().filter(Q(trade_no=words) | Q(transaction=words))


def paid_fen() -> int:
    """What was paid and not given back, over all orders, in fen."""
    return Order.objects.filter(state=State.PAID).aggregate(fen=Sum("amount_fen"))["fen"] or 0
