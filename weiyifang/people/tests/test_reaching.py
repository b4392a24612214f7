"""Who was reached is asked of every topic's own rows."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from weiyifang.activities import services as activities
from weiyifang.activities.models import Attendance, Method
from weiyifang.activities.tests import make as activity
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.people import reaching
from weiyifang.people.models import Resident
from weiyifang.people.tests.make import a_resident
from weiyifang.sharing import services as sharing
from weiyifang.sharing.tests import make as things
from weiyifang.talents.tests import make as skilled
from weiyifang.volunteering import services as volunteering
from weiyifang.volunteering.tests import make as helping

pytestmark = pytest.mark.usefixtures("here")


def _today(code: str = "") -> dict[UUID, int]:
    way = next((one for one in reaching.ways() if one.code == code), None)
    return dict(reaching.times(clock.today() - timedelta(days=30), clock.today(), only=way))


def _came(one: Resident, days: int = 0) -> None:
    with clock.at(clock.now() + timedelta(days=days)):
        session = activity.session(days=0, hours=-1)
        activities.check_in(session=session, resident=one, method=Method.ROSTER, by=system())


def test_every_topic_that_reaches_people_is_asked() -> None:
    assert {way.code for way in reaching.ways()} == {"activities", "sharing", "talents", "volunteering"}


def test_who_came_twice_is_one_person_and_two_times() -> None:
    one, other = a_resident("来了两回的"), a_resident("没来的")
    _came(one)
    _came(one, days=-3)
    assert _today() == {one.pk: 2}
    first = clock.today() - timedelta(days=1)
    assert reaching.people_reached(first, clock.today()) == 1
    assert dict(reaching.times(first, clock.today())) == {one.pk: 1}, "what was before is not of this period"
    rows = Resident.objects.living_here()
    assert list(reaching.reached(rows, first, clock.today())) == [one]
    assert list(reaching.not_reached(rows, first, clock.today())) == [other]


def test_an_attendance_that_was_voided_has_reached_nobody() -> None:
    one = a_resident("记错的")
    _came(one)
    activities.void_attendance(attendance=Attendance.objects.get(), reason="记错了", by=system())
    assert _today() == {}


def test_who_borrowed_was_helped_or_helped_is_reached(cast: dict[str, Actor]) -> None:
    borrows, asks = a_resident("借东西的"), a_resident("请人帮忙的")
    with clock.at(clock.local(clock.today() - timedelta(days=3), "08:00")):
        booking = things.book(things.stock("折叠椅"), days=0, resident=borrows, by=skilled.oneself(borrows))
    assert _today("sharing") == {}, "booked is not borrowed"
    with clock.at(clock.local(clock.today() - timedelta(days=3), "12:00")):
        sharing.hand_over(booking=booking, by=system())
    assert _today("sharing") == {borrows.pk: 1}
    with clock.at(clock.now() - timedelta(days=9)):
        skilled.accepted(skilled.talent(), asks, days=3)
    assert _today("talents") == {asks.pk: 1}
    helps = helping.hours(helping.team("送餐队"))
    assert _today("volunteering") == {}, "nobody has approved it yet"
    volunteering.approve_hours(hours=[helps], by=cast["secretary"])
    assert _today("volunteering") == {helps.volunteer.resident_id: 1}
    assert len(_today()) == 3
