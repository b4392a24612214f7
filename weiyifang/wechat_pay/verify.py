"""Each order is booked once: paid orders and receipts are the same, one by one and to the fen; facts say the same."""

from __future__ import annotations

from collections.abc import Iterator

from weiyifang.core import facts
from weiyifang.core.facts import SOMETHING
from weiyifang.core.faults import Fault
from weiyifang.fund import queries as fund
from weiyifang.wechat_pay import events
from weiyifang.wechat_pay.models import Order, Refund, State, Step

PREFIX = f"{Order._meta.label_lower}:"


def check() -> list[Fault]:
    """What is broken in the community at hand; empty when every promise holds."""
    return [*_as_told(), *_booked(), *_returned()]


def _as_told() -> Iterator[Fault]:
    """How much, for what, and what WeChat calls the payment."""
    wanted = facts.due(
        {
            events.GiftOrderMade: lambda fact: (
                {name: fact.values[name] for name in ("number", "trade_no", "amount_fen", "pool")}
                | {"transaction": "", "paid_at": None}
            ),
            events.GiftOrderPaid: lambda fact: {"transaction": fact.values["transaction"], "paid_at": SOMETHING},
        }
    )
    rows = Order.objects.iterator()
    yield from facts.compare(rows, wanted, check="wechat_pay.orders", untold="nobody made this order")


def _booked() -> Iterator[Fault]:
    """A paid order has its receipt, of its amount; no other has one."""
    booked = fund.standing_receipts_of(PREFIX)
    for row in Order.objects.order_by("number").iterator():
        want = row.amount_fen if row.state == State.PAID else None
        there = booked.pop(f"{PREFIX}{row.pk}", None)
        if there != want:
            yield Fault.of(row, check="wechat_pay.booked", what=f"{row.state}, {want} fen; its receipt says {there}")


def _returned() -> Iterator[Fault]:
    """What is given back was decided by two people, and nothing else is given back."""
    decided = set(Refund.objects.filter(step__in=(Step.BOOKED, Step.DONE)).values_list("order", flat=True))
    for row in Order.objects.order_by("number").iterator():
        if (row.state == State.RETURNED) != (row.pk in decided):
            yield Fault.of(row, check="wechat_pay.returned", what=f"{row.state}, yet a refund says otherwise")
