"""A day of gifts by WeChat Pay, gone through from wherever it was left: `python -m tests.wechat_day`. Prints JSON."""

from __future__ import annotations

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
GIFTS, FEN = 24, 100


def go_on() -> dict[str, object]:
    """Everything that is left of it. Each step may have been cut off the last time, and is simply done again."""
    from weiyifang.core.actors import system
    from weiyifang.fund import queries as fund
    from weiyifang.wechat_pay import services, verify
    from weiyifang.wechat_pay.double import letters
    from weiyifang.wechat_pay.merchant import store
    from weiyifang.wechat_pay.models import Order
    from weiyifang.wechat_pay.tests import make

    double = store()
    while (there := Order.objects.count()) < GIFTS:
        make.order(system(), FEN * (there + 1))
    for row in Order.objects.order_by("number"):
        services.ask(order_id=row.pk)
        letters.pay(double, row.trade_no, now=make.seconds())
        for _ in range(2):
            make.tell(make.letter(double, row))
    return {
        "paid_at_wechat": sum(row["fen"] for row in double.all("trade") if row["state"] == "SUCCESS"),
        "booked": fund.standing_receipts_of(verify.PREFIX),
        "faults": [str(fault) for fault in verify.check()],
    }


def main() -> None:
    from weiyifang.communities.models import Community
    from weiyifang.core.actors import system
    from weiyifang.core.tenancy import in_community
    from weiyifang.fund import services as fund

    with in_community(Community.objects.get()):
        fund.open_fund(by=system())
        print(json.dumps(go_on()))


if __name__ == "__main__":
    django.setup()
    main()
