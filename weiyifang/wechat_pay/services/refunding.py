"""A gift is given back: one asks, another confirms, the fund takes the receipt back, WeChat pays."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, states
from weiyifang.core.actors import Actor, system
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce
from weiyifang.core.numbers import next_number
from weiyifang.core.refusals import Refused
from weiyifang.core.server.jobs import by_name, enqueue
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require, require_fresh
from weiyifang.fund import services as fund
from weiyifang.wechat_pay import events, rules
from weiyifang.wechat_pay.gateways import Gateway, NotTaken
from weiyifang.wechat_pay.models import FLOW, STANDING, STEPS, Order, Refund, State, Step
from weiyifang.wechat_pay.services.ordering import new_trade_no
from weiyifang.wechat_pay.services.settling import note_refund

PAY_BACK = "weiyifang.wechat_pay.tasks.pay_back"


class NotPaidYet(Refused):
    """Only what was paid is given back, once."""

    sentence = _("Only a gift that was paid can be given back, and only once.")


class AskedAlready(Refused):
    """A refund of it stands."""

    sentence = _("A refund of this gift was asked for already. Look at it below.")


@transaction.atomic
def ask_refund(*, order: Order, reason: str, by: Actor) -> Refund:
    """Ask to give a gift back, whole: whoever gave by mistake gives anew what they meant.

    Raises `NotPaidYet`, `AskedAlready`. Announces `GiftRefundAsked`.
    """
    require(rules.can_ask(by))
    require_fresh(by)
    reason = cleaned(Refund, {"reason": reason})["reason"]
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if Refund.objects.filter(order=order, step__in=STANDING).exists():
        raise AskedAlready()
    if order.state != State.PAID:
        raise NotPaidYet()
    row = Refund(
        number=next_number("wechat refund"),
        order=order,
        refund_no=new_trade_no(),
        reason=reason,
        asked_by_id=by.account_id,
    )
    row.save(force_insert=True)
    announce(
        events.GiftRefundAsked(
            subject=source_of(row),
            number=row.number,
            order=source_of(order),
            amount_fen=order.amount_fen,
            reason=reason,
        ),
        by=by,
    )
    return row


@transaction.atomic
def confirm_refund(*, refund: Refund, by: Actor) -> Refund:
    """Another confirms it: the receipt is taken back in the books of today, and WeChat is asked to pay.

    In the books first: what is promised to a giver is spent by nobody else. Raises the ledger's `OverdraftRefused`
    when it was spent since. Announces `GiftRefundBooked` and what the fund announces.
    """
    order, row = _held(refund)
    require(rules.can_decide(by, row))
    require_fresh(by)
    versions.check(row, by)
    states.move(row, Step.BOOKED, flow=STEPS, field="step", decided_by_id=by.account_id, decided_at=clock.now())
    states.move(order, State.RETURNED, flow=FLOW)
    fund.take_back_of(source=source_of(order), reason=row.reason, by=by)
    enqueue(by_name(PAY_BACK), key=str(row.pk), refund_id=str(row.pk))
    announce(
        events.GiftRefundBooked(
            subject=source_of(row), number=row.number, order=source_of(order), amount_fen=order.amount_fen
        ),
        by=by,
    )
    return row


@transaction.atomic
def refuse_refund(*, refund: Refund, reason: str, by: Actor) -> Refund:
    """Another says no, and why; nothing is booked. Announces `GiftRefundRefused`."""
    _order, row = _held(refund)
    require(rules.can_decide(by, row))
    versions.check(row, by)
    decided = {"decided_by_id": by.account_id, "decided_at": clock.now(), "answer": reason}
    states.move(row, Step.REFUSED, flow=STEPS, field="step", **decided)
    announce(events.GiftRefundRefused(subject=source_of(row), number=row.number, reason=reason), by=by)
    return row


@transaction.atomic
def withdraw_refund(*, refund: Refund, by: Actor) -> Refund:
    """Whoever asked takes it back before it is confirmed. Announces `GiftRefundWithdrawn`."""
    _order, row = _held(refund)
    require(rules.can_withdraw(by, row))
    states.move(row, Step.WITHDRAWN, flow=STEPS, field="step")
    announce(events.GiftRefundWithdrawn(subject=source_of(row), number=row.number), by=by)
    return row


def _held(refund: Refund) -> tuple[Order, Refund]:
    order = Order.objects.select_for_update(of=("self",)).get(pk=refund.order_id)
    return order, Refund.objects.select_for_update(of=("self",)).get(pk=refund.pk)


def pay_back(*, refund_id: UUID) -> None:
    """Ask WeChat to pay a refund, or how it stands: under one number, so that it is paid once.

    Raises `NotAnswered`: asked again. A "no" is written down and asked again later: the money is owed.
    """
    row = Refund.objects.select_related("order").filter(pk=refund_id, step=Step.BOOKED).first()
    if row is None:
        return
    with Gateway() as gateway:
        try:
            fen = row.order.amount_fen
            status = gateway.refund(number=row.refund_no, of=row.order.trade_no, fen=fen, total=fen)
        except NotTaken as no:
            status = no.code
    note_refund(refund=row, status=status, by=system())
