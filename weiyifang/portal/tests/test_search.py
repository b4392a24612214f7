"""The search box that jumps: who finds what, and where an exact number leads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from weiyifang.activities.tests import make as activity
from weiyifang.banking.tests import make as bank
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.web import finding
from weiyifang.core.web.finding import Sought
from weiyifang.fund import services as fund
from weiyifang.fund.tests import make as money
from weiyifang.grants.tests import make as grants
from weiyifang.ledger.models import Transfer
from weiyifang.news.tests import make as paper
from weiyifang.notices.tests import make as letters
from weiyifang.organizations.tests import make as organization
from weiyifang.people.models import SensitiveRead
from weiyifang.people.testing import ClientOf
from weiyifang.sharing.tests import make as lent
from weiyifang.stage.tests import make as shows
from weiyifang.talents.tests import make as skilled
from weiyifang.volunteering.tests import make as helper

pytestmark = pytest.mark.usefixtures("here")
HOME = "/c/nanhu/"
DESK, PUBLIC = f"{HOME}workbench/find/", f"{HOME}find/"


def found(page: Any) -> dict[str, list[str]]:
    """The titles of what was found, by finder."""
    return {group.finder.code: [hit.title for hit in group.hits] for group in page.context["groups"]}


@pytest.fixture
def things(cast: dict[str, Actor]) -> dict[str, Actor]:
    """One of each, all called after the tea house."""
    fund.open_fund(by=system())
    money.gift(cast["accountant"], note="茶馆募捐")
    money.request(cast["staff"], title="茶馆的茶叶")
    tea = fund.NewPurpose(name="茶馆的桌椅", words="添四张桌子", since=clock.today())
    fund.open_purpose(wanted=tea, by=cast["secretary"])
    bank.statement(cast["accountant"], bank.of_lines([(date(2026, 3, 2), 500)], words="茶馆捐款"))
    activity.session(title="茶馆读书会")
    paper.published(by=cast["staff"], reviewer=cast["secretary"], title="茶馆开张了")
    organization.in_status("filed", "茶馆书友会")
    letters.resident("茶馆主人")
    helper.team("茶馆送餐队")
    lent.resource("茶馆")
    skilled.talent("茶馆掌柜")
    shows.request(title="茶馆开张演出")
    grants.published(cast, grants.table([["茶馆书友会", "90"]]))
    return cast


def test_one_word_finds_a_thing_of_every_kind(things: dict[str, Actor], client_of: ClientOf) -> None:
    groups = found(client_of("secretary").get(DESK, {"q": "茶馆"}))
    assert set(groups) == set(finding.finders()) - {"wechat_orders"}  # found by WeChat's number alone
    assert all("茶馆" in title for titles in groups.values() for title in titles)


@pytest.mark.parametrize("who", ["visitor", "outsider", "resident", "secretary"])
def test_on_everybodys_pages_only_what_everybody_may_see_is_found(
    things: dict[str, Actor], client_of: ClientOf, who: str
) -> None:
    page = client_of(who).get(PUBLIC, {"q": "茶馆"})
    members_alone = {"talents"} if who in {"resident", "secretary"} else set()
    everybodys = {"organizations", "activities", "sharing", "volunteering", "news", "entries", "grants"}
    assert set(found(page)) == everybodys | members_alone
    assert "茶馆主人" not in page.content.decode()
    assert "茶馆的茶叶" not in page.content.decode()


@pytest.mark.parametrize("who", ["volunteer", "leader", "accountant", "supervisor", "street_officer"])
def test_who_may_not_see_the_register_finds_nobody(things: dict[str, Actor], client_of: ClientOf, who: str) -> None:
    for words in ("茶馆", "13800138000", "1"):
        page = client_of(who).get(DESK, {"q": words}, follow=True)
        assert "茶馆主人" not in page.content.decode()


def test_a_leader_finds_no_payment_of_others_and_no_draft(things: dict[str, Actor], client_of: ClientOf) -> None:
    paper.draft(by=things["staff"], title="茶馆要涨价")
    activity.activity(title="茶馆草稿")
    page = client_of("leader").get(DESK, {"q": "茶馆"}).content.decode()
    assert "茶馆的茶叶" not in page
    assert "茶馆要涨价" not in page
    assert "茶馆草稿" not in page
    assert "茶馆要涨价" in client_of("staff").get(DESK, {"q": "茶馆"}).content.decode()


@pytest.mark.parametrize("who", ["volunteer", "leader", "staff", "accountant", "supervisor", "secretary"])
def test_everything_found_opens(things: dict[str, Actor], client_of: ClientOf, who: str) -> None:
    browser = client_of(who)
    page = browser.get(DESK, {"q": "茶馆"}).content.decode()
    links = [part.partition('"')[0] for part in page.split('class="cell" href="')[1:]]
    assert links
    assert [browser.get(link).status_code for link in links] == [200] * len(links)


def test_an_exact_number_leads_to_the_thing(things: dict[str, Actor], client_of: ClientOf) -> None:
    browser = client_of("secretary")
    for _n in range(3):
        person = letters.resident("编号很大的", phone="")
    for typed in (str(person.number), f" {person.number} ", f"第{person.number}号", f"No. {person.number}"):
        page = browser.get(DESK, {"q": typed})
        assert page.status_code == 302
        assert (page.status_code, page["Location"]) == (302, f"{HOME}workbench/residents/{person.number}/")


def test_a_number_that_several_things_have_shows_them_first(things: dict[str, Actor], client_of: ClientOf) -> None:
    page = client_of("secretary").get(DESK, {"q": "1"})
    exact = [hit.title for group in page.context["groups"] for hit in group.hits if hit.is_exact]
    assert page.status_code == 200
    assert len(exact) > 2
    assert all(group.hits[0].is_exact for group in page.context["groups"] if any(h.is_exact for h in group.hits))


def test_a_whole_phone_number_leads_to_whoever_has_it_and_a_part_to_nobody(
    things: dict[str, Actor], client_of: ClientOf
) -> None:
    """As in the register: knowing the whole number tells nothing that was not known, so nothing is noted."""
    browser = client_of("staff")
    page = browser.get(DESK, {"q": "138 0013 8000"})
    assert "/workbench/residents/" in page["Location"]
    assert "茶馆主人" not in browser.get(DESK, {"q": "13800138"}).content.decode()
    assert not SensitiveRead.objects.exists()


def test_an_entry_is_found_by_its_own_number_and_by_its_receipts(things: dict[str, Actor], client_of: ClientOf) -> None:
    entry = Transfer.objects.order_by("id")[0]
    visitor, accountant = client_of("visitor"), client_of("accountant")
    assert visitor.get(PUBLIC, {"q": str(entry.pk)})["Location"] == f"{HOME}fund/transfers/{entry.pk}/"
    assert accountant.get(DESK, {"q": str(entry.pk)})["Location"] == f"{HOME}workbench/fund/entries/{entry.pk}/"
    assert visitor.get(PUBLIC, {"q": str(uuid4())}).status_code == 200
    assert "entries" in found(accountant.get(DESK, {"q": "1"}))
    assert "entries" not in found(visitor.get(PUBLIC, {"q": "1"}))


def test_several_of_one_name_are_told_apart_by_age_and_door(client_of: ClientOf) -> None:
    for door in ("5-1", "6-2"):
        letters.resident("陈桂芳", phone="", address=replace(letters.HOME, door=door))
    (group,) = client_of("staff").get(DESK, {"q": "陈桂芳"}).context["groups"]
    assert len({hit.desc for hit in group.hits}) == 2
    assert all("岁" in hit.desc for hit in group.hits)


def test_more_than_five_are_on_a_page_of_their_own(client_of: ClientOf) -> None:
    for number in range(23):
        activity.activity(title=f"剪纸{number}")
    browser = client_of("staff")
    page = browser.get(DESK, {"q": "剪纸"})
    (group,) = page.context["groups"]
    assert (len(group.hits), group.has_more) == (5, True)
    assert "of=activities" in page.content.decode()
    last = browser.get(DESK, {"q": "剪纸", "of": "activities", "page": "2"})
    assert len(last.context["hits"]) == 3


@pytest.mark.parametrize("words", ["", "没有这个", "%", "_", "\\", "'", "1" * 50, "x" * 500])
def test_nothing_found_says_what_helps_and_keeps_what_was_typed(client_of: ClientOf, words: str) -> None:
    for who, address in (("staff", DESK), ("visitor", PUBLIC)):
        page = client_of(who).get(address, {"q": words})
        assert page.status_code == 200
        assert 'class="card empty"' in page.content.decode()
        assert page.context["sought"] == words[: finding.LONGEST]


def test_each_finder_asks_the_same_however_many_are_found(things: dict[str, Actor], client_of: ClientOf) -> None:
    browser = client_of("secretary")
    browser.get(DESK, {"q": "茶馆"})
    with CaptureQueriesContext(connection) as few:
        browser.get(DESK, {"q": "茶馆"})
    for number in range(4):
        money.request(things["staff"], title=f"茶馆{number}")
        activity.session(title=f"茶馆{number}")
        letters.resident(f"茶馆客人{number}", phone="")
        money.gift(things["accountant"], note=f"茶馆{number}")
    with CaptureQueriesContext(connection) as many:
        browser.get(DESK, {"q": "茶馆"})
    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("37", 37),
        ("３７", 37),
        ("第37号", 37),
        ("#37", 37),
        ("no.37", 37),
        ("37栋", None),
        ("1" * 10, None),
        ("²", 2),
        ("", None),
    ],
)
def test_what_counts_as_a_number(typed: str, number: int | None) -> None:
    assert Sought(typed, system(1)).number == number


def test_a_payment_is_found_by_the_slip_of_the_bank(cast: dict[str, Actor], client_of: ClientOf) -> None:
    fund.open_fund(by=system())
    money.gift(cast["accountant"])
    row = fund.approve_payment(request=money.request(cast["staff"]), by=cast["secretary"])
    fund.pay(request=row, slip="回8842", by=cast["accountant"])
    page = client_of("accountant").get(DESK, {"q": "回8842"})
    assert page.status_code == 302
    assert "/workbench/fund/entries/" in page["Location"]
