"""Whatever goes wrong is said in the reader's language, in our look, with a way back to where they came from."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from weiyifang.people.testing import ClientOf, CommunityClient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("accounts")]

OUTSIDE, INSIDE = "/accounts/login/", "/c/nanhu/me/claim/"
TOO_MANY = {f"field{number}": "1" for number in range(1_100)}
TOO_LONG = "a=" + "x" * 13_000_000
FORM = "application/x-www-form-urlencoded"

Go = Callable[[CommunityClient, str], Any]


def asks_too_often(browser: CommunityClient, path: str) -> Any:
    for _time in range(31):
        answer = browser.post(OUTSIDE, {"login": "", "password": ""})
    return answer


def sends_without_the_token(browser: CommunityClient, path: str) -> Any:
    browser.handler.enforce_csrf_checks = True
    return browser.post(path, {})


WRONG: dict[str, tuple[int, Go]] = {
    "too many fields": (400, lambda browser, path: browser.post(path, TOO_MANY)),
    "too long": (400, lambda browser, path: browser.post(path, TOO_LONG, content_type=FORM)),
    "another host": (400, lambda browser, path: browser.get(path, HTTP_HOST="elsewhere.example")),
    "no token": (403, sends_without_the_token),
    "no such page": (404, lambda browser, path: browser.get(f"{path}nowhere/")),
    "not by this way": (405, lambda browser, path: browser.put("/c/nanhu/")),
    "too often": (429, asks_too_often),
}


@pytest.mark.parametrize("path", [OUTSIDE, INSIDE], ids=["outside", "inside"])
@pytest.mark.parametrize("wrong", WRONG)
def test_it_is_said_in_both_languages(wrong: str, path: str, client_of: ClientOf) -> None:
    status, go = WRONG[wrong]
    titles = []
    for language, letters in (("zh-hans", r"[一-鿿]"), ("en", r"[A-Za-z]")):
        browser = client_of("resident")
        browser.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        answer = go(browser, path)
        page = answer.content.decode()
        assert answer.status_code == status
        assert f'<html lang="{language}"' in page
        assert "css/tokens" in page
        found = re.search(r"<h1[^>]*>([^<]+)</h1>", page)
        assert found is not None
        assert re.search(letters, found[1])
        titles.append(found[1])
        home = "/" if wrong == "another host" else "/c/nanhu/"  # where they live, also from the pages of their account
        assert f'href="{home}"' in page
    assert titles[0] != titles[1]
    assert not re.search(r"[一-鿿]", titles[1])
