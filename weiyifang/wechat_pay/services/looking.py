"""What we ask WeChat by ourselves, in jobs: each question once, under a number that makes it safe to ask again.

A notification may never come. So what waits is asked about until it is paid or closed.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from weiyifang.core import clock, states
from weiyifang.core.actors import system
from weiyifang.wechat_pay import terms
from weiyifang.wechat_pay.gateways import Gateway, NotAnswered, NotTaken
from weiyifang.wechat_pay.models import FLOW, OPEN, Order, Refund, State, Step, Trouble
from weiyifang.wechat_pay.services.refunding import pay_back
from weiyifang.wechat_pay.services.settling import close, settle

MOST = 200  # orders of one community that are asked about in one go
UNKNOWN = frozenset({"ORDER_NOT_EXIST", "ORDERNOTEXIST"})


def ask(*, order_id: UUID) -> None:
    """Ask WeChat for a code to pay an order with. Raises `NotAnswered`: the job is tried again.

    A "no" of theirs closes the order, with their word for it.
    """
    order = Order.objects.filter(pk=order_id, state=State.MADE, until__gt=clock.now()).first()
    if order is None:
        return
    with Gateway() as gateway:
        try:
            # a description may have 127 bytes; no names in it, for it stands in bills
            words = gettext("A gift to the community fund")
            code_url = gateway.order(number=order.trade_no, fen=order.amount_fen, words=words, until=order.until)
        except NotTaken:
            close(order=order, trouble=Trouble.REFUSED, by=system())
            return
    _asked(order, code_url)


@transaction.atomic
def _asked(order: Order, code_url: str) -> None:
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if order.state == State.MADE:  # it may be paid already: another asked, and somebody was quick
        states.move(order, State.ASKED, flow=FLOW, code_url=code_url, looked_at=clock.now())


def look_again() -> int:
    """Ask how the orders stand that nobody told us of, close those whose time is over, and ask for refunds that hang.

    Returns how many were asked about. What WeChat does not answer is asked again the next time.
    """
    before = clock.now() - timedelta(minutes=terms.rule().look_minutes)
    orders = list(Order.objects.filter(state__in=OPEN, looked_at__lte=before).order_by("looked_at", "id")[:MOST])
    refunds = list(Refund.objects.filter(step=Step.BOOKED, looked_at__lte=before).order_by("looked_at", "id")[:MOST])
    if orders:
        with Gateway() as gateway:
            for order in orders:
                # first, so that one which is never answered does not keep the others from their turn
                Order.objects.filter(pk=order.pk).update(looked_at=clock.now())
                _look(gateway, order)
    for refund in refunds:
        Refund.objects.filter(pk=refund.pk).update(looked_at=clock.now())
        try:
            pay_back(refund_id=refund.pk)
        except NotAnswered:
            continue
    return len(orders) + len(refunds)


def _look(gateway: Gateway, order: Order) -> None:
    try:
        trade = gateway.look(order.trade_no)
        if settle(order=order, trade=trade, by=system()) or trade.state == "SUCCESS":
            return
        if not order.is_late:
            return
        if trade.state != "CLOSED":
            gateway.close(order.trade_no)  # from then on nobody can pay it
        close(order=order, by=system())
    except NotTaken as no:
        if no.code in UNKNOWN and order.is_late:  # it never got there, and its job asks no more
            close(order=order, by=system())
        elif no.code in UNKNOWN and order.state == State.MADE:
            ask(order_id=order.pk)
    except NotAnswered:
        return
