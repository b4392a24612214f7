"""The pages of those who borrow and of those who lend, and what programs get."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from weiyifang.activities.tests import make as activities
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import source_of
from weiyifang.organizations.models import Organization
from weiyifang.people.models import Resident
from weiyifang.people.testing import ClientOf
from weiyifang.sharing.models import Booking, BookingState, Closure, Resource
from weiyifang.sharing.tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
LIST, BENCH, API = "/c/nanhu/sharing/", "/c/nanhu/workbench/sharing/", "/c/nanhu/api/sharing/"


def said(response: Any) -> str:
    return str(response.content.decode())


def form(**more: Any) -> dict[str, Any]:
    return {"whom": "me", "day": "2026-10-15", "begins": "14:00", "ends": "16:00", "purpose": "练歌", **more}


@pytest.fixture
def room() -> Resource:
    return make.resource()


def test_the_list_shows_what_is_free_at_a_time_one_says(client_of: ClientOf, room: Resource) -> None:
    make.resource("四楼活动室")
    make.book(room)
    browser = client_of("visitor")
    assert "二楼手工教室" in said(browser.get(LIST))
    assert "最近空闲：" in said(browser.get(LIST))
    free = said(browser.get(LIST, {"day": "2026-10-15", "begins": "15:00", "ends": "16:00"}))
    assert ("二楼手工教室" in free, "四楼活动室" in free) == (False, True)
    assert "day=2026-10-15&amp;begins=15%3A00" in free
    assert "四楼活动室" not in said(browser.get(LIST, {"q": "手工", "day": "昨天", "page": "x"}))


def test_the_week_names_organizations_and_nobody_else(
    client_of: ClientOf, room: Resource, choir: Organization, resident_of: Callable[[str], Resident]
) -> None:
    make.book(room, organization=source_of(choir), purpose="悄悄排练")
    make.book(room, days=2, resident=resident_of("resident"), purpose="生日")
    activities.session(days=3, title="还没公布的", place=room.name, books_place=True)
    for address in (f"{LIST}{room.number}/", f"{LIST}{room.number}/week/", f"{LIST}{room.number}/calendar.ics"):
        page = said(client_of("visitor").get(address))
        assert "南湖合唱团" in page
        for hidden in ("悄悄排练", "生日", resident_of("resident").name, "还没公布的"):
            assert hidden not in page


def test_who_finds_it_taken_is_led_to_what_is_free(client_of: ClientOf, room: Resource) -> None:
    other = make.resource("四楼活动室")
    make.book(room)
    browser = client_of("resident")
    refused = browser.post(f"{LIST}{room.number}/bookings/", form())
    assert refused.status_code == 422
    page = said(refused)
    assert f"{LIST}{other.number}/bookings/?day=2026-10-15&amp;begins=14%3A00&amp;ends=16%3A00" in page
    assert f"{LIST}{room.number}/bookings/?day=2026-10-15&amp;begins=16%3A00&amp;ends=18%3A00" in page
    assert "练歌" in page
    assert browser.post(f"{LIST}{other.number}/bookings/", form()).status_code == 302
    assert "四楼活动室" in said(browser.get(f"{LIST}bookings/"))


def test_a_series_that_does_not_fit_says_where_and_leaves_out_what_it_must(client_of: ClientOf, room: Resource) -> None:
    make.book(room, days=8)
    browser = client_of("resident")
    weekly = form(every_week_until="2026-11-05")
    refused = browser.post(f"{LIST}{room.number}/bookings/", weekly)
    assert refused.status_code == 422
    assert Booking.objects.count() == 1
    done = browser.post(f"{LIST}{room.number}/bookings/", weekly | {"skip_taken": "on"})
    assert done.status_code == 302
    assert Booking.objects.exclude(series=None).count() == 3
    first = Booking.objects.exclude(series=None).order_by("starts_at")[0]
    page = f"{LIST}bookings/{first.pk}/"
    assert said(browser.get(page)).count("10:00") == 0
    moved = {"day": "2026-10-16", "begins": "10:00", "ends": "11:00", "scope": "all"}
    assert browser.post(f"{page}time/", moved).status_code == 302
    assert browser.post(f"{page}cancellation/", {"scope": "following", "reason": ""}).status_code == 302
    assert not Booking.objects.live().exclude(series=None).exists()


def test_the_leader_asks_and_staff_says_yes(client_of: ClientOf, choir: Organization, cast: dict[str, Actor]) -> None:
    hall = make.resource("邻里大厅", needs_approval=True, borrowers="groups")
    leader, staff = client_of("leader"), client_of("staff")
    asked = leader.post(f"{LIST}{hall.number}/bookings/", form(whom=source_of(choir)))
    assert asked.status_code == 302
    booking = Booking.objects.get()
    bench = f"{BENCH}bookings/{booking.pk}/"
    assert "南湖合唱团" in said(staff.get(BENCH))
    assert staff.get(bench).status_code == 200
    assert staff.post(f"{bench}approval/").status_code == 302
    assert Booking.objects.get().state == BookingState.BOOKED
    assert client_of("volunteer").get(f"{LIST}bookings/{booking.pk}/").status_code == 404
    assert client_of("resident").get(f"{LIST}{hall.number}/").status_code == 200
    assert client_of("resident").post(f"{LIST}{hall.number}/bookings/", form()).status_code == 422


def test_a_closure_is_asked_about_when_somebody_has_it_then(client_of: ClientOf, room: Resource) -> None:
    booking, staff = make.book(room), client_of("staff")
    closed = {"first": "2026-10-15", "begins": "08:00", "last": "2026-10-15", "ends": "20:00", "reason": "刷墙"}
    asked = staff.post(f"{BENCH}{room.number}/closures/", closed)
    assert (asked.status_code, Closure.objects.exists()) == (200, False)
    assert staff.post(f"{BENCH}{room.number}/closures/", closed | {"sure": "1"}).status_code == 302
    booking.refresh_from_db()
    assert booking.state == BookingState.CANCELLED
    assert "刷墙" in said(client_of("visitor").get(f"{LIST}{room.number}/"))
    assert staff.post(f"{BENCH}closures/{Closure.objects.get().pk}/end/").status_code == 302


def test_staff_puts_a_thing_on_the_list_and_a_leader_only_their_own(client_of: ClientOf, choir: Organization) -> None:
    told = {
        "name": "大音箱",
        "kind": "equipment",
        "owner": "",
        "seats": 0,
        "pieces": 2,
        "weekdays": ["1", "2"],
        "opens": "09:00",
        "closes": "18:00",
        "buffer_before": 0,
        "buffer_after": 0,
        "borrowers": "groups",
    }
    assert client_of("staff").post(f"{BENCH}new/", told).status_code == 302
    made = Resource.objects.get(name="大音箱")
    assert (made.weekdays, made.pieces) == ("12", 2)
    assert client_of("leader").post(f"{BENCH}new/", told | {"name": "小音箱"}).status_code == 422
    own = told | {"name": "小音箱", "owner": source_of(choir)}
    assert client_of("leader").post(f"{BENCH}new/", own).status_code == 302
    assert client_of("leader").get(f"{BENCH}{made.number}/").status_code == 403
    assert "大音箱" not in said(client_of("leader").get(BENCH))


def test_lists_ask_the_same_with_one_row_and_with_three(
    client_of: ClientOf, room: Resource, django_assert_max_num_queries: Any
) -> None:
    browser = client_of("resident")
    browser.get(LIST)
    for name in ("教室甲", "教室乙"):
        make.resource(name)
    with django_assert_max_num_queries(14):
        browser.get(LIST)


def test_programs_book_and_give_up_by_the_same_rules(client_of: ClientOf, room: Resource) -> None:
    browser = client_of("resident")
    wanted = {"starts_at": "2026-10-15T14:00", "ends_at": "2026-10-15T16:00", "purpose": "练歌"}
    made = browser.post(f"{API}{room.number}/bookings", wanted, content_type="application/json")
    assert made.status_code == 201
    again = browser.post(f"{API}{room.number}/bookings", wanted, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "NotFree")
    assert [one["who"] for one in browser.get(f"{API}{room.number}/taken").json()] == [""]
    (mine,) = browser.get(f"{API}bookings").json()
    gone = browser.delete(f"{API}bookings/{mine['id']}", headers={"If-Match": f'"{mine["version"]}"'})
    assert gone.status_code == 204
    assert browser.get(f"{API}bookings").json() == []
