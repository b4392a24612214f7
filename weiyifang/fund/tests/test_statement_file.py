"""The statement of a month or a year as a file adds up, and a long one is handed over."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.test import override_settings
from openpyxl import load_workbook

from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.errands import services as errands
from weiyifang.errands.models import Errand, State
from weiyifang.fund import queries, services
from weiyifang.fund.tests import make
from weiyifang.people.testing import ClientOf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
STATEMENT = "/c/nanhu/workbench/fund/statements/file/"


@pytest.fixture
def books(cast: dict[str, Actor]) -> None:
    services.open_fund(by=system())
    make.gift(cast["accountant"], 1_000_000)
    make.gift(cast["accountant"], 25_050)
    make.paid(cast)


def rows(content: bytes) -> list[tuple[Any, ...]]:
    return list(load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True))


@pytest.mark.usefixtures("books")
def test_sums_stand_over_the_entries_they_are_of(client_of: ClientOf) -> None:
    answer = client_of("supervisor").post(STATEMENT, {"period": f"{clock.today():%Y}"})
    table = rows(b"".join(answer.streaming_content))  # type: ignore[attr-defined]  # it is a stream
    gap = next(number for number, row in enumerate(table) if not any(row))
    entries = table[gap + 1 :]
    view = queries.overview(clock.today().replace(month=1, day=1), clock.today())
    assert sum(row[4] for row in entries if row[4]) * 100 == view.income_fen
    assert sum(row[5] for row in entries if row[5]) * 100 == view.spent_fen
    assert table[gap - 1][4] * 100 == view.kept_before + view.kept_fen == view.balance


@override_settings(AT_ONCE=2)
@pytest.mark.usefixtures("books")
def test_a_long_one_is_handed_over(client_of: ClientOf, cast: dict[str, Actor]) -> None:
    answer = client_of("accountant").post(STATEMENT, {"period": f"{clock.today():%Y-%m}"})
    errand = Errand.objects.get()
    assert answer.headers["Location"].endswith(f"/workbench/errands/{errand.pk}/")
    errands.carry_out(errand_id=errand.pk)
    errand.refresh_from_db()
    assert (errand.state, errand.came["count"]) == (State.DONE, 3)
    assert len(rows(errands.fetch(errand=errand, by=cast["accountant"]).content)) > 3
