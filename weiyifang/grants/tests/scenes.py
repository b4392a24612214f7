"""What of this package stands on the stage on which every address is opened. See `tests/stage.py`."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.stage import Act, Acts, Cast, Paths
from weiyifang.core import clock
from weiyifang.core.tenancy import source_of
from weiyifang.fund.tests import make as money
from weiyifang.grants import services
from weiyifang.grants.models import GrantRun
from weiyifang.grants.tests import make
from weiyifang.organizations.models import Organization

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def add(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    """A run in each state: entered, handed in, published with appeals, and due to be paid."""
    bench, line = "workbench/grants/", "workbench/grants/lines/"
    money.gift(cast["accountant"], 1_000_000)
    chess, tai, poets = make.organizations(("运行棋社", "运行太极队", "运行诗社"))
    table = make.table([["运行棋社", "85"], ["运行太极队", "70"], ["运行诗社", "65"], [led.name, "92"]])
    draft, waiting = make.draft(cast, table, 2020), make.handed_in(cast, table, 2021)
    with clock.at(clock.now() - timedelta(days=10)):
        due = make.published(cast, table, 2022)
    shown = make.published(cast, table, 2023)
    own, of_chess, of_tai, of_poets = (make.of(shown, one) for one in (led, chess, tai, poets))
    asked = services.appeal(grant=of_chess, words="漏了两次活动", by=make.leads(cast, chess))
    wrong = services.appeal(grant=of_tai, words="分数加错了", by=make.leads(cast, tai))
    services.answer_appeal(appeal=wrong, answer="已更正", tenths=800, grade="", by=cast["secretary"])
    mine = services.appeal(grant=make.of(_second(cast, table), led), words="请再核一下", by=cast["leader"])
    paths["grants/"] = paths["api/grants/"] = {"year": shown.year}
    paths[bench] = {"pk": draft.pk}
    for name in ("withdrawal", "return", "publication"):
        paths[f"{bench}<pk>/{name}/"] = {"pk": waiting.pk}
    paths[f"{bench}<pk>/payout/"] = {"pk": due.pk}
    paths[line] = {"pk": make.of(draft, poets).pk}
    paths[f"{line} @own"] = {"pk": own.pk}
    paths[f"{line}<pk>/payment/"] = {"pk": of_tai.pk}
    paths[f"{line}<pk>/appeals/"] = {"pk": of_poets.pk}
    paths[f"{line}<pk>/appeals/ @own"] = {"pk": own.pk}
    paths[f"{line}<pk>/appeals/<appeal_pk>/"] = {"pk": of_chess.pk, "appeal_pk": asked.pk}
    paths[f"{line}<pk>/appeals/<appeal_pk>/ @own"] = {"pk": mine.grant_id, "appeal_pk": mine.pk}
    acts[f"POST {bench}"] = Act(by="staff", body={"year": "2019"})
    file = partial(SimpleUploadedFile, "考核结果.xlsx", table, XLSX)
    acts[f"POST {bench}<pk>/table/"] = Act(by="staff", body={"file": file}, repeats=True)
    result = {"organization": source_of(chess), "tenths": "77"}
    acts[f"POST {bench}<pk>/results/"] = Act(by="staff", body=result, repeats=True)
    acts[f"POST {bench}<pk>/signature/"] = Act(by="staff")
    acts[f"POST {bench}<pk>/end/"] = Act(by="staff")
    acts[f"POST {bench}<pk>/withdrawal/"] = Act(by="staff")
    acts[f"POST {bench}<pk>/return/"] = Act(by="secretary", body={"reason": "少了两家"})
    acts[f"POST {bench}<pk>/publication/"] = Act(by="secretary")
    acts[f"POST {bench}<pk>/payout/"] = Act(by="accountant", body={"slip": "12"})
    acts[f"POST {line}<pk>/end/"] = Act(by="staff")
    acts[f"POST {line}<pk>/payment/"] = Act(by="staff")
    acts[f"POST {line}<pk>/appeals/ @own"] = Act(by="leader", body={"words": "少算了"})
    acts[f"POST {line}<pk>/appeals/<appeal_pk>/answer/"] = Act(by="secretary", body={"answer": "复核无误"})
    acts[f"POST {line}<pk>/appeals/<appeal_pk>/withdrawal/ @own"] = Act(by="leader")


def _second(cast: Cast, table: bytes) -> GrantRun:
    """Another published one: a grant has one open appeal."""
    return make.published(cast, table, 2024)
