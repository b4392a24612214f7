"""A draw by lot, done again by the page itself: as published, and after somebody touched what is published."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PageOf
from weiyifang.activities import services
from weiyifang.activities.models import Draw
from weiyifang.activities.tests import make
from weiyifang.core.actors import system

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("here")]


def test_the_browser_redoes_the_draw_and_says_so_when_it_is_not_what_comes_out(page_of: PageOf) -> None:
    session = make.lottery(people=9, places=4)
    draw = services.draw(session=session, by=system())
    page = page_of()
    page.goto(f"/c/nanhu/activities/{session.activity.number}/{session.number}/draw/")
    again = page.locator("[data-lottery] button")
    again.click()
    expect(page.locator("[data-lottery]")).to_have_attribute("data-outcome", "right")
    told = json.loads(draw.sheet)
    Draw.objects.update(sheet=json.dumps({**told, "seated": told["order"][-4:]}))
    again.click()
    expect(page.locator("[data-lottery]")).to_have_attribute("data-outcome", "seats")


def test_without_scripts_the_rule_and_the_table_stand_there(page_of: PageOf) -> None:
    session = make.lottery(people=9, places=4)
    services.draw(session=session, by=system())
    page = page_of(scripts=False)
    page.goto(f"/c/nanhu/activities/{session.activity.number}/{session.number}/draw/")
    expect(page.locator("[data-lottery] button")).to_be_hidden()
    expect(page.locator("tbody tr")).to_have_count(9)
    expect(page.locator("ol.numbered li")).to_have_count(5)
