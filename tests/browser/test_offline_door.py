"""The list at the door on phones without network: opened again, ticked, sent later, and gone when the day is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PageOf
from weiyifang.activities import queries, services
from weiyifang.activities.models import Attendance, Audience, Enrollment, Method, Mode, Passage, Session
from weiyifang.activities.tests import make
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.people import services as people
from weiyifang.people.models import RelationKind, Resident

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("here")]

KEPT = """async () => {
  const db = await new Promise((done) => (indexedDB.open("door").onsuccess = (event) => done(event.target.result)));
  const all = (name) =>
    new Promise((done) => (db.transaction(name).objectStore(name).getAll().onsuccess = (e) => done(e.target.result)));
  const lists = await all("lists");
  const text = lists.map((row) => new TextDecoder().decode(row.sealed)).join() + JSON.stringify(await all("facts"));
  const taken = lists.map((row) => row.key.extractable);
  return { lists: lists.length, facts: (await all("facts")).length, text, taken };
}"""


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    """A phone at the door is not the only one that asks; nor is this test."""
    expect.set_options(timeout=30_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def party() -> Session:
    """Tonight: 陈桂芳 with two seats, 李明 and 王芳 with one."""
    session = make.session(days=0, hours=1, title="坝坝茶", places=9, party_size=2)
    for name, places in (("陈桂芳", 2), ("李明", 1), ("王芳", 1)):
        make.enroll(session, make.resident(name), places=places)
    return session


def opened(page: Page, session: Session) -> Page:
    page.goto(f"/c/nanhu/workbench/activities/{session.activity.number}/{session.number}/offline/")
    expect(page.locator("[data-offline]")).to_have_attribute("data-kept", "yes")
    return page


def without_network(page: Page) -> None:
    """Cut off, and the page opened anew, as by whoever had closed it."""
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("[data-part=rows] li")).to_have_count(3)


def here(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"{name}到了").click()


def sent(page: Page) -> None:
    page.context.set_offline(False)
    expect(page.locator("[data-offline]")).to_have_attribute("data-waiting", "0")
    page.locator("[data-part=send]").click()
    expect(page.locator("[data-part=rows] .badge.wait:visible")).to_have_count(0)


def rows(page: Page) -> list[str]:
    return [" ".join(text.split()) for text in page.locator("[data-part=rows] li").all_inner_texts()]


def came(session: Session) -> dict[str, int]:
    standing = Attendance.objects.filter(session=session, voids=None, voided_by=None)
    return {row.resident.name if row.resident else "": row.people for row in standing.select_related("resident")}


@pytest.mark.parametrize("first", ["one", "other"])
def test_two_phones_end_alike_in_whatever_order_they_send(page_of: PageOf, party: Session, first: str) -> None:
    one, other = opened(page_of("volunteer"), party), opened(page_of("staff"), party)
    for page in (one, other):
        without_network(page)
    one.locator("select:visible").select_option("1")
    here(one, "陈桂芳")
    here(one, "李明")
    here(other, "李明")
    ticket = Enrollment.objects.get(resident__name="王芳")
    other.locator("#door-code").fill(ticket.code)
    other.locator("#door-code").press("Enter")
    other.locator("#door-people").fill("3")
    other.locator("#door-people").press("Enter")
    expect(other.locator("[data-offline]")).to_have_attribute("data-waiting", "3")
    assert came(party) == {}
    for page in (one, other) if first == "one" else (other, one):
        sent(page)
    for page in (one, other):
        page.locator("[data-part=send]").click()
        expect(page.locator("[data-part=rows] .badge.ok:visible")).to_have_count(3)
    assert came(party) == {"陈桂芳": 1, "李明": 1, "王芳": 1, "": 3}
    assert set(Attendance.objects.values_list("method", flat=True)) == {Method.ROSTER, Method.QR}
    assert rows(one) == rows(other)


def test_a_mistake_is_taken_back_before_it_is_sent(page_of: PageOf, party: Session) -> None:
    page = opened(page_of("volunteer"), party)
    without_network(page)
    here(page, "李明")
    page.get_by_role("button", name="李明没来").click()
    sent(page)
    assert came(party) == {}


def test_names_lie_on_the_phone_encrypted_and_are_gone_after_the_day_but_nothing_noted_is(
    page_of: PageOf, party: Session
) -> None:
    page = opened(page_of("volunteer"), party)
    without_network(page)
    here(page, "李明")
    kept: dict[str, Any] = page.evaluate(KEPT)
    assert (kept["lists"], kept["facts"], kept["taken"]) == (1, 1, [False])
    assert not any(name in kept["text"] for name in ("李明", "桂芳", "王芳"))
    page.clock.install(time=clock.now() + timedelta(days=2))
    page.reload()
    expect(page.locator("[data-part=state]")).to_contain_text("名字已经从这部手机上清除")
    kept = page.evaluate(KEPT)
    assert (kept["lists"], kept["facts"]) == (0, 1)
    sent(page)
    assert came(party) == {"李明": 1}


def test_signed_out_in_the_meantime_nothing_is_lost(page_of: PageOf, party: Session) -> None:
    page = opened(page_of("volunteer"), party)
    kept = page.context.storage_state()
    without_network(page)
    here(page, "李明")
    page.context.clear_cookies()
    page.context.set_offline(False)
    expect(page.locator("[data-part=sign-in]")).to_be_visible()
    assert came(party) == {}
    for cookie in kept["cookies"]:
        name, value, domain, path = (cookie[key] for key in ("name", "value", "domain", "path"))
        page.context.add_cookies([{"name": name, "value": value, "domain": domain, "path": path}])
    page.locator("[data-part=send]").click()
    sent(page)
    assert came(party) == {"李明": 1}


def test_what_is_not_taken_says_why_and_stays_until_somebody_has_read_it(page_of: PageOf, party: Session) -> None:
    page = opened(page_of("volunteer"), party)
    without_network(page)
    here(page, "李明")
    services.cancel_session(session=party, reason="下雨", by=system())
    page.context.set_offline(False)
    expect(page.locator("[data-part=refused]")).to_contain_text("取消")
    page.locator("[data-part=refused] button").click()
    expect(page.locator("[data-part=refused]")).to_be_hidden()
    assert came(party) == {}


@pytest.mark.parametrize("first", ["one", "other"])
def test_a_child_that_one_phone_let_in_is_fetched_at_the_other_by_the_grandmother_named_before(
    page_of: PageOf, cast: dict[str, Actor], first: str
) -> None:
    lesson = make.session(days=0, hours=1, title="小手做灯笼", audience=Audience.CHILDREN, places=9)
    child = make.resident("豆豆", born_on=clock.today() - timedelta(days=8 * 366))
    mother = Resident.objects.get(pk=cast["resident"].resident_id or "")
    people.relate(resident=child, helper=mother, kind=RelationKind.GUARDIAN, by=system())
    services.name_fetcher(enrollment=make.enroll(lesson, child), name="陈奶奶", by=cast["resident"])
    other_child = make.resident("小雨", born_on=clock.today() - timedelta(days=7 * 366))
    for who in (other_child, make.resident("阿姨")):
        make.enroll(lesson, who)
    one, other = opened(page_of("volunteer"), lesson), opened(page_of("staff"), lesson)
    for page in (one, other):
        without_network(page)
    here(one, "豆豆")
    here(other, "豆豆")
    here(other, "小雨")
    expect(other.locator("[data-part=inside-count]")).to_contain_text("孩子 2 人")
    other.get_by_role("button", name="豆豆离开").click()
    other.get_by_label("陈奶奶").check()
    other.get_by_role("button", name="交给").click()
    expect(other.locator("[data-part=inside-count]")).to_contain_text("孩子 1 人")
    other.on("dialog", lambda dialog: dialog.accept())
    other.get_by_role("button", name="小雨离开").click()
    other.get_by_label("别的人", exact=True).check()
    other.locator("#fetch-name").fill("王叔叔")
    other.locator("#fetch-why").fill("妈妈来电话")
    other.get_by_role("button", name="交给").click()
    expect(other.locator("[data-part=inside-count]")).to_contain_text("孩子 0 人")
    kept: dict[str, Any] = other.evaluate(KEPT)
    assert not any(words in kept["text"] for words in ("王叔叔", "妈妈", "陈奶奶", "豆豆"))
    for page in (one, other) if first == "one" else (other, one):
        sent(page)
    for page in (one, other):
        page.locator("[data-part=send]").click()
        expect(page.locator("[data-part=inside-count]")).to_contain_text("孩子 0 人")
    assert came(lesson) == {"豆豆": 1, "小雨": 1}
    left = Passage.objects.filter(way="out").select_related("resident", "fetcher")
    assert {row.resident.name: row.fetcher and row.fetcher.name for row in left} == {"豆豆": "陈奶奶", "小雨": "王叔叔"}
    assert not queries.inside(lesson).people


def test_who_is_there_on_trial_or_makes_a_lesson_up_is_called_so_without_network_too(page_of: PageOf) -> None:
    course = make.activity(mode=Mode.TERM, places=9, title="书法班", guest_seats=1, trials=True)
    lesson = make.date_of(course, days=0, hours=1)
    services.publish(activity=course, by=system())
    make.enroll(make.again(lesson), make.resident("陈桂芳"))
    services.try_lesson(lesson=make.again(lesson), resident=make.resident("李明"), by=system())
    page = opened(page_of("volunteer"), lesson)
    page.context.set_offline(True)
    page.reload()
    of_the_class, on_trial = page.locator("[data-part=rows] li").all_inner_texts()
    assert "试听" in on_trial
    assert "试听" not in of_the_class
