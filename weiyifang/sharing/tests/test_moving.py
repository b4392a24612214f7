"""A booking moves to another room or time, and is kept where it is until the other can be had."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.concurrency import at_once
from weiyifang.communities.models import Community
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import NotAllowed
from weiyifang.people.models import Resident
from weiyifang.people.testing import ClientOf
from weiyifang.sharing import queries, services
from weiyifang.sharing.models import Booking, BookingState, Resource
from weiyifang.sharing.services import Scope
from weiyifang.sharing.tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("promises")]
PAGE, API = "/c/nanhu/sharing/bookings/", "/c/nanhu/api/sharing/bookings"


@pytest.fixture
def rooms(here: Community) -> tuple[Resource, Resource]:
    return make.resource(), make.resource("四楼活动室", seats=25)


def moved(booking: Booking, **more: Any) -> list[Booking]:
    told = {
        "starts_at": booking.starts_at,
        "ends_at": booking.ends_at,
        "pieces": booking.pieces,
        "by": system(),
        **more,
    }
    return services.move(booking=Booking.objects.select_related("resource").get(pk=booking.pk), **told)


def series(room: Resource, weeks: int = 3, **more: Any) -> list[Booking]:
    times = [(make.at(1 + 7 * week), make.at(1 + 7 * week, 16)) for week in range(weeks)]
    return services.book_series(resource=room, times=times, purpose="排练", by=system(), **more).booked


def rooms_of(rows: list[Booking]) -> list[str]:
    found = Booking.objects.filter(pk__in=[row.pk for row in rows]).order_by("starts_at").select_related("resource")
    return [row.resource.name for row in found]


def test_it_moves_to_another_room_and_the_first_is_free_again(rooms: tuple[Resource, Resource]) -> None:
    room, other = rooms
    booking = make.book(room)
    assert rooms_of(moved(booking, resource=other)) == ["四楼活动室"]
    make.book(room)
    with pytest.raises(services.NotFree):
        make.book(other)


def test_it_is_kept_where_it_is_when_the_other_cannot_be_had(rooms: tuple[Resource, Resource]) -> None:
    room, other = rooms
    booking = make.book(room)
    make.book(other, hour=15)
    with pytest.raises(services.NotFree) as refused:
        moved(booking, resource=other)
    assert (make.at(1, 17), make.at(1, 19)) in refused.value.times
    with pytest.raises(services.NotFree):
        make.book(room)


def test_of_a_series_this_the_following_or_all_move_or_none(rooms: tuple[Resource, Resource]) -> None:
    room, other = rooms
    first, second, third = series(room)
    moved(second, resource=other, scope=Scope.FOLLOWING)
    assert rooms_of([first, second, third]) == ["二楼手工教室", "四楼活动室", "四楼活动室"]
    make.book(room, days=15)
    with pytest.raises(services.NotFree):
        moved(second, resource=room, scope=Scope.FOLLOWING)
    assert rooms_of([first, second, third]) == ["二楼手工教室", "四楼活动室", "四楼活动室"]
    moved(second, resource=room)
    later = [make.at(8, 16), make.at(8, 18)]
    assert [row.pk for row in moved(second, starts_at=later[0], ends_at=later[1], scope=Scope.ALL)] == [
        first.pk,
        second.pk,
    ], "what went elsewhere goes its own way"


def test_where_somebody_has_to_say_yes_it_does_not_move_by_itself(
    rooms: tuple[Resource, Resource], cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    room, other = rooms
    hall = make.resource("邻里大厅", needs_approval=True)
    me, by = resident_of("resident"), cast["resident"]
    booking = make.book(room, resident=me, by=by)
    with pytest.raises(services.AsksAnew):
        moved(booking, resource=hall, by=by)
    asked = make.book(hall, resident=me, by=by)
    moved(asked, resource=other, by=by)
    asked.refresh_from_db()
    assert asked.state == BookingState.ASKED
    services.approve(booking=asked, by=system())


def test_nobody_moves_into_what_is_not_lent_to_them(
    rooms: tuple[Resource, Resource], cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    booking = make.book(rooms[0], resident=resident_of("resident"), by=cast["resident"])
    with pytest.raises(NotAllowed):
        moved(booking, resource=make.resource("书画室", borrowers="groups"), by=cast["resident"])
    services.retire(resource=rooms[1], by=system())
    with pytest.raises(services.Gone):
        moved(booking, resource=rooms[1], by=cast["resident"])


@pytest.mark.django_db(transaction=True)
def test_two_who_change_places_at_once_both_keep_a_place() -> None:
    room, other = make.resource(), make.resource("四楼活动室")
    mine, theirs = make.book(room), make.book(other)
    got = at_once(partial(moved, mine, resource=other), partial(moved, theirs, resource=room))
    assert {type(one) for one in got} == {services.NotFree}
    assert rooms_of([mine, theirs]) == ["二楼手工教室", "四楼活动室"] or rooms_of([theirs, mine])


def test_the_page_offers_other_rooms_and_takes_one(
    client_of: ClientOf,
    rooms: tuple[Resource, Resource],
    resident_of: Callable[[str], Resident],
    cast: dict[str, Actor],
) -> None:
    room, other = rooms
    third = make.resource("小会议室")
    booking = make.book(room, resident=resident_of("resident"), by=cast["resident"])
    make.book(other)
    browser, address = client_of("resident"), f"{PAGE}{booking.pk}/time/"
    typed = {"thing": other.number, "day": "2026-10-15", "begins": "14:00", "ends": "16:00", "scope": "this"}
    refused = browser.post(address, typed)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert f"thing={third.number}" in page
    assert f"thing={other.number}" in page, "the same room at another time"
    assert f'value="{third.number}" selected' in browser.get(f"{address}?thing={third.number}").content.decode()
    assert browser.post(address, typed | {"thing": third.number}).status_code == 302
    booking.refresh_from_db()
    assert booking.resource_id == third.pk


def test_programs_move_a_booking_by_the_same_rules(
    client_of: ClientOf,
    rooms: tuple[Resource, Resource],
    resident_of: Callable[[str], Resident],
    cast: dict[str, Actor],
) -> None:
    room, other = rooms
    booking = make.book(room, resident=resident_of("resident"), by=cast["resident"])
    browser = client_of("resident")
    to = {"starts_at": "2026-10-16T10:00", "ends_at": "2026-10-16T11:00", "thing": other.number}
    answer = browser.post(f"{API}/{booking.pk}/time", to, content_type="application/json")
    assert [(one["thing"], one["starts_at"]) for one in answer.json()] == [(other.number, "2026-10-16T02:00:00Z")]
    seen = {"If-Match": f'"{answer.json()[0]["version"]}"'}
    again = browser.post(f"{API}/{booking.pk}/time", to, content_type="application/json", headers=seen)
    assert (again.status_code, again.json()) == (200, [])


def test_what_moved_away_while_a_closure_looked_is_not_called_off(
    rooms: tuple[Resource, Resource], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands in the way is looked at once more when the things are held."""
    room, other = rooms
    booking = make.book(room)
    looks = queries.in_its_way

    def look_and_let_it_go(*of: Any) -> list[Booking]:
        monkeypatch.setattr(queries, "in_its_way", looks)
        found = looks(*of)
        moved(booking, resource=other)
        return found

    monkeypatch.setattr(queries, "in_its_way", look_and_let_it_go)
    services.close(resource=room, starts_at=make.at(1, 8), ends_at=make.at(1, 20), reason="刷墙", by=system())
    booking.refresh_from_db()
    assert (booking.state, booking.resource_id) == (BookingState.BOOKED, other.pk)
