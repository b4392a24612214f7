"""What WeChat says of an order or a refund: looked at from all sides, and booked once."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from weiyifang.communities.models import Community
from weiyifang.core import clock, states
from weiyifang.core.actors import Actor, system
from weiyifang.core.events import announce
from weiyifang.core.look.wording import as_day
from weiyifang.core.tenancy import in_community, source_of
from weiyifang.fund import services as fund
from weiyifang.fund.models import Method
from weiyifang.fund.services import PurposeClosed, Receipt
from weiyifang.fund.services.limits import open_purpose_of
from weiyifang.wechat_pay import events, protocol
from weiyifang.wechat_pay.gateways import Trade
from weiyifang.wechat_pay.merchant import Merchant, merchant
from weiyifang.wechat_pay.models import FLOW, STEPS, Order, Refund, State, Step, Trouble
from weiyifang.wechat_pay.protocol import NotTrue, Signed
from weiyifang.wechat_pay.services.ordering import community_in

CHANNEL = "residents"  # what gifts by phone come in by
PAID = frozenset({"SUCCESS", "REFUND"})  # one that was given back since was paid
CURRENCY = "CNY"
log = logging.getLogger(__name__)


class Unacceptable(Exception):
    """A notification that is not taken: the status of the answer, and one word for WeChat and for the log."""

    def __init__(self, status: int, why: str) -> None:
        self.status, self.why = status, why
        super().__init__(why)


def take_notification(*, headers: Mapping[str, str], body: bytes) -> None:
    """Take what WeChat sends by itself. Raises `Unacceptable`; what was taken before is taken again and does nothing.

    Nothing of the body is read before its signature is right; nothing is looked up before it is decrypted.
    """
    us = merchant()
    try:
        protocol.check(Signed.of(headers), body, keys=us.keys, now=int(clock.now().timestamp()))
    except NotTrue as error:
        raise Unacceptable(401, error.why) from error
    try:
        said = json.loads(body)
        event = str(said["event_type"])
        told = protocol.decrypted(us.v3_key, said["resource"])
        if event.startswith("REFUND."):
            _refund_told(us, told)
        elif event.startswith("TRANSACTION."):
            _trade_told(Trade.of(told))
    except NotTrue as error:
        raise Unacceptable(400, error.why) from error
    except (ValueError, KeyError, TypeError) as error:
        raise Unacceptable(400, "body") from error


def _trade_told(trade: Trade) -> None:
    with in_community(_home(trade.number)):
        order = Order.objects.filter(trade_no=trade.number).first()
        if order is None:
            raise Unacceptable(404, "order")  # asked again later: it may not be stored yet
        if trouble := settle(order=order, trade=trade, by=system()):
            raise Unacceptable(409, trouble)  # it is written down; WeChat asks again, and somebody looks at it


def _refund_told(us: Merchant, told: Mapping[str, object]) -> None:
    """Only how far it is: what is given back was decided here, by two people."""
    if told.get("mchid") != us.number:
        raise Unacceptable(400, "merchant")
    number, status = str(told.get("out_refund_no", "")), str(told.get("refund_status", ""))
    with in_community(_home(number)):
        row = Refund.objects.filter(refund_no=number).first()
        if row is None:
            raise Unacceptable(404, "refund")
        note_refund(refund=row, status=status, by=system())


def _home(number: str) -> Community:
    """Whose it is stands in the number itself."""
    code = community_in(number)
    found = Community.objects.filter(pk=code).first() if code is not None else None
    if found is None:
        raise Unacceptable(404, "order")
    return found


@transaction.atomic
def settle(*, order: Order, trade: Trade, by: Actor) -> str:
    """Book an order that WeChat says is paid, once. Says what does not fit (`Trouble`), "" for nothing.

    The amount is the order's own: one that differs is not booked at all. What came after we had given it up is booked,
    for the money is there. Announces `GiftOrderPaid` or `GiftOrderTroubled`, and what the fund announces.
    """
    us = merchant()
    if trade.number != order.trade_no or (trade.merchant, trade.app) != (us.number, us.app):
        raise NotTrue("merchant")
    if trade.state not in PAID:
        return ""
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if order.state in {State.PAID, State.RETURNED}:
        return "" if order.transaction == trade.transaction else _trouble(order, Trouble.TWICE, by)
    if trade.paid_at is None or not trade.transaction:
        raise NotTrue("trade")
    if trade.fen != order.amount_fen or trade.currency != CURRENCY:
        return _trouble(order, Trouble.AMOUNT, by)
    try:
        open_purpose_of(order.pool)
    except PurposeClosed:
        return _trouble(order, Trouble.PURPOSE, by)
    receipt = Receipt(
        channel=CHANNEL,
        amount_fen=order.amount_fen,
        received_on=min(as_day(trade.paid_at), clock.today()),
        method=Method.WECHAT,
        pool=order.pool,
        donor_name=order.donor_name,
        is_named=order.is_named,
        resident_id=order.resident_id,
        note=order.note,
        source=source_of(order),
        late=True,
    )
    states.move(
        order,
        State.PAID,
        flow=FLOW,
        transaction=trade.transaction,
        paid_at=trade.paid_at,
        trouble="",
        **FORGOTTEN,
    )
    fund.receive(receipt=receipt, by=by)
    fact = events.GiftOrderPaid(
        subject=source_of(order), number=order.number, amount_fen=order.amount_fen, transaction=trade.transaction
    )
    announce(fact, by=by)
    return ""


# who gave it: the fund knows it from now on
FORGOTTEN: dict[str, Any] = {"donor_name": "", "is_named": False, "note": "", "resident_id": None}


def _trouble(order: Order, trouble: Trouble, by: Actor) -> str:
    """Written down once; the answer is the same each time."""
    log.warning("WeChat Pay, order %s: %s", order.number, trouble.value)
    if order.trouble != trouble:
        order.trouble = trouble
        order.save(update_fields=["trouble"])
        fact = events.GiftOrderTroubled(subject=source_of(order), number=order.number, trouble=trouble.value)
        announce(fact, by=by)
    return trouble.value


@transaction.atomic
def close(*, order: Order, trouble: str = "", by: Actor) -> None:
    """Nobody paid, and nobody can any more. What stands otherwise by now stays. Announces `GiftOrderClosed`."""
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if not order.is_open:
        return
    states.move(order, State.CLOSED, flow=FLOW, trouble=trouble, **FORGOTTEN)
    announce(events.GiftOrderClosed(subject=source_of(order), number=order.number, trouble=trouble), by=by)


@transaction.atomic
def note_refund(*, refund: Refund, status: str, by: Actor) -> None:
    """How far WeChat is with paying back. Announces `GiftRefundPaid`."""
    refund = Refund.objects.select_for_update(of=("self",)).get(pk=refund.pk)
    if refund.step != Step.BOOKED:
        return
    if status == "SUCCESS":
        states.move(refund, Step.DONE, flow=STEPS, field="step", done_at=clock.now(), trouble="")
        announce(events.GiftRefundPaid(subject=source_of(refund), number=refund.number), by=by)
        return
    refund.looked_at, refund.trouble = clock.now(), "" if status == "PROCESSING" else status[:40]
    refund.save(update_fields=["looked_at", "trouble"])
