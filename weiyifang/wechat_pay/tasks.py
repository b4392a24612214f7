"""Jobs: each calls one service."""

from __future__ import annotations

from uuid import UUID

from weiyifang.core.server.jobs import job
from weiyifang.wechat_pay import queries, services


@job(queue="messages", attempts=4)
def ask(order_id: str) -> None:
    """Ask WeChat for a code to pay an order with."""
    services.ask(order_id=UUID(order_id))


@job(queue="messages", attempts=4)
def pay_back(refund_id: str) -> None:
    """Ask WeChat to pay a refund."""
    services.pay_back(refund_id=UUID(refund_id))


@job(queue="messages", every="* * * * *", due=queries.homes_to_look_at)
def look_again() -> None:
    """Ask about what nobody told us of; close what is late."""
    services.look_again()
