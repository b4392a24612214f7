"""The slots of a season, shared out again by the page itself: as published, and after one byte was changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PageOf
from weiyifang.core import clock
from weiyifang.core.tenancy import source_of
from weiyifang.organizations.tests import make as organizations
from weiyifang.sharing.models import Round
from weiyifang.sharing.tests import make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("here")]

CHANGES = (  # what stands in the file, what somebody writes instead, and what the page says is wrong
    ('"seed": "', '"seed": "x', "seed"),
    ('"ends": 6', '"ends": 7', "list"),
    ('"turn": 1', '"turn": 2', "slots"),
)


def test_the_browser_shares_it_out_again_and_refuses_the_file_when_one_byte_is_another(page_of: PageOf) -> None:
    with clock.at(clock.local(make.CLOSED - timedelta(days=7), "09:00")):
        hall, room = make.resource("大厅"), make.resource("小间")
        round_ = make.round_(hall, room)
        for name in ("舞队", "合唱队", "书法社"):
            group = source_of(organizations.in_status("filed", name))
            make.apply(round_, group, make.wish(hall, 3, 9, 11), make.wish("room", 4, 9, 10), slots=2)
        round_ = make.shared_out(round_)
    page = page_of()
    page.goto(f"/c/nanhu/sharing/rounds/{round_.number}/")
    again, told = page.locator("[data-slots] button"), page.locator("[data-slots]")
    again.click()
    expect(told).to_have_attribute("data-outcome", "right")
    for stands, instead, wrong in CHANGES:
        assert stands in round_.sheet
        Round.objects.update(sheet=round_.sheet.replace(stands, instead, 1))
        again.click()
        expect(told).to_have_attribute("data-outcome", wrong)
