"""In the demo anybody may be anybody of the cast; elsewhere that door does not exist."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import override_settings

from weiyifang.people.demo import PARTS, Part
from weiyifang.people.models import Account
from weiyifang.people.testing import CommunityClient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("accounts")]
AT_HOME = {"resident", "volunteer"}


@pytest.fixture(autouse=True)
def no_limit_used_up() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def browser() -> CommunityClient:
    return CommunityClient()


def sign_in_page(query: str = "") -> str:
    return CommunityClient().get(f"/accounts/login/{query}").content.decode()


def signed_in_as(browser: CommunityClient) -> str:
    key = browser.session.get("_auth_user_id")
    return Account.objects.get(pk=key).username if key else ""


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.key)
def test_one_touch_and_the_visitor_is_that_person(part: Part, browser: CommunityClient) -> None:
    key, name = part.key, part.name
    page = sign_in_page()
    assert name in page
    assert f'action="/accounts/demo/{key}/"' in page
    answer = browser.post(f"/accounts/demo/{key}/")
    assert answer.status_code == 302
    assert signed_in_as(browser) == key
    assert answer.headers["Location"] == ("/c/nanhu/" if key in AT_HOME else "/c/nanhu/workbench/")
    assert browser.get(answer.headers["Location"]).status_code == 200


def test_the_way_asked_for_comes_first_if_it_is_ours(browser: CommunityClient) -> None:
    assert '<input type="hidden" name="next" value="/c/nanhu/fund/"' in sign_in_page("?next=/c/nanhu/fund/")
    assert browser.post("/accounts/demo/staff/", {"next": "/c/nanhu/fund/"}).headers["Location"] == "/c/nanhu/fund/"
    strange = browser.post("/accounts/demo/staff/", {"next": "https://elsewhere.example/"})
    assert strange.headers["Location"] == "/c/nanhu/workbench/"


def test_the_page_tells_the_sign_in_name_and_the_password_too(browser: CommunityClient) -> None:
    page = sign_in_page()
    assert "staff" in page
    assert settings.DEMO_PASSWORD in page
    browser.post("/accounts/login/", {"login": "staff", "password": settings.DEMO_PASSWORD})
    assert signed_in_as(browser) == "staff"


def test_only_the_cast_can_be_played(browser: CommunityClient) -> None:
    Account.objects.create_user("somebody")
    for key in ("somebody", "outsider", "nobody"):
        assert browser.post(f"/accounts/demo/{key}/").status_code == 404
    assert signed_in_as(browser) == ""


def test_looking_at_the_address_signs_nobody_in(browser: CommunityClient) -> None:
    assert browser.get("/accounts/demo/staff/").status_code == 405
    assert signed_in_as(browser) == ""


def test_it_is_limited_like_any_sign_in(browser: CommunityClient) -> None:
    answers = [CommunityClient().post("/accounts/demo/nobody/").status_code for _attempt in range(31)]
    assert answers == [404] * 30 + [429]
    assert browser.post("/accounts/login/", {"login": "staff", "password": "x"}).status_code == 429


def test_without_the_demo_the_door_does_not_exist(browser: CommunityClient) -> None:
    with override_settings(DEMO=False):
        page = sign_in_page()
        answers = [browser.post("/accounts/demo/staff/"), browser.get("/accounts/demo/staff/")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert signed_in_as(browser) == ""
    assert "/accounts/demo/" not in page
    assert settings.DEMO_PASSWORD not in page
    assert PARTS[0].name not in page
