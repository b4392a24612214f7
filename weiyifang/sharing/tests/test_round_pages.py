"""The pages of a season: from its opening to what everybody reads."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from weiyifang.core import clock
from weiyifang.people.testing import ClientOf
from weiyifang.sharing import slots
from weiyifang.sharing.models import Application, Booking, Resource, Round, Slot
from weiyifang.sharing.tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
PAGE, BENCH = "/c/nanhu/sharing/rounds/", "/c/nanhu/workbench/sharing/rounds/"


@pytest.fixture
def room() -> Resource:
    return make.resource()


def said(response: Any) -> str:
    return str(response.content.decode())


def typed(of: Resource, source: str, **more: Any) -> dict[str, Any]:
    return {
        "organization": source,
        "purpose": "练歌",
        "slots": 1,
        "thing_1": of.number,
        "weekday_1": 2,
        "begins_1": "14:00",
        "ends_1": "16:00",
        **more,
    }


def test_a_season_from_its_opening_to_what_everybody_reads(client_of: ClientOf, room: Resource, leader_of: str) -> None:
    staff, leader, visitor = client_of("staff"), client_of("leader"), client_of("visitor")
    opened = {"title": "十一月", "first_day": "2026-11-02", "last_day": "2026-11-29", "closes_on": "2026-10-20"}
    assert staff.post(f"{BENCH}new/", opened).status_code == 422
    assert staff.post(f"{BENCH}new/", opened | {"resources": [room.number]}).status_code == 302
    address = f"{PAGE}{Round.objects.get().number}/"
    bench = f"{BENCH}{Round.objects.get().number}/"
    assert "十一月" in said(visitor.get(PAGE))
    assert "替您的组织申请" in said(leader.get(address))
    assert leader.post(f"{address}application/", typed(room, leader_of, ends_1="13:00")).status_code == 422
    assert leader.post(f"{address}application/", typed(room, leader_of)).status_code == 302
    assert "每周二 14:00–16:00" in said(leader.get(address))
    assert "每周二 14:00–16:00" not in said(visitor.get(address)), "wishes are public when the slots are shared out"
    assert visitor.get(f"{address}slots.json").status_code == 404
    changed = leader.post(f"{address}application/", typed(room, leader_of, weekday_1=5))
    assert (changed.status_code, Application.objects.get().ticket) == (302, 1)
    with clock.at(clock.local(make.CLOSED, "09:00")):
        staff = client_of("staff")
        assert "南湖合唱团" in said(staff.get(bench))
        assert staff.post(f"{bench}sharing-out/").status_code == 302
        slot = Slot.objects.get()
        assert staff.post(f"{BENCH}slots/{slot.pk}/objection/", {"reason": "那天要选举"}).status_code == 302
        assert "那天要选举" in said(visitor.get(address))
        assert staff.post(f"{BENCH}slots/{slot.pk}/objection/", {"end": "1"}).status_code == 302
        assert staff.post(f"{bench}bookings/").status_code == 302
        page = said(visitor.get(address))
        assert "南湖合唱团" in page
        assert "4 次" in page
        assert slots.faults(slots.read(said(visitor.get(f"{address}slots.json")))) == []


def test_the_bench_names_what_was_taken_meanwhile(client_of: ClientOf, room: Resource, leader_of: str) -> None:
    round_ = make.round_(room)
    make.apply(round_, leader_of, make.wish(room))
    make.shared_out(round_)
    make.book(room, days=(date(2026, 11, 10) - clock.today()).days)
    bench = f"{BENCH}{round_.number}/"
    with clock.at(clock.local(make.CLOSED, "10:00")):
        staff = client_of("staff")
        refused = staff.post(f"{bench}bookings/")
        assert (refused.status_code, "11月10日" in said(refused)) == (409, True)
        assert staff.post(f"{bench}bookings/", {"rest": "1"}).status_code == 302
        assert staff.post(f"{bench}end/", {"reason": "算了"}).status_code == 422
    assert Booking.objects.filter(organization=leader_of).count() == 3
