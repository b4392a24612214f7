"""A cookie in Chinese that another program on the same host has set keeps nobody out: with the server at work."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.plugin import DjangoDbBlocker

from tests.real_stage import RealStage, real_stage

MINE = "199 **** 9001"


@pytest.fixture(scope="module")
def real(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[RealStage]:
    with real_stage(django_db_blocker) as real:
        yield real


@pytest.mark.parametrize("path", ["/", "/c/", "/c/nanhu/me/"])
def test_where_scripts_run_the_cookie_goes_and_the_session_stays(browser: Browser, real: RealStage, path: str) -> None:
    home = f"http://127.0.0.1:{real.port}"
    context = browser.new_context(locale="zh-CN", base_url=home)
    context.add_cookies([{"name": "sessionid", "value": real.sessions["resident"], "url": home, "httpOnly": True}])
    page = context.new_page()
    page.goto("/c/nanhu/me/details/")
    page.evaluate("path => { document.cookie = `城市=重庆; path=${path}`; document.cookie = `left=1; path=/` }", path)
    page.goto("/c/nanhu/me/details/")
    expect(page.locator("main")).to_contain_text(MINE)
    assert {cookie["name"] for cookie in context.cookies()} >= {"sessionid", "left"}
    assert "城市" not in {cookie["name"] for cookie in context.cookies()}
    context.close()


def test_where_they_do_not_one_press_deletes_it_and_one_can_sign_in_again(browser: Browser, real: RealStage) -> None:
    home = f"http://127.0.0.1:{real.port}"
    context = browser.new_context(locale="zh-CN", base_url=home, java_script_enabled=False)
    context.add_cookies(
        [
            {"name": "sessionid", "value": real.sessions["resident"], "url": home, "httpOnly": True},
            {"name": "city", "value": "重庆", "url": home, "httpOnly": True},
        ]
    )
    page = context.new_page()
    answer = page.goto("/c/nanhu/me/details/")
    assert answer is not None
    assert answer.status == 400
    page.screenshot(path="build/screenshots/broken-cookie-1280.png")
    page.set_viewport_size({"width": 375, "height": 812})
    page.screenshot(path="build/screenshots/broken-cookie-375.png", full_page=True)
    page.locator("form[action^='/cookies/'] button").click()
    expect(page).to_have_url(f"{home}/accounts/login/?next=/c/nanhu/me/details/")
    assert "city" not in {cookie["name"] for cookie in context.cookies()}
    context.close()
