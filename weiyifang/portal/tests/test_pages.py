from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from weiyifang.communities.models import Community
from weiyifang.core.actors import Actor, system
from weiyifang.fund import services as fund
from weiyifang.fund.tests import make
from weiyifang.news.tests import make as paper
from weiyifang.people.services import register_resident
from weiyifang.people.testing import ClientOf


@pytest.fixture
def lively(here: Community, cast: dict[str, Actor]) -> Community:
    """A community with a little money and a payment that waits."""
    fund.open_fund(by=system())
    make.gift(cast["accountant"])
    make.request(cast["staff"])
    return here


def test_anybody_may_open_the_front_page(lively: Community, client_of: ClientOf) -> None:
    for who in ("visitor", "outsider", "resident", "secretary"):
        page = client_of(who).get("/c/nanhu/")
        assert page.status_code == 200
        assert "1,000.00" in page.content.decode()


def test_a_community_without_a_fund_has_a_front_page_too(here: Community, client_of: ClientOf) -> None:
    assert client_of("visitor").get("/c/nanhu/").status_code == 200


def test_care_mode_leaves_things_out(lively: Community, client_of: ClientOf) -> None:
    browser = client_of("visitor")
    normal = browser.get("/c/nanhu/").content
    browser.cookies["look"] = "2."
    care = browser.get("/c/nanhu/").content
    assert b'data-mode="care"' in care
    assert len(care) < len(normal)


def test_the_front_page_asks_the_database_a_fixed_number_of_times(
    lively: Community, cast: dict[str, Actor], client_of: ClientOf
) -> None:
    browser = client_of("visitor")
    browser.get("/c/nanhu/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/c/nanhu/")
    for _ in range(3):
        make.gift(cast["accountant"])
    with CaptureQueriesContext(connection) as more:
        browser.get("/c/nanhu/")
    assert len(more) == len(few)


@pytest.mark.parametrize(("who", "status"), [("visitor", 302), ("outsider", 404), ("resident", 200), ("staff", 200)])
def test_my_page_is_for_members(lively: Community, client_of: ClientOf, who: str, status: int) -> None:
    assert client_of(who).get("/c/nanhu/me/").status_code == status


def test_the_workbench_opens_on_what_waits_for_me(lively: Community, client_of: ClientOf) -> None:
    assert "米面油" in client_of("secretary").get("/c/nanhu/workbench/").content.decode()
    assert "米面油" not in client_of("staff").get("/c/nanhu/workbench/").content.decode(), (
        "who submits does not approve"
    )


def test_every_act_is_for_those_who_watch(lively: Community, client_of: ClientOf) -> None:
    assert client_of("supervisor").get("/c/nanhu/workbench/history/").status_code == 200
    assert client_of("staff").get("/c/nanhu/workbench/history/").status_code == 403


@pytest.mark.parametrize("query", ["", "?q=南湖", "?q=重庆 南湖", "?q=nowhere", "?in=50", "?in=500108002", "?in=x"])
def test_anybody_finds_their_community(here: Community, client_of: ClientOf, query: str) -> None:
    assert client_of("visitor").get(f"/{query}").status_code == 200


def test_a_search_that_shows_twenty_leads_to_the_rest(here: Community, client_of: ClientOf) -> None:
    page = client_of("visitor").get("/?q=南湖")
    (chongqing,) = [part for part in page.context["answer"].narrower if part.region == "重庆市"]
    assert f"?q={quote(chongqing.text)}" in page.content.decode()
    assert str(page.context["answer"].more) in page.content.decode()
    assert "/c/nanhu/" in client_of("visitor").get("/", {"q": chongqing.text}).content.decode()
    assert (
        "not shown" not in client_of("visitor").get("/?q=重庆 南湖", headers={"accept-language": "en"}).content.decode()
    )


def test_an_open_community_is_entered_at_once(here: Community, client_of: ClientOf) -> None:
    page = client_of("visitor").get("/?in=500108002001")
    assert (page.status_code, page["Location"]) == (302, "/c/nanhu/")


def test_a_community_that_is_not_open_says_how_to_open_it(here: Community, client_of: ClientOf) -> None:
    assert "weiyifang community open 500108002003" in client_of("visitor").get("/?in=500108002003").content.decode()


def test_the_official_code_leads_to_the_address(here: Community, client_of: ClientOf) -> None:
    page = client_of("visitor").get("/c/500108002001/fund/")
    assert (page.status_code, page["Location"]) == (301, "/c/nanhu/fund/")


def test_an_unknown_community_is_not_found(here: Community, client_of: ClientOf) -> None:
    assert client_of("visitor").get("/c/atlantis/").status_code == 404


def test_health_answers(db: None, client_of: ClientOf) -> None:
    assert client_of("visitor").get("/health/").json()["ok"] is True


def test_who_oversees_sees_the_money_and_what_was_done_about_it(lively: Community, client_of: ClientOf) -> None:
    register_resident(name="刚搬来的", by=system())  # an act, but not of this kind
    page = client_of("supervisor").get("/c/nanhu/workbench/").context
    assert page["money"].balance == 100_000
    assert [entry.verb for entry in page["history"]][:2] == ["PaymentSubmitted", "DonationReceived"]
    assert client_of("volunteer").get("/c/nanhu/workbench/").context["money"] is None


def test_care_mode_on_a_phone_reaches_my_own_page(lively: Community, client_of: ClientOf) -> None:
    """Home, mine, the telephone: what else there is stands on a wide screen only."""
    browser = client_of("resident")
    browser.cookies["look"] = "2."
    page = browser.get("/c/nanhu/activities/").content.decode()
    dock = page[page.index('<nav class="dock"') :].partition("</nav>")[0]
    on_a_phone = re.findall(r'<li><a href="([^"]+)"', dock)
    assert on_a_phone == ["/c/nanhu/", "/c/nanhu/me/"]
    assert 'href="tel:' in dock


def test_in_care_mode_what_must_be_read_comes_before_everything_else(
    lively: Community, client_of: ClientOf, cast: dict[str, Actor]
) -> None:
    paper.published(by=cast["staff"], reviewer=cast["secretary"], title="三号院停水", is_notice=True, is_important=True)
    paper.published(by=cast["staff"], reviewer=cast["secretary"], title="合唱团招人", is_notice=True)
    browser = client_of("visitor")
    browser.cookies["look"] = "2."
    page = browser.get("/c/nanhu/").content.decode()
    assert page.index("三号院停水") < page.index("合唱团招人") < page.index('class="wishes')
    assert "人人要看" in page
