"""The search box under the hand: `/` goes there, and leaves alone whoever is typing."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PageOf
from weiyifang.communities.models import Community


@pytest.mark.django_db(transaction=True)
def test_a_stroke_goes_to_the_search_box_and_types_itself_anywhere_else(community: Community, page_of: PageOf) -> None:
    page = page_of("staff")
    page.goto("/c/nanhu/workbench/")
    box = page.locator("[data-look-up]").first
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.type("1/2")
    expect(box).to_have_value("1/2")
