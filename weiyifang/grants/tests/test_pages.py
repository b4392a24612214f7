"""Everybody's pages of running grants: the list, a year, the year as a file."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from weiyifang.core.actors import Actor
from weiyifang.fund.tests import make as money
from weiyifang.grants import services
from weiyifang.grants.tests import make
from weiyifang.people.testing import ClientOf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here", "fund")]
YEAR = f"/c/nanhu/grants/{make.YEAR}/"


@pytest.mark.parametrize("who", ["visitor", "resident", "leader"])
def test_a_year_is_read_and_taken_along_by_anybody_once_it_is_published(
    client_of: ClientOf, cast: dict[str, Actor], who: str
) -> None:
    make.organizations()
    money.gift(cast["accountant"], 1_000_000)
    run = make.handed_in(cast)
    browser = client_of(who)
    assert browser.get(YEAR).status_code == 404
    services.publish(run=run, by=cast["secretary"])
    for _time in range(2):  # the second is a page that was kept
        assert all(name in browser.get(YEAR).content.decode() for name in make.NAMES)
        file = browser.get(YEAR, {"as": "xlsx"})
        assert file.status_code == 200
        sheet = load_workbook(BytesIO(b"".join(file) if file.streaming else file.content)).worksheets[0]
        assert {row[1] for row in sheet.values} >= set(make.NAMES)
