"""A run of 43 grants, published and due, and its payout: `python -m tests.grant_payout prepare|pay` (prints JSON)."""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
GRANTS, FEN = 43, 40_000
BEGINS = "begins"


def prepare() -> None:
    """A table that two people signed, ten days ago: the time for appeals is over."""
    from weiyifang.communities.models import Community
    from weiyifang.core import clock
    from weiyifang.core.actors import system
    from weiyifang.fund import services as fund
    from weiyifang.fund.tests import make as money
    from weiyifang.grants.tests import make
    from weiyifang.people.demo import actors_of, make_cast

    cast = actors_of(make_cast(Community.objects.get()))
    fund.open_fund(by=system())
    names = [f"第{number}队" for number in range(1, GRANTS + 1)]
    with clock.at(clock.now() - timedelta(days=10)):
        make.organizations(names)
        money.gift(cast["accountant"], 10 * GRANTS * FEN)
        make.published(cast, make.table([(name, "85") for name in names]), year=clock.today().year)


def pay() -> dict[str, object]:
    """Pay out what is not paid yet."""
    from weiyifang.fund.models import PaymentRequest, State
    from weiyifang.grants import queries, services, verify
    from weiyifang.people.demo import actors_of, of_the_cast

    accountant = actors_of(of_the_cast())["accountant"]
    print(BEGINS, flush=True)
    for run in queries.due_runs():
        services.pay_out(run=run, slip="1", by=accountant)
    paid = PaymentRequest.objects.filter(state=State.PAID)
    return {
        "paid": sorted(paid.values_list("amount_fen", flat=True)),
        "whom": len(set(paid.values_list("payee", flat=True))),
        "faults": [str(fault) for fault in verify.check()],
    }


def main() -> None:
    from weiyifang.communities.models import Community
    from weiyifang.core.tenancy import in_community

    with in_community(Community.objects.get()):
        if sys.argv[1] == "prepare":
            prepare()
        else:
            print(json.dumps(pay()))


if __name__ == "__main__":
    django.setup()
    main()
