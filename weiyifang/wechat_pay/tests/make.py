"""Orders for tests, made through the verbs and the double."""

from __future__ import annotations

from typing import Any

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.wechat_pay import services
from weiyifang.wechat_pay.double import letters
from weiyifang.wechat_pay.double.letters import Letter
from weiyifang.wechat_pay.double.store import Row, Store
from weiyifang.wechat_pay.models import Order
from weiyifang.wechat_pay.services import Gift

NOTIFICATIONS = "/wechat-pay/notifications/"


def seconds() -> int:
    return int(clock.now().timestamp())


def order(by: Actor, fen: int = 5_000, **more: Any) -> Order:
    """Somebody wants to give 50 yuan."""
    return services.start(gift=Gift(amount_fen=fen, **more), by=by)


def asked(by: Actor, fen: int = 5_000, **more: Any) -> Order:
    """The same, with a code to pay with."""
    row = order(by, fen, **more)
    services.ask(order_id=row.pk)
    row.refresh_from_db()
    return row


def pay(double: Store, row: Order) -> Row:
    """Somebody pays at WeChat; nobody has told us yet."""
    trade = letters.pay(double, row.trade_no, now=seconds())
    assert trade is not None
    return trade


def letter(double: Store, row: Order, **more: Any) -> Letter:
    """The notification of a paid order."""
    trade = double.trade(row.trade_no)
    assert trade is not None
    return letters.of_trade(double, trade, **{"now": seconds(), **more})


def tell(sent: Letter) -> None:
    """The notification arrives."""
    services.take_notification(headers=sent.headers, body=sent.body)


def paid(by: Actor, double: Store, fen: int = 5_000, **more: Any) -> Order:
    """A gift that was paid, and booked."""
    row = asked(by, fen, **more)
    pay(double, row)
    tell(letter(double, row))
    row.refresh_from_db()
    return row
