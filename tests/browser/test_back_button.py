"""A shared computer: who comes after somebody finds nothing of theirs with "back"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import FLAGS, find_chromium
from weiyifang.people.testing import ClientOf

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)
MINE = "199 **** 9001"


def test_after_signing_out_back_shows_nothing_of_whoever_was_there(
    browser: Browser, live_server: LiveServer, client_of: ClientOf
) -> None:
    """As a browser of every day does it, which keeps whole pages for "back"; Playwright's own does not."""
    session = client_of("resident").cookies["sessionid"].value
    everyday = browser.browser_type.launch(
        executable_path=find_chromium(browser.browser_type),
        args=FLAGS,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    try:
        context = everyday.new_context(locale="zh-CN", base_url=live_server.url)
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.goto("/c/nanhu/me/details/")
        expect(page.locator("main")).to_contain_text(MINE)
        page.goto("/accounts/logout/")
        page.locator("main form button[type=submit], main form .btn").first.click()
        page.wait_for_load_state()
        for _step in range(4):
            page.evaluate("history.back()")
            page.wait_for_timeout(1500)
            assert MINE not in page.content()
            if "/accounts/login/" in page.url:
                return
        raise AssertionError(f"the private page was not asked for again: {page.url}")
    finally:
        everyday.close()
