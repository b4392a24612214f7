"""What needs a real server: signing in, switching the look."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory
from playwright.sync_api import expect

from tests.browser.gate import inspect
from tests.browser.pages import HOME
from tests.undefined import missing_is
from weiyifang.core.server.jobs import run_jobs
from weiyifang.core.web import incidents, outage
from weiyifang.core.web.headers import POLICY
from weiyifang.core.web.outage import Outage
from weiyifang.people.sms import MemorySender

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

    from tests.browser.conftest import PageOf
    from weiyifang.communities.models import Community
    from weiyifang.core.actors import Actor

RESIDENTS_PHONE = "19900009001"  # 陈桂芳, of the cast
STANDING_ALONE: dict[str, Callable[[], HttpResponse | str]] = {
    **{code: partial(render_to_string, f"{code}.html") for code in ("400", "403", "403_csrf", "409")},
    "500": lambda: incidents.answer(RequestFactory().get("/c/nanhu/")),
    "503": partial(outage.answer, Outage.AWAY, "POST", "/c/nanhu/"),
    "503-full": partial(outage.answer, Outage.NO_ROOM, "POST", "/c/nanhu/"),
}


def sent_digits() -> str:
    """The digits in the newest message, after the jobs that send it."""
    run_jobs()
    found = re.search(r"\d{6}", MemorySender.sent[-1][1])
    assert found
    return found[0]


@pytest.mark.parametrize("name", STANDING_ALONE)
def test_error_pages_pass_the_gate_without_anything_around_them(
    name: str, live_server: LiveServer, page_of: PageOf
) -> None:
    page, url = page_of("visitor"), f"{live_server.url}/broken/"
    with missing_is(""):
        answer = STANDING_ALONE[name]()
    html = answer if isinstance(answer, str) else answer.content
    page.route(url, lambda route: route.fulfill(body=html, headers={"Content-Security-Policy": POLICY}))
    faults = inspect(page, url, f"error-{name}")
    assert not faults, "\n" + "\n".join(faults)


def test_a_neighbour_signs_in_by_phone_and_every_page_on_the_way_passes(
    live_server: LiveServer, here: Community, cast: dict[str, Actor], page_of: PageOf
) -> None:
    page = page_of("visitor")
    page.goto(f"{live_server.url}/accounts/login/?next={HOME}look/")
    page.get_by_role("link", name="给我发短信").click()
    page.get_by_label("您的手机号").fill(RESIDENTS_PHONE)
    page.get_by_role("button", name="给我发短信").click()
    expect(page.get_by_role("heading", name="填上 6 个数字")).to_be_visible()
    faults = inspect(page, page.url, "login-digits")
    assert not faults, "\n" + "\n".join(faults)
    page.get_by_label("6 个数字").fill(sent_digits())
    page.get_by_role("button", name="填好了").click()
    expect(page.get_by_role("button", name="退出登录")).to_be_visible()
    assert page.url == f"{live_server.url}{HOME}look/"


def test_the_version_for_elders_is_one_tap_away_and_back_without_scripts(
    live_server: LiveServer, here: Community, page_of: PageOf
) -> None:
    page = page_of("visitor")
    page.goto(f"{live_server.url}{HOME}look/")
    page.get_by_role("button", name="长辈版").click()
    assert page.locator("html").get_attribute("data-mode") == "care"
    assert page.url == f"{live_server.url}{HOME}look/"
    page.get_by_role("button", name="普通版").click()
    assert page.locator("html").get_attribute("data-mode") is None


def test_the_language_changes_and_the_page_stays(live_server: LiveServer, here: Community, page_of: PageOf) -> None:
    page = page_of("visitor")
    page.goto(f"{live_server.url}{HOME}look/")
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.url == f"{live_server.url}{HOME}look/"


@pytest.mark.parametrize("has_scripts", [False, True])
def test_both_switches_keep_what_is_typed_before_and_after_a_refusal(
    has_scripts: bool, live_server: LiveServer, here: Community, page_of: PageOf
) -> None:
    page = page_of("resident", scripts=has_scripts)
    page.goto(f"{live_server.url}{HOME}me/relations/")
    page.get_by_label("姓名").fill("刘小妹")
    page.get_by_role("button", name="长辈版").click()
    assert page.locator("html").get_attribute("data-mode") == "care"
    expect(page.get_by_label("姓名")).to_have_value("刘小妹")
    expect(page.locator(".why")).to_have_count(0)
    page.locator("main form[data-typed] button[type=submit]").click()
    expect(page.locator(".why").first).to_be_visible()
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    expect(page.locator("#id_name")).to_have_value("刘小妹")
    expect(page.locator(".why").first).to_be_visible()


@pytest.mark.parametrize("has_scripts", [False, True])
def test_a_switch_keeps_what_is_typed_into_a_search(
    has_scripts: bool, live_server: LiveServer, here: Community, page_of: PageOf
) -> None:
    """The filter of the list; where scripts run, the box in the head too, which seeks nothing by that."""
    page = page_of("staff", scripts=has_scripts)
    page.goto(f"{live_server.url}{HOME}workbench/residents/")
    page.locator("#id_q").fill("刘小")
    page.get_by_role("button", name="长辈版").click()
    assert page.locator("html").get_attribute("data-mode") == "care"
    expect(page.locator("#id_q")).to_have_value("刘小")
    if has_scripts:
        page.locator("#look-up").fill("茶")
        page.get_by_role("button", name="English").click()
        assert page.locator("html").get_attribute("lang") == "en"
        expect(page.locator("#look-up")).to_have_value("茶")
        expect(page.locator("#id_q")).to_have_value("刘小")
