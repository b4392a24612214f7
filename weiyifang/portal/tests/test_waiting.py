"""The workbench's home: one list of what waits, over topics that know nothing of one another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from weiyifang.activities import services as activities
from weiyifang.activities.tests import make as activity
from weiyifang.banking.tests import make as bank
from weiyifang.core import clock, learned
from weiyifang.core.actors import Actor, system
from weiyifang.core.ids import new_id
from weiyifang.core.web import menu, waiting
from weiyifang.errands.models import Errand
from weiyifang.errands.models import State as ErrandState
from weiyifang.fund import services as fund
from weiyifang.fund.services import Change, Correction, Move, NewPurpose
from weiyifang.fund.tests import make as money
from weiyifang.grants import services as grants
from weiyifang.grants.tests import make as granted
from weiyifang.news import services as news
from weiyifang.news.tests import make as paper
from weiyifang.notices import services as notices
from weiyifang.notices.tests import make as letters
from weiyifang.organizations import services as organizations
from weiyifang.organizations.tests import make as organization
from weiyifang.outreach.tests import make as going
from weiyifang.people import services as people
from weiyifang.people.actors import actor_for
from weiyifang.people.models import Account, ErasureReason, Resident
from weiyifang.people.roles import Permission
from weiyifang.people.testing import ClientOf
from weiyifang.sharing import services as sharing
from weiyifang.sharing.tests import make as lent
from weiyifang.stage import services as stage
from weiyifang.stage.tests import make as shows
from weiyifang.talents.tests import make as skilled
from weiyifang.volunteering import services as volunteering
from weiyifang.volunteering.tests import make as helper
from weiyifang.wechat_pay import services as wechat_pay
from weiyifang.wechat_pay.merchant import store as wechat_store
from weiyifang.wechat_pay.models import Order, Refund, Step, Trouble
from weiyifang.wechat_pay.tests import make as wechat

pytestmark = pytest.mark.usefixtures("here")
BENCH = "/c/nanhu/workbench/"
ROLES = ("volunteer", "leader", "staff", "accountant", "supervisor", "street_officer", "secretary")
PLACES = {entry.route for _label, entries in menu.workbench() for entry in entries}


@pytest.fixture(autouse=True)
def _composed_anew() -> None:
    """What a process has learned is forgotten, so that a test sees what is asked."""
    learned._learned.clear()


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    """At night nobody is asked to telephone, and no class of today is to come."""
    with clock.at(clock.local(clock.today(), "12:00")):
        yield


def _grants(cast: dict[str, Actor]) -> None:
    """Runs of grants: to confirm, sent back, with an appeal, with a corrected amount, to be paid out."""
    chess, tai = granted.organizations(("等答复的棋社", "等更正的太极队"))
    table = granted.table([["等答复的棋社", "70"], ["等更正的太极队", "70"]])
    granted.handed_in(cast, table, 2021)
    grants.send_back(run=granted.handed_in(cast, table, 2022), reason="少一家", by=cast["secretary"])
    run = granted.published(cast, table, 2023)
    grants.appeal(grant=granted.of(run, chess), words="漏了", by=granted.leads(cast, chess))
    wrong = grants.appeal(grant=granted.of(run, tai), words="加错了", by=granted.leads(cast, tai))
    grants.answer_appeal(appeal=wrong, answer="更正", tenths=900, grade="", by=cast["secretary"])
    with clock.at(clock.now() - timedelta(days=10)):
        granted.published(cast, table, 2024)


@pytest.fixture
def work(cast: dict[str, Actor]) -> dict[str, Actor]:
    """One thing of each kind waits for somebody."""
    staff, secretary, accountant = cast["staff"], cast["secretary"], cast["accountant"]
    fund.open_fund(by=system())
    with clock.at(clock.now() - timedelta(days=70)):
        money.gift(accountant, 1_000_000)
    money.request(staff, title="等审的")
    fund.approve_payment(request=money.request(staff, title="等付的"), by=secretary)
    fund.send_back_payment(request=money.request(staff, title="退回的"), reason="少一张票", by=secretary)
    money.request(staff, 300_000, title="等核对的")
    fund.check_payment(request=money.request(staff, 1_000_000, title="等表决的"), by=accountant)
    money.paid(cast, category="relief", urgent=True, title="等复核的")
    done = money.paid(cast)
    back = Correction(kind="refund", amount_fen=5_000, happened_on=clock.today(), reason="退了一袋米")
    fund.ask_correction(payment=done, wanted=back, by=accountant)
    cash = Move(from_method="bank", to_method="cash", amount_fen=10_000, happened_on=clock.today())
    fund.ask_move(wanted=cash, by=accountant)
    with clock.at(clock.now() - timedelta(days=3)):
        over = NewPurpose(name="到期的用途", words="试一试", since=clock.today(), until=clock.today())
        free = fund.open_purpose(wanted=over, by=secretary)
    other = Change(
        why="between",
        from_pool="general",
        to_pool=free.code,
        amount_fen=100,
        happened_on=clock.today(),
        reason="换个用途",
    )
    fund.ask_change(wanted=other, by=accountant)
    fund.ask_budget(
        year=clock.today().year,
        lines={("general", "meals"): 100},
        paper="管委会纪要",
        happened_on=clock.today(),
        by=accountant,
    )
    bank.statement(accountant)
    given = [wechat.paid(cast["resident"], wechat_store()) for _ in range(2)]
    for row in given:
        wechat_pay.ask_refund(order=row, reason="多付了", by=accountant)
    Refund.objects.filter(order=given[0]).update(
        step=Step.BOOKED, decided_by=secretary.account_id, trouble="NOT_ENOUGH"
    )
    Order.objects.filter(pk=wechat.order(cast["resident"]).pk).update(trouble=Trouble.AMOUNT)
    _grants(cast)
    news.submit(article=paper.draft(by=staff, title="等审的稿"), by=staff)
    returned = news.submit(article=paper.draft(by=staff, title="退回的稿"), by=staff)
    news.send_back(article=returned, reason="少一张图", by=secretary)
    asks = cast["resident"]
    assert asks.resident_id is not None
    me = Resident.objects.get(pk=asks.resident_id)
    organizations.ask_to_join(organization=organization.in_status("filed"), resident=me, by=asks)
    organization.application("新来的队")
    people.ask_erasure_of(resident=letters.resident("要删的"), reason=ErasureReason.DIED, by=staff)
    for name in ("要打电话的", "也要打电话的"):
        letters.told(letters.resident(name, phone="13800138009"))
    letters.told(letters.resident("要上门的", phone=""))
    notices.route_new()
    activity.session(days=0, hours=1, title="今天的课")
    activities.object_to_absence(enrollment=activity.missed(asks), said="那天病了", by=asks)
    activity.left_behind()
    in_ten_days = clock.today() + timedelta(days=10)
    volunteering.note_certificate(volunteer=helper.volunteer(), kind="health", valid_until=in_ten_days, by=system())
    helper.shift(helper.team(), days=2)
    helper.help_for(helper.resident("要人帮忙的"))
    helper.hours(helper.team("等认可的队"))
    troupe, led = organization.in_status("filed", "等演出的队"), min(cast["leader"].scopes(Permission.KEEP_SHOWS) or ())
    stage.ask(engagement=shows.offer(troupe).engagement, troupes=[led], by=system())
    shows.played(troupe)
    shows.held(troupe, days=2)
    lent.book(lent.resource("要同意的", needs_approval=True), resident=me, by=asks)
    with clock.at(clock.local(clock.today() - timedelta(days=1), "12:00")):
        sharing.hand_over(booking=lent.book(lent.stock("没还的"), days=0, resident=me, by=asks), by=system())
    with clock.at(clock.now() - timedelta(days=9)):
        skilled.request(skilled.talent("没回话的"))
        in_a_week = clock.today() + timedelta(days=7)
        hall = lent.resource("要分时段的")
        round_ = lent.round_(
            hall,
            first_day=in_a_week + timedelta(days=9),
            last_day=in_a_week + timedelta(days=60),
            closes_at=clock.local(in_a_week, "00:00"),
        )
        lent.apply(round_, led, lent.wish(hall))
    with clock.at(clock.now() - timedelta(hours=1)):
        Errand.objects.create(
            kind="residents_export",
            key="k",
            language="zh-hans",
            asked_by_id=staff.account_id,
            state=ErrandState.RUNNING,
        )
    going.resident("没人去过的", at=going.door("1"))
    going.contact(going.resident("搬走的", at=going.door("2")), "moved")
    looks_after = Account.objects.get(username="accountant")
    going.worker(going.grid("一网格", buildings="1"), looks_after)
    return {**cast, "accountant": actor_for(looks_after)}


def rows_of(page: Any) -> list[str]:
    """What waits, as a page lists it."""
    return re.findall(r'class="title" href="([^"]+)"', page.content.decode())


def counted(who: Actor) -> dict[str, int]:
    return waiting.counts(who)


def test_every_kind_has_somebody_it_waits_for(work: dict[str, Actor]) -> None:
    there = {code for who in ROLES for code in counted(work[who])}
    assert there == set(waiting.kinds()), "the scene lacks one, or nobody is asked about it"


@pytest.mark.parametrize("who", ROLES)
def test_whose_duty_a_kind_is_their_rights_alone_say(work: dict[str, Actor], who: str) -> None:
    actor = work[who]
    assert waiting.of(actor) == waiting.of(
        Actor(community_id=actor.community_id, roles=actor.roles, rights=actor.rights)
    )


@pytest.mark.parametrize("who", ROLES)
def test_what_is_counted_is_what_is_listed_and_opens(work: dict[str, Actor], client_of: ClientOf, who: str) -> None:
    actor, browser = work[who], client_of(who)
    found = counted(actor)
    listed = waiting.lines(actor, found)
    for code, n in found.items():
        of_kind = waiting.lines(actor, found, waiting.kinds()[code])
        assert sum(line.many for line in of_kind[:100]) == n
        page = browser.get(f"{BENCH}waiting/?of={code}")
        links = rows_of(page)
        assert links
        assert [browser.get(link).status_code for link in links] == [200] * len(links)
    assert [line.due for line in listed[:100]] == sorted(line.due for line in listed[:100])


def test_a_list_and_its_number_are_one_question_each(work: dict[str, Actor]) -> None:
    actor = work["secretary"]
    waiting.ANSWERS.on(clock.today())  # remembered from here on
    with CaptureQueriesContext(connection) as asked:
        found = counted(actor)
    assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        assert len(waiting.lines(actor, found)[:8]) > 5
    assert len(asked) == 1


@pytest.mark.parametrize("who", ROLES)
def test_what_a_process_has_learned_to_ask_gives_what_is_asked_anew(work: dict[str, Actor], who: str) -> None:
    """In the morning and at night, to whoever has the same duties, also when days have passed."""
    actor, day = work[who], clock.today()
    another = replace(actor, account_id=new_id(), name="别人")
    times = [clock.local(day, "00:00:01"), clock.now(), clock.local(day, "23:59"), clock.now() + timedelta(days=40)]
    for one in (actor, another):
        for moment in times:
            with clock.at(moment):
                learned._learned.clear()
                anew = counted(one), list(waiting.lines(one, counted(one))[:100])
                assert None not in learned._learned.values(), "a kind depends on what is not learned"
                assert (counted(one), list(waiting.lines(one, counted(one))[:100])) == anew
        learned._learned.clear()
        for moment in times:  # what one was told is not told the next, nor at another time
            with clock.at(moment):
                told = counted(actor), counted(another)
                learned._learned.clear()
                assert (counted(actor), counted(another)) == told


def test_only_duties_the_reader_has_are_asked_about(work: dict[str, Actor]) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert set(counted(work["volunteer"])) == {
            "activities.door",
            "activities.inside",
            "notices.phone",
            "notices.door",
        }
    assert "fund_" not in asked[0]["sql"]
    assert counted(work["resident"]) == {}
    assert set(counted(work["supervisor"])) == {
        "errands.still",
        "fund.review",
        "fund.watch",
    }, "who watches over the work has little of their own"


def test_what_waits_is_not_for_who_asked_for_it(work: dict[str, Actor]) -> None:
    assert "fund.approve" not in counted(work["staff"])
    assert "fund.came_back" not in counted(work["secretary"])
    assert "news.review" not in counted(work["staff"])
    assert counted(work["staff"])["news.sent_back"] == 1
    assert "people.erasure" not in counted(work["staff"])
    assert counted(work["secretary"])["people.erasure"] == 1


@pytest.mark.parametrize("who", ROLES)
def test_the_rail_counts_what_the_list_counts(work: dict[str, Actor], client_of: ClientOf, who: str) -> None:
    page = client_of(who).get(f"{BENCH}all/").content.decode()
    cells = re.findall(r'<b>([^<]+)</b>(?:(?!</li>).)*?<span\s+class="badge wait">(\d+)</span>', page, re.DOTALL)
    at = {label: int(n) for label, n in cells}
    total = at.pop("待办", None)
    assert sum(at.values()) == sum(counted(work[who]).values())
    assert total in {None, sum(at.values())}


def test_every_kind_is_counted_at_a_place_on_the_map() -> None:
    assert {wait.place for wait in waiting.kinds().values()} <= PLACES


@pytest.mark.parametrize("who", ["volunteer", "leader", "staff", "accountant", "secretary"])
def test_nobody_lands_on_an_empty_page_when_something_waits(
    work: dict[str, Actor], client_of: ClientOf, who: str
) -> None:
    page = client_of(who).get(BENCH)
    assert bool(rows_of(page)) == bool(counted(work[who]))
    assert ("没有等您办的事" in page.content.decode()) == (not counted(work[who]))


def test_what_is_over_is_late_and_what_is_next_says_when(cast: dict[str, Actor], client_of: ClientOf) -> None:
    with clock.at(clock.now() - timedelta(days=5)):
        money.request(cast["staff"], title="拖着的")
    money.request(cast["staff"], title="刚交的")
    first, second = waiting.lines(cast["secretary"], counted(cast["secretary"]))[:2]
    assert (first.title, first.is_late, second.title, second.is_late) == ("拖着的", True, "刚交的", False)
    page = client_of("secretary").get(BENCH).content.decode()
    assert page.index("拖着的") < page.index("刚交的")
    assert "等了 5 天" in page


def test_a_list_longer_than_a_page_has_pages(cast: dict[str, Actor], client_of: ClientOf) -> None:
    for number in range(23):
        money.request(cast["staff"], title=f"第{number}笔")
    browser = client_of("secretary")
    assert "第 1 页" in browser.get(f"{BENCH}waiting/").content.decode()
    last: Any = browser.get(f"{BENCH}waiting/?page=2").context["page"]
    assert len(last.object_list) == 3
    assert len(rows_of(browser.get(BENCH))) == 8


def test_a_month_waits_to_be_sealed_from_the_day_after_it(cast: dict[str, Actor]) -> None:
    fund.open_fund(by=system())
    with clock.at(clock.local(date(2026, 3, 20), "10:00")):
        money.gift(cast["accountant"])
        assert "fund.seal" not in counted(cast["accountant"])
    with clock.at(clock.local(date(2026, 4, 1), "00:10")):
        found = counted(cast["accountant"])
        (line,) = waiting.lines(cast["accountant"], found)[:5]
        assert line.since == clock.local(date(2026, 4, 1), "00:00")
        fund.close_month(month=date(2026, 3, 1), by=cast["accountant"])
        assert "fund.seal" not in counted(cast["accountant"])
    with clock.at(clock.local(date(2026, 5, 3), "10:00")):
        assert counted(cast["accountant"])["fund.seal"] == 1
