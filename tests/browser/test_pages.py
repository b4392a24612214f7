"""Every registered page passes the gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.template.loader import render_to_string

from tests.browser.gate import inspect
from tests.browser.pages import HOME, STAGES, Stage
from weiyifang.core.headers import POLICY

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

    from tests.browser.conftest import PageOf
    from weiyifang.communities.models import Community
    from weiyifang.core.actors import Actor

STANDING_ALONE = ("400.html", "403.html", "403_csrf.html", "409.html", "500.html")


@pytest.mark.parametrize("stage", STAGES)
def test_pages_pass_the_gate(
    stage: str, live_server: LiveServer, here: Community, cast: dict[str, Actor], page_of: PageOf
) -> None:
    visits = STAGES[stage](Stage(community=here, cast=cast))
    faults: list[str] = []
    for visit in visits:
        page = page_of(visit.who)
        faults += inspect(page, live_server.url + visit.path, visit.name, status=visit.status)
        page.close()
    assert not faults, "\n" + "\n".join(faults)


@pytest.mark.parametrize("template", STANDING_ALONE)
def test_error_pages_pass_the_gate_without_anything_around_them(
    template: str, live_server: LiveServer, page_of: PageOf
) -> None:
    page, url = page_of("visitor"), f"{live_server.url}/broken/"
    html = render_to_string(template)
    page.route(url, lambda route: route.fulfill(body=html, headers={"Content-Security-Policy": POLICY}))
    faults = inspect(page, url, f"error-{template.removesuffix('.html')}")
    assert not faults, "\n" + "\n".join(faults)


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


def test_the_gate_sees_what_is_wrong(live_server: LiveServer, page_of: PageOf) -> None:
    """The control: a page with small grey text, a tiny button, no language and an inline style."""
    page, url = page_of("visitor"), f"{live_server.url}/bad/"
    html = (
        "<title>·</title><body><p style='color:red'>x</p><font size=1 color=#aaa>grey</font>"
        "<button>a</button><div><img src=/x.png></div>"
    )
    headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
    page.route(url, lambda route: route.fulfill(body=html, headers=headers))
    faults = "\n".join(inspect(page, url, "bad"))
    for sign in ("no title", "no h1", "does not say its language", "text of", "target of", "color-contrast", "console"):
        assert sign in faults
