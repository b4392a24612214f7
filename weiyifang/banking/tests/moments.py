"""Pages to look at when a statement was brought. See `tests/browser/pages.py`."""

from __future__ import annotations

from collections.abc import Iterator

from tests.browser.pages import BENCH, Moment, Visit
from tests.stage import Stage
from weiyifang.banking.tests import make, samples
from weiyifang.core import tables


def a_file_to_look_at(stage: Stage) -> Iterator[Visit]:
    """With wrong lines; of a wallet that says no balances; of a shape nobody knows."""
    accountant, page = stage.cast["accountant"], f"{BENCH}banking/import/"
    rows = [
        ["2026-06-02", "1500", "", "13000", "样例住户甲", "捐款"],
        ["2026-06-03", "", "200.005", "12800", "", "打印费"],
        ["2026-06-04", "", "200", "12700", "花园路粮油店", "米面油"],
        ["合计", "1500", "200", "", "", ""],
    ]
    broken = make.draft(accountant, samples.plain(rows))
    yield Visit(name="banking-wrong-lines", address=f"{page}{broken.pk}/", who="accountant")
    wallet = make.draft(accountant, samples.of("wechat_personal"), "wechat")
    yield Visit(name="banking-wallet", address=f"{page}{wallet.pk}/", who="accountant")
    days = {"since": "2026-03-02", "until": "2026-03-31", "amount": "2000", "_once": "days"}
    yield Visit(name="banking-outside", address=f"{page}{wallet.pk}/", who="accountant", sends=days, status=422)
    odd = b"".join(tables.write_csv(["哪天", "几块", "剩下"], [["2026-06-02", "-5", "95"]]))
    unknown = make.draft(accountant, odd)
    yield Visit(name="banking-columns", address=f"{page}{unknown.pk}/columns/", who="accountant")
    wrong = {"day": "0", "_once": "columns"}
    address = f"{page}{unknown.pk}/columns/"
    yield Visit(name="banking-columns-faults", address=address, who="accountant", sends=wrong, status=422)


MOMENTS: tuple[Moment, ...] = (a_file_to_look_at,)
