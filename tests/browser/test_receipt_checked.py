"""A gift's receipt, checked by the page itself: as it is, and after somebody touched the books."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import PageOf
from weiyifang.core.actors import Actor
from weiyifang.fund import receipts, services
from weiyifang.fund.models import Donation
from weiyifang.fund.tests import make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("here")]


@pytest.fixture
def gift(cast: dict[str, Actor]) -> Donation:
    """One of five in a sealed month."""
    services.open_fund(by=cast["accountant"])
    rows = [make.gift(cast["accountant"], 1_000 + day, received_on=date(2026, 4, day)) for day in range(1, 6)]
    services.close_month(month=date(2026, 4, 1), by=cast["accountant"])
    return rows[2]


def test_the_browser_checks_the_proof_and_says_so_when_it_does_not_fit(page_of: PageOf, gift: Donation) -> None:
    page = page_of()
    page.goto(f"/c/nanhu/fund/receipts/{receipts.code(gift.pk)}/")
    again, outcome = page.locator("[data-receipt] button"), page.locator("[data-receipt]")
    again.click()
    expect(outcome).to_have_attribute("data-outcome", "right")
    for was, becomes, step in (
        ("1003,", "1004,", "page"),
        ('"2026-04-03"', '"2026-04-04"', "entry"),
        ('"number": 3', '"number": 4', "seal"),
        ('"index": 2', '"index": 3', "rows"),
        ('"head_no": 5', '"head_no": 6', "root"),
    ):
        page.route("**/proof.json", touched(was, becomes))
        again.click()
        expect(outcome).to_have_attribute("data-outcome", step)
        page.unroute("**/proof.json")
    page.route("**/list.json", touched('"head_no": 5', '"head_no": 6'))
    again.click()
    expect(outcome).to_have_attribute("data-outcome", "list")


def touched(was: str, becomes: str) -> Callable[[Route], None]:
    """What the server answers, with something of it changed on its way."""

    def handle(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace(was, becomes, 1))

    return handle


def test_without_scripts_the_files_and_the_command_stand_there(page_of: PageOf, gift: Donation) -> None:
    page = page_of(scripts=False)
    page.goto(f"/c/nanhu/fund/receipts/{receipts.code(gift.pk)}/")
    expect(page.locator("[data-receipt] button")).to_be_hidden()
    expect(page.locator("[data-receipt] a")).to_have_count(1)
    expect(page.get_by_text("weiyifang verify-receipt")).to_be_visible()
