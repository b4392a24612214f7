"""Who may do what with gifts by WeChat Pay. Giving is for everybody."""

from __future__ import annotations

from weiyifang.core.actors import Actor
from weiyifang.people.roles import Permission
from weiyifang.wechat_pay.models import Refund, Step


def can_see(actor: Actor) -> bool:
    """Read the orders: whoever sees the books."""
    return actor.may(Permission.SEE_BOOKS)


def can_ask(actor: Actor) -> bool:
    """Ask to give a gift back: whoever keeps the books."""
    return actor.may(Permission.RECORD_INCOME)


def can_decide(actor: Actor, row: Refund) -> bool:
    """Confirm or refuse what another asked for: whoever approves payments."""
    return actor.may(Permission.APPROVE_PAYMENT) and row.asked_by_id != actor.account_id


def can_withdraw(actor: Actor, row: Refund) -> bool:
    """Take back what one asked for oneself."""
    return actor.account_id is not None and row.asked_by_id == actor.account_id and row.step == Step.ASKED
