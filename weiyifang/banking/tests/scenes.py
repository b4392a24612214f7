"""What of this package stands on the stage on which every address is opened. See `tests/stage.py`."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.stage import Act, Acts, Cast, Paths
from weiyifang.banking import reconciling, services
from weiyifang.banking.models import BankAccount, Line
from weiyifang.banking.services import Wanted
from weiyifang.banking.tests import make, samples
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.fund import queries as fund_queries
from weiyifang.fund import services as fund
from weiyifang.fund.tests import make as money
from weiyifang.organizations.models import Organization

FIRST = date(2026, 10, 1)  # the month before is sealed on the stage: it has no statements yet
ONE, TWO, THREE = (Wanted(since=date(2026, 10, day), until=date(2026, 10, day + 3)) for day in (1, 5, 9))
DAYS = {"since": str(THREE.since), "until": str(THREE.until)}


def add(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    """The accountant has imported two statements of the bank, and a third lies there to be looked at."""
    bench, accountant = "workbench/banking/", cast["accountant"]
    make.statement(accountant, make.of_lines([(ONE.since, 30_000), (ONE.until, -200)], opening=1_000_000), ONE)
    second = make.statement(accountant, make.of_lines([(TWO.since, 20_000)], opening=1_029_800), TWO)
    third = make.of_lines([(THREE.since, 30_000), (THREE.until, -5_000)], opening=1_049_800)
    waiting = make.draft(accountant, third)
    paths[f"{bench}import/"] = {"pk": waiting.pk}
    paths[f"{bench}statements/"] = {"pk": second.pk}
    file = partial(SimpleUploadedFile, "流水.csv", samples.of("wechat_flow"), "text/csv")
    acts[f"POST {bench}import/"] = Act(by="accountant", body={"method": "wechat", "file": file}, repeats=True)
    acts[f"POST {bench}import/<pk>/"] = Act(by="accountant", body=DAYS)
    named = {"day": "0", "in": "1", "out": "2", "balance": "3"}
    acts[f"POST {bench}import/<pk>/columns/"] = Act(by="accountant", body=named)
    acts[f"POST {bench}import/<pk>/end/"] = Act(by="accountant")
    acts[f"POST {bench}statements/<pk>/end/"] = Act(by="accountant")
    _lines(cast, paths, acts)


def _october(account: BankAccount) -> reconciling.Month:
    found = reconciling.month(account, FIRST)
    assert found is not None
    return found


def _lines(cast: Cast, paths: Paths, acts: Acts) -> None:
    """Lines of the bank that are open, one that is matched, one that is set aside; a payment it may be."""
    bench, accountant = "workbench/banking/", cast["accountant"]
    rows = [(TWO.since, fen) for fen in (23_400, -30_000, 700, 800)]
    make.statement(accountant, make.of_lines(rows, opening=50_000), TWO, "wechat")
    came, went, matched, aside = Line.objects.filter(account__method="wechat").order_by("seq")
    given = [
        fund_queries.entry_of(source_of(money.gift(accountant, fen, method="wechat", received_on=came.day)))
        for fen in (23_400, 700)
    ]
    money.gift(accountant, 50_000, method="wechat")
    asked = money.request(cast["staff"], method="wechat")
    approved = fund.approve_payment(request=asked, by=cast["secretary"])
    services.match(line=matched, transfers=[given[1].pk], by=accountant)
    services.set_aside(line=aside, because="转错了", by=accountant)
    paths[f"{bench}places/"] = {"pk": came.account_id}
    paths[f"{bench}lines/"] = {"pk": came.pk}
    paths[f"{bench}lines/<pk>/match/end/"] = {"pk": matched.pk}
    paths[f"{bench}lines/<pk>/aside/end/"] = {"pk": aside.pk}
    paths[f"{bench}lines/ @out"] = {"pk": went.pk, "payment_pk": approved.pk}
    account = came.account
    acts[f"POST {bench}places/<pk>/months/<year>/<month>/"] = Act(
        by="accountant",
        body=lambda _who: {"word": "还在查", "_seen": versions.mark(_october(account).figures)},
        repeats=True,
    )
    said = services.explain(account=account, month=FIRST, word="还差一笔没到账", by=accountant)
    paths[f"{bench}places/<pk>/months/"] = {"pk": account.pk, "year": FIRST.year, "month": FIRST.month}
    paths[f"{bench}explanations/"] = {"pk": said.pk}
    acts[f"POST {bench}explanations/<pk>/confirmation/"] = Act(by="secretary")
    acts[f"POST {bench}places/<pk>/sure/"] = Act(by="accountant")
    acts[f"POST {bench}lines/<pk>/match/"] = Act(by="accountant", body={"transfers": str(given[0].pk)})
    acts[f"POST {bench}lines/<pk>/match/end/"] = Act(by="accountant")
    acts[f"POST {bench}lines/<pk>/aside/"] = Act(by="accountant", body={"because": "不是我们的"})
    acts[f"POST {bench}lines/<pk>/aside/end/"] = Act(by="accountant")
    acts[f"POST {bench}lines/<pk>/receipt/"] = Act(by="accountant", body={"channel": "residents", "pool": "general"})
    acts[f"POST {bench}lines/<pk>/payments/<payment_pk>/ @out"] = Act(by="accountant")
