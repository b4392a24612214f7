"""What a phone finds: everything that is mine, of every topic, and nobody else's name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from weiyifang.activities import services as activities
from weiyifang.activities.tests import make as programme
from weiyifang.calendars.tests import make
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.tenancy import source_of
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Organization
from weiyifang.people import services as people
from weiyifang.people.models import RelationKind, Resident
from weiyifang.sharing import services as sharing
from weiyifang.sharing.models import Booking
from weiyifang.sharing.tests import make as rooms
from weiyifang.stage import services as stage
from weiyifang.stage.tests import make as shows
from weiyifang.talents import services as talents
from weiyifang.talents.tests import make as skilled
from weiyifang.timetable import diaries, ical
from weiyifang.volunteering import services as volunteering
from weiyifang.volunteering.services import Change
from weiyifang.volunteering.tests import make as helping

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
HIDDEN = ["送午饭", "花园路粮油店", "62800000", "来请人的", "给奶奶拍生日照", "悄悄排练", "靠窗"]


@pytest.fixture
def me(resident_of: Callable[[str], Resident]) -> Resident:
    return resident_of("resident")


@pytest.fixture
def address(cast: dict[str, Actor]) -> str:
    return make.link(cast["resident"])[1]


def in_every_topic(me: Resident, choir: Organization) -> None:
    """One thing of each kind, with words of others about it."""
    session = programme.session(days=2, title="剪纸课")
    activities.enroll(session=session, resident=me, note="靠窗", by=system())
    term = programme.session(days=3, title="书法班", mode="term")
    programme.date_of(term.activity, days=10)
    programme.enroll(term, me)
    programme.session(days=4, title="我教的课", instructor=me)
    helping.volunteer(of=me)
    helping.team()
    volunteering.assign(
        need=helping.shift(helping.team("夜巡队"), days=5).needs.get(), resident=me, sure=True, by=system()
    )
    rooms.book(rooms.resource(), days=6, resident=me, purpose="悄悄排练")
    skilled.accepted(skilled.talent(of=me), days=7)
    organizations.add_member(organization=choir, resident=me, by=system())
    stage.put_in(engagement=shows.agreed(choir, days=8), residents=[me], by=system())


def test_everything_that_is_mine_stands_in_it_and_nobody_elses_name(
    address: str, me: Resident, choir: Organization
) -> None:
    in_every_topic(me, choir)
    found = make.read(address)
    assert [one.title for one in found] == [
        *("剪纸课", "书法班", "我教的课", "夜巡队 · 送餐", "二楼手工教室", "以能人身份受邀"),
        *("演出 · 南湖合唱团", "书法班"),
    ]
    assert len({one.uid for one in found}) == len(found)
    own = "http://testserver/c/nanhu"
    assert [one.url for one in found] == [
        own + reverse(one.route, urlconf="config.community_urls", args=one.args)
        for one in diaries.of_people([me.pk], clock.now(), clock.now() + timedelta(days=99))
    ]
    text = Client().get(address).content.decode().replace("\r\n ", "")
    assert [word for word in [*HIDDEN, me.name] if word in text] == []
    assert [one.uid for one in make.read(address)] == [one.uid for one in found]


def test_what_is_moved_or_called_off_is_the_same_event_with_a_higher_sequence(address: str, me: Resident) -> None:
    session = programme.session(days=2)
    programme.enroll(session, me)
    booking = rooms.book(rooms.resource(), days=3, resident=me)
    helping.volunteer(of=me)
    shift = helping.shift(helping.team(), days=4)
    volunteering.assign(need=shift.needs.get(), resident=me, sure=True, by=system())
    before = make.read(address)
    later = timedelta(hours=1)
    activities.move_session(
        session=session, starts_at=session.starts_at + later, ends_at=session.ends_at + later, by=system()
    )
    sharing.move(
        booking=booking, starts_at=booking.starts_at + later, ends_at=booking.ends_at + later, pieces=1, by=system()
    )
    to = Change(
        what=shift.what,
        place="南门",
        note="",
        starts_at=shift.starts_at + later,
        ends_at=shift.ends_at + later,
        tasks={},
    )
    volunteering.change(shift=shift, to=to, by=system())
    moved = make.read(address)
    assert [one.uid for one in moved] == [one.uid for one in before]
    assert [one.sequence - old.sequence for one, old in zip(moved, before, strict=True)] == [1, 1, 1]
    assert [one.cancelled for one in moved] == [False, False, False]
    activities.cancel_session(session=programme.again(session), reason="停水", by=system())
    sharing.cancel(booking=Booking.objects.get(), reason="要刷墙", by=system())
    volunteering.call_off(shift=shift, reason="下大雨", by=system())
    off = make.read(address)
    assert [one.cancelled for one in off] == [True, True, True]
    assert [one.sequence - old.sequence for one, old in zip(off, before, strict=True)] == [2, 2, 2]


def test_what_one_gives_up_oneself_is_gone(address: str, me: Resident, cast: dict[str, Actor]) -> None:
    seat = programme.enroll(programme.session(days=2), me)
    booking = rooms.book(rooms.resource(), days=3, resident=me)
    skill = skilled.accepted(skilled.talent(of=me), days=4)
    assert len(make.read(address)) == 3
    activities.cancel_enrollment(enrollment=seat, by=cast["resident"])
    sharing.cancel(booking=booking, by=cast["resident"])
    assert skill.resident is not None
    talents.withdraw(request=skill, by=skilled.oneself(skill.resident))
    assert [one.cancelled for one in make.read(address)] == [True], "that was called off by others"


def test_those_one_acts_for_are_in_it_by_choice_and_without_their_names(
    cast: dict[str, Actor], address: str, me: Resident, resident_of: Callable[[str], Resident]
) -> None:
    child = programme.resident("小石头", born_on=clock.today() - timedelta(days=8 * 365))
    people.relate(resident=child, helper=me, kind=RelationKind.GUARDIAN, by=system())
    programme.enroll(programme.session(days=2, title="儿童画"), child)
    assert make.titles(address) == []
    _link, other = make.link(cast["leader"], with_others=True)
    assert make.titles(other) == []
    people.relate(
        resident=child,
        helper=resident_of("leader"),
        kind=RelationKind.GUARDIAN,
        by=system(),
    )
    (event,) = make.read(other)
    assert (event.title, event.description) == ("儿童画", "为您代办的家人报的")
    assert "小石头" not in Client().get(other).content.decode()


def test_an_organizations_calendar_holds_all_it_does(cast: dict[str, Actor], choir: Organization) -> None:
    of = source_of(choir)
    _link, address = make.link(cast["leader"], of=of)
    programme.session(days=2, title="合唱开放日", organizer=of)
    programme.activity(title="还没公布的", organizer=of)
    market = programme.session(days=3, title="公益集市", kind="market")
    stall, *_more = activities.set_up_stalls(session=market, count=2, by=system())
    activities.take_stall(stall=stall, organization=of, by=system())
    rooms.book(rooms.resource(), days=4, organization=of, purpose="悄悄排练")
    helping.shift(helping.team("暖声队", organizer=of), days=5)
    shows.agreed(choir, days=6)
    found = make.read(address)
    assert [one.title for one in found] == [
        *("合唱开放日", "1号摊位 · 公益集市", "二楼手工教室", "暖声队", "演出 · 南湖合唱团"),
    ]
    text = Client().get(address).content.decode().replace("\r\n ", "")
    assert [word for word in HIDDEN if word in text] == []


def test_more_dates_are_not_more_questions(address: str, me: Resident, choir: Organization) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as caught:
            make.read(address)
        return len(caught)

    in_every_topic(me, choir)
    questions()
    few = questions()
    room = rooms.resource("四楼活动室")
    for day in range(9, 15):
        rooms.book(room, days=day, resident=me)
        programme.enroll(programme.session(days=day), me)
        stage.put_in(engagement=shows.agreed(choir, days=day, at="19:00"), residents=[me], by=system())
    assert questions() == few


def test_everybody_subscribes_to_what_is_on_or_to_one_organizations(choir: Organization) -> None:
    def read(**wanted: Any) -> list[str]:
        answer = Client().get("/c/nanhu/activities/calendar.ics", wanted)
        assert answer.status_code == 200
        mark = {"If-None-Match": answer["ETag"]}
        assert Client().get("/c/nanhu/activities/calendar.ics", wanted, headers=mark).status_code == 304
        return sorted(one.title for one in ical.parse(answer.content).events)

    programme.session(title="合唱开放日", organizer=source_of(choir))
    programme.session(days=3, title="剪纸课")
    programme.date_of(programme.activity(title="还没公布的"))
    given_up = programme.activity(title="没公布就取消的")
    programme.date_of(given_up, days=4)
    activities.cancel(activity=given_up, reason="不办了", by=system())
    assert read() == ["剪纸课", "合唱开放日"]
    assert read(of=source_of(choir)) == ["合唱开放日"]
    assert read(of="什么都行") == []
    assert read(audience="x") == ["剪纸课", "合唱开放日"]
