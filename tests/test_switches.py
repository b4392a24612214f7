"""The language and the version for elders can be switched on any page, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from tests import scenes
from tests.browser.pages import visit_of, walked
from tests.reading import Form, Page
from tests.stage import Stage
from weiyifang.core.tenancy import in_community
from weiyifang.people.testing import ClientOf, CommunityClient

LEFT_OUT = {
    "GET workbench/ui/",  # its forms are filled in by the page itself
    "GET workbench/activities/<number>/<date_number>/offline/",  # without network there is nothing to switch to
}
PAGES = [line for line in (*walked(workbench=False), *walked(workbench=True)) if line not in LEFT_OUT]
SWITCHES = ("mode=care", "language=en")
WORDS = "一句话"
OURS = {"origin": "http://testserver"}


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    """Made once, in a transaction that is undone; every page in a savepoint of its own."""
    yield from scenes.on_stage("nanhu", django_db_blocker)


def press(
    browser: Client, page: Page, say: str, typed: dict[str, str] | None = None, into: Form | None = None
) -> tuple[HttpResponseBase, Page]:
    """Press the switch, and go where it leads."""
    to, body = page.press(say, typed, into)
    answer: Any = browser.post(to, body, headers=OURS)
    assert answer.status_code == 302, f"the switch answered {answer.status_code}"
    back = answer.headers["Location"]
    answer = browser.get(back)
    return answer, Page(answer, back)


def as_usual(browser: CommunityClient) -> CommunityClient:
    """In Chinese and the normal look, whatever was chosen before."""
    for name in ("look", "django_language"):
        browser.cookies.pop(name, None)
    return browser


def kept_in(page: Page, like: Any) -> Any:
    """The form that came back."""
    return next(one for one in page.forms if one.attrs.get("id") == like.attrs["id"])


@pytest.mark.parametrize("line", PAGES)
def test_what_is_half_typed_is_still_there_after_a_switch(stage: Stage, line: str) -> None:
    with transaction.atomic(), in_community(stage.community):
        visit = visit_of(line, stage)
        browser = as_usual(stage.browsers[visit.who])
        page = Page(visit.ask(stage), visit.address)
        say = SWITCHES[len(line) % 2]
        form = page.typed_in()[0] if page.typed_in() else None
        typed = dict.fromkeys(form.words(), WORDS) if form else {}
        answer, after = press(browser, page, say, typed)
        assert answer.status_code == 200
        assert ('data-mode="care"' if say == "mode=care" else '<html lang="en"') in after.said
        if form:
            assert {name: WORDS for name, _kind, value in kept_in(after, form).fields if value == WORDS} == typed
            assert 'class="why"' not in after.said, "nobody has pressed the form's own button yet"
        transaction.set_rollback(True)


@pytest.mark.parametrize("line", PAGES)
def test_a_refused_form_is_still_there_after_a_switch(stage: Stage, line: str) -> None:
    """Each form is sent empty but for its words; where that is refused, the refusal's page is switched, by the switch
    that was not pressed on the page itself.
    """
    say = SWITCHES[len(line) % 2 - 1]
    with transaction.atomic(), in_community(stage.community):
        visit = visit_of(line, stage)
        browser = stage.browsers[visit.who]
        for form in Page(visit.ask(stage), visit.address).typed_in():
            to = form.attrs["action"] or visit.address
            typed = dict.fromkeys(form.words(), WORDS)
            with transaction.atomic():
                as_usual(browser)
                answer: Any = browser.post(to, form.sent(typed), headers=OURS)
                if answer.status_code in {409, 422}:
                    refused = Page(answer, to)
                    after_switch, after = press(browser, refused, say)
                    assert after_switch.status_code == 200
                    if (stood := refused.form(form.attrs["id"])) is not None:
                        kept = {name: value for name, _kind, value in kept_in(after, form).fields if name in typed}
                        assert kept == {name: value for name, _kind, value in stood.fields if name in typed}
                transaction.set_rollback(True)
        transaction.set_rollback(True)


@pytest.mark.parametrize("line", PAGES)
def test_what_is_half_typed_into_a_search_is_still_there_after_a_switch(stage: Stage, line: str) -> None:
    """Of every search on the page: a script gives the switch to the one that is typed into, and before, it has one."""
    with transaction.atomic(), in_community(stage.community):
        visit = visit_of(line, stage)
        browser = as_usual(stage.browsers[visit.who])
        page = Page(visit.ask(stage), visit.address)
        say = SWITCHES[len(line) % 2]
        for form in page.searched_in():
            assert "data-typed" in page.switched_with(say).attrs
            assert "data-typed" in form.attrs, "the script cannot give it the switch"
            typed = dict.fromkeys(form.words(), WORDS)
            answer, after = press(as_usual(browser), page, say, typed, form)
            assert answer.status_code == 200
            kept = {name: value for name, _kind, value in kept_in(after, form).fields if name in typed}
            assert kept == typed
        transaction.set_rollback(True)


def test_nothing_is_sought_by_the_box_that_jumps_before_it_is_asked(client_of: ClientOf) -> None:
    browser = client_of("staff")
    address = "/c/nanhu/workbench/find/?q=%E8%8C%B6"
    page = Page(browser.get(address), address)
    _answer, after = press(browser, page, "language=en", {"q": "1"})
    assert after.address == f"{address}&sought=1"
    assert 'value="1"' in after.said


def test_a_switch_with_nothing_typed_comes_back_to_the_very_page(client_of: ClientOf) -> None:
    for address in ("/c/nanhu/news/", "/c/nanhu/news/?column=notice&q=a%26b&page=2", "/c/nanhu/workbench/"):
        browser = client_of("staff")
        _answer, after = press(browser, Page(browser.get(address), address), "language=en")
        assert after.address == address


@pytest.mark.parametrize("say", SWITCHES)
def test_a_visitor_types_the_number_once(client_of: ClientOf, say: str) -> None:
    browser = CommunityClient()
    page = Page(browser.get("/accounts/login/"), "/accounts/login/")
    _answer, after = press(browser, page, say, {"login": "199 0000 9001", "password": "a secret"})
    assert 'value="199 0000 9001"' in after.said
    assert "a secret" not in after.said
    assert "a secret" not in browser.cookies.output()


@pytest.mark.parametrize("say", SWITCHES)
def test_a_refused_sign_in_is_switched_too(client_of: ClientOf, say: str) -> None:
    browser = CommunityClient()
    page = Page(browser.post("/accounts/login/", {"login": "nobody", "password": "x"}), "/accounts/login/")
    _answer, after = press(browser, page, say)
    assert 'value="nobody"' in after.said


def test_who_is_handed_the_address_sees_nothing_of_it(client_of: ClientOf) -> None:
    browser = client_of("resident")
    page = Page(browser.get("/c/nanhu/me/relations/"), "/c/nanhu/me/relations/")
    press(browser, page, "mode=care", {"name": WORDS})
    assert WORDS in browser.get("/c/nanhu/me/relations/?kept=1").content.decode()  # the control
    assert WORDS not in client_of("leader").get("/c/nanhu/me/relations/?kept=1").content.decode()


def test_nobody_is_led_to_another_site_by_the_page_a_form_says_it_stands_on(client_of: ClientOf) -> None:
    browser = client_of("resident")
    for there in ("https://example.org/", "//example.org/", "/\\example.org"):
        answer = browser.post("/c/nanhu/look/", {"_look": "mode=care", "_page": there}, headers=OURS)
        assert "example.org" not in answer.headers["Location"]
