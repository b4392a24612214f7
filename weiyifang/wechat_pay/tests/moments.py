"""Pages to look at while a gift goes its way. See `tests/browser/pages.py`."""

from __future__ import annotations

from collections.abc import Iterator

from tests.browser.pages import BENCH, Moment, Visit
from tests.stage import Stage
from weiyifang.wechat_pay import queries, services
from weiyifang.wechat_pay.merchant import store
from weiyifang.wechat_pay.models import Order, State, Trouble
from weiyifang.wechat_pay.tests import make


def a_gift_on_its_way(stage: Stage) -> Iterator[Visit]:
    """A form that was refused; the thanks; what nobody paid; at the workbench one that does not fit, one given back."""
    resident, accountant = stage.cast["resident"], stage.cast["accountant"]
    wrong = {"own": "0.5", "pool": "general", "note": "一点心意", "_once": "give"}
    yield Visit(name="give-refused", address="/c/nanhu/fund/give/", who="resident", sends=wrong, status=422)
    paid = make.paid(resident, store())
    yield Visit(name="give-thanks", address=f"/c/nanhu/fund/give/{queries.code(paid.pk)}/", who="resident")
    closed = make.order(resident)
    Order.objects.filter(pk=closed.pk).update(state=State.CLOSED, resident=None)
    yield Visit(name="give-closed", address=f"/c/nanhu/fund/give/{queries.code(closed.pk)}/", who="resident")
    odd = make.asked(resident)
    Order.objects.filter(pk=odd.pk).update(trouble=Trouble.AMOUNT)
    yield Visit(name="wechat-odd", address=f"{BENCH}wechat-pay/{odd.pk}/", who="accountant")
    services.ask_refund(order=paid, reason="多付了一个零", by=accountant)
    yield Visit(name="wechat-refund", address=f"{BENCH}wechat-pay/{paid.pk}/", who="secretary")


MOMENTS: tuple[Moment, ...] = (a_gift_on_its_way,)
