"""What of this package stands on the stage on which every address is opened. See `tests/stage.py`."""

from __future__ import annotations

from tests.stage import Act, Acts, Cast, Paths
from weiyifang.organizations.models import Organization
from weiyifang.wechat_pay import queries, services
from weiyifang.wechat_pay.merchant import store
from weiyifang.wechat_pay.tests import make


def add(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    """One waits to be paid, one is paid, and one of two that are paid is to be given back."""
    bench, double = "workbench/wechat-pay/", store()
    waits = make.asked(cast["resident"])
    paid = make.paid(cast["resident"], double, 20_000)
    back = make.paid(cast["resident"], double, 30_000)
    refund = services.ask_refund(order=back, reason="多付了一笔", by=cast["accountant"])
    paths["fund/give/"] = {"code": queries.code(waits.pk)}
    paths[bench] = {"pk": paid.pk}
    paths[f"{bench}refunds/"] = {"pk": refund.pk}
    acts["POST fund/give/"] = Act(by="resident", body={"amount": "5000", "pool": "general"}, repeats=True)
    acts[f"POST {bench}<pk>/refund/"] = Act(by="accountant", body={"reason": "付错了"})
    acts[f"POST {bench}refunds/<pk>/confirmation/"] = Act(by="secretary")
    acts[f"POST {bench}refunds/<pk>/refusal/"] = Act(by="secretary", body={"answer": "没有付错"})
    acts[f"POST {bench}refunds/<pk>/withdrawal/"] = Act(by="accountant")
