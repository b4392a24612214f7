"""The pages as people open them: a choir from booking its room to the split of what its show brought."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import source_of
from weiyifang.fund.models import Donation
from weiyifang.notices.models import Notice
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Organization
from weiyifang.people.models import Resident
from weiyifang.people.testing import ClientOf, CommunityClient
from weiyifang.reactions import verify as consequences
from weiyifang.sharing.tests import make as rooms
from weiyifang.stage import verify
from weiyifang.stage.models import Engagement, Offer, Performer, State
from weiyifang.stage.tests import make
from weiyifang.stage.tests.scenes import WANTED

pytestmark = pytest.mark.usefixtures("here", "open_fund")
HOME = "/c/nanhu/"
BENCH = f"{HOME}workbench/stage/"


def told(kind: str) -> int:
    return Notice.objects.filter(kind=kind).count()


def send(browser: CommunityClient, address: str, **said: Any) -> None:
    """A form is sent, and taken."""
    answer = browser.post(address, said)
    assert answer.status_code == 302, answer.content.decode()
    assert "login" not in answer.headers["Location"]


def test_a_choir_from_booking_its_room_to_the_split_of_what_its_show_brought(
    choir: Organization, cast: dict[str, Actor], client_of: ClientOf
) -> None:
    staff, leader, accountant, singer = (client_of(who) for who in ("staff", "leader", "accountant", "resident"))
    me = Resident.objects.get(pk=str(cast["resident"].resident_id))
    organizations.add_member(organization=choir, resident=me, by=cast["leader"])
    room, day = rooms.resource("五楼排练厅"), clock.today() + timedelta(days=4)
    whom = {"whom": source_of(choir), "purpose": "排练", "begins": "09:00", "ends": "11:00"}
    send(leader, f"{HOME}sharing/{room.number}/bookings/", **whom, day=str(day - timedelta(days=1)))
    send(staff, f"{BENCH}new/", **{**WANTED, "day": str(day)})
    show = Engagement.objects.get()
    send(staff, f"{BENCH}{show.number}/offers/", troupes=source_of(choir))
    offer = Offer.objects.get()
    assert told("troupe_asked") == 1
    page = leader.get(f"{BENCH}{show.number}/").content.decode()
    assert "花园路口" in page
    assert "花园路粮油店" not in page, "who wants it is the desk's, until the troupe plays"
    send(leader, f"{BENCH}offers/{offer.pk}/", amount="2,500.01", words="十二个人")
    assert told("troupe_answered") == 2  # staff and secretary
    refused = staff.post(f"{BENCH}offers/{offer.pk}/choice/", {"troupe": "30", "members": "22", "fund": "47.99"})
    assert refused.status_code == 422
    assert "99.99%" in refused.content.decode()
    send(staff, f"{BENCH}offers/{offer.pk}/choice/", troupe="30", members="22", fund="48")
    contract = leader.get(f"{BENCH}{show.number}/contract/").content.decode()
    assert all(words in contract for words in ("花园路粮油店", "2,500.01", "贰仟伍佰元零壹分", "草稿", "不盖章"))
    send(leader, f"{BENCH}{show.number}/people/", people=str(me.number))
    assert told("in_line_up") == 1
    assert "新店开张" in singer.get(f"{HOME}stage/mine/").content.decode()
    early = leader.post(f"{BENCH}{show.number}/held/")
    assert early.status_code == 409
    with clock.at(clock.local(day, "17:00")):  # days later they sign in again
        leader, accountant, singer = (client_of(who) for who in ("leader", "accountant", "resident"))
        send(leader, f"{BENCH}{show.number}/held/")
        send(accountant, f"{BENCH}{show.number}/income/", amount="2500.01", method="bank", received_on=str(day))
        mine = singer.get(f"{HOME}stage/mine/").content.decode()
        assert "550.00" in mine
        receipt = Donation.objects.get()
        assert (receipt.channel, receipt.amount_fen) == ("purchases", 120_001)
        assert told("show_paid") == told("show_paid_member") == 1
        public = client_of("visitor").get(f"{HOME}stage/?of={source_of(choir)}").content.decode()
        assert "新店开张" in public
        assert "粮油店" not in public
        assert "花园路口" not in public
        statement = leader.get(f"{BENCH}{show.number}/statement/").content.decode()
        assert all(fen in statement for fen in ("750.00", "550.00", "1,200.01"))
        assert [*verify.check(), *consequences.check()] == []


def test_a_list_is_searched_and_taken_along_without_names_and_phones(choir: Organization, client_of: ClientOf) -> None:
    make.paid(choir, title="重阳演出")
    make.request(title="新店开张")
    browser = client_of("staff")
    found = browser.get(BENCH, {"q": "重阳"}).content.decode()
    assert "重阳演出" in found
    assert "新店开张" not in found
    assert "重阳演出" in browser.get(BENCH, {"q": "合唱团", "state": "held"}).content.decode()
    assert "没有符合的演出" in browser.get(BENCH, {"q": "没有的"}).content.decode()
    answer = browser.get(BENCH, {"format": "csv"})
    lines = b"".join(answer).decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert "粮油店" not in str(lines)
    assert '"2,000.00"' in str(lines)
    assert "960.00" in str(lines)


def test_who_is_busy_is_named_and_cannot_be_chosen(choir: Organization, client_of: ClientOf) -> None:
    show, other = make.agreed(choir), make.agreed(choir, at="16:00")
    busy = make.member(choir, "忙着的")
    browser = client_of("leader")
    send(browser, f"{BENCH}{other.number}/people/", people=str(busy.number))
    page = browser.get(f"{BENCH}{show.number}/").content.decode()
    assert "忙着的" in page.split("那时有别的事")[1]
    refused = browser.post(f"{BENCH}{show.number}/people/", {"people": str(busy.number)})
    assert refused.status_code == 422
    assert Performer.objects.count() == 1


def test_a_show_without_a_line_up_is_refused_with_a_sentence(choir: Organization, client_of: ClientOf) -> None:
    show = make.played(choir, on=0)
    page = client_of("leader").get(f"{BENCH}{show.number}/").content.decode()
    assert "上场名单是空的" in page
    refused = client_of("leader").post(f"{BENCH}{show.number}/held/")
    assert "上场名单是空的" in refused.content.decode()
    assert Engagement.objects.get().state == State.AGREED
