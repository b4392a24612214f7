"""No browser keeps what was made for one person. Every route as each of the cast: `test_access.py`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests import scenes
from tests.stage import Stage
from tests.test_access import LINES, ask
from weiyifang.people.testing import VISITOR, ClientOf, CommunityClient


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    yield from scenes.on_stage("nanhu", django_db_blocker)


@pytest.mark.parametrize("line", [line for line in LINES if line.startswith(("GET me/", "GET workbench/"))])
def test_what_is_private_is_not_kept_for_visitors_either(stage: Stage, line: str) -> None:
    assert ask(stage, line, VISITOR).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("line", ["GET /", "GET activities/", "GET news/", "GET fund/", "GET organizations/"])
def test_visitors_browsers_may_ask_whether_their_page_is_still_the_same(stage: Stage, line: str) -> None:
    assert "no-store" not in ask(stage, line, VISITOR).headers.get("Cache-Control", "")


OUTSIDE = ["/", "/look/", "/accounts/login/", "/accounts/2fa/", "/accounts/logout/", "/accounts/nowhere/", "/nowhere/"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", [*OUTSIDE, "/c/nowhere/", "/c/nanhu", "/c/500108002001/me/"])
def test_nor_what_lies_outside_a_community(client_of: ClientOf, address: str) -> None:
    assert "no-store" in client_of("resident").get(address).headers["Cache-Control"]


@pytest.mark.django_db
def test_the_answer_that_opens_a_session_and_the_one_that_ends_it_are_not_kept(client_of: ClientOf) -> None:
    browser = CommunityClient()
    opened = browser.post("/accounts/login/code/", {"phone": "199 0000 9001"})
    assert "sessionid" in opened.cookies
    assert "no-store" in opened.headers["Cache-Control"]
    assert "no-store" in client_of("resident").post("/accounts/logout/").headers["Cache-Control"]


@pytest.mark.django_db
def test_files_that_are_everybodys_are_kept_by_whoever_is_signed_in(client_of: ClientOf) -> None:
    answer = client_of("resident").get("/static/css/tokens.css")
    answer.close()
    assert answer.status_code == 200
    assert "no-store" not in answer.headers["Cache-Control"]
