"""What of this package stands on the stage on which every address is opened. See `tests/stage.py`."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.stage import Act, Acts, Cast, Paths
from weiyifang.banking.services import Wanted
from weiyifang.banking.tests import make, samples
from weiyifang.organizations.models import Organization

APRIL = Wanted(since=date(2026, 4, 1), until=date(2026, 4, 30))
DAYS = {"since": "2026-05-01", "until": "2026-05-31"}


def add(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    """The accountant has imported two months of the bank, and May lies there to be looked at."""
    bench, accountant = "workbench/banking/", cast["accountant"]
    make.statement(accountant)
    april = make.statement(accountant, make.of_lines([(date(2026, 4, 2), 20_000)], opening=1_130_000), APRIL)
    may = make.of_lines([(date(2026, 5, 2), 30_000), (date(2026, 5, 5), -5_000)], opening=1_150_000)
    waiting = make.draft(accountant, may)
    paths[f"{bench}import/"] = {"pk": waiting.pk}
    paths[f"{bench}statements/"] = {"pk": april.pk}
    file = partial(SimpleUploadedFile, "流水.csv", samples.of("wechat_flow"), "text/csv")
    acts[f"POST {bench}import/"] = Act(by="accountant", body={"method": "wechat", "file": file}, repeats=True)
    acts[f"POST {bench}import/<pk>/"] = Act(by="accountant", body=DAYS)
    named = {"day": "0", "in": "1", "out": "2", "balance": "3"}
    acts[f"POST {bench}import/<pk>/columns/"] = Act(by="accountant", body=named)
    acts[f"POST {bench}import/<pk>/end/"] = Act(by="accountant")
    acts[f"POST {bench}statements/<pk>/end/"] = Act(by="accountant")
