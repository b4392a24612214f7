"""What may wait: a refund for its second person, one that WeChat does not pay, an order that does not fit."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from weiyifang.core.actors import Actor
from weiyifang.core.web.access import holds
from weiyifang.core.web.waiting import Wait
from weiyifang.people.roles import Permission
from weiyifang.wechat_pay import rules
from weiyifang.wechat_pay.models import Order, Refund, Step


def _to_confirm(actor: Actor) -> QuerySet[Any]:
    return Refund.objects.filter(step=Step.ASKED).exclude(asked_by=actor.account_id)


def _unpaid(actor: Actor) -> QuerySet[Any]:
    """Refunds that WeChat said no to."""
    return Refund.objects.filter(step=Step.BOOKED).exclude(trouble="")


def _odd(actor: Actor) -> QuerySet[Any]:
    return Order.objects.exclude(trouble="")


WAITS = (
    Wait(
        code="wechat_pay.refund",
        words=_("a gift to give back: to confirm"),
        icon="undo",
        place="wechat_pay:bench",
        route="wechat_pay:order",
        args=("order_id",),
        may=holds(Permission.APPROVE_PAYMENT),
        rows=_to_confirm,
        fen="order__amount_fen",
        since="asked_at",
    ),
    Wait(
        code="wechat_pay.unpaid",
        words=_("WeChat does not pay a refund: look why"),
        icon="alert",
        place="wechat_pay:bench",
        route="wechat_pay:order",
        args=("order_id",),
        may=rules.can_ask,
        rows=_unpaid,
        title="trouble",
        fen="order__amount_fen",
        since="asked_at",
    ),
    Wait(
        code="wechat_pay.trouble",
        words=_("an order by WeChat Pay does not fit: look at it"),
        icon="alert",
        place="wechat_pay:bench",
        route="wechat_pay:order",
        may=rules.can_ask,
        rows=_odd,
        fen="amount_fen",
        since="made_at",
    ),
)
