"""What went out comes back, whole or with what is missing; and who should bring it back hears of it once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from weiyifang.core import clock, states
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.tenancy import source_of
from weiyifang.files import demo as files
from weiyifang.files import owners
from weiyifang.notices.models import Notice
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Organization
from weiyifang.people.testing import ClientOf
from weiyifang.sharing import queries, services, tasks, verify
from weiyifang.sharing.models import Booking, BookingState, Handover, Resource
from weiyifang.sharing.tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("promises")]


@pytest.fixture
def chairs() -> Resource:
    return make.stock(pieces=20)


def lent(chairs: Resource, pieces: int = 12) -> Booking:
    booking = make.book(chairs, days=0, pieces=pieces)
    services.hand_over(booking=booking, pieces=pieces, by=system())
    return booking


def again(booking: Booking) -> Booking:
    return Booking.objects.get(pk=booking.pk)


def test_fewer_pieces_than_went_out_are_refused_or_noted_as_missing(chairs: Resource) -> None:
    booking = lent(chairs)
    with pytest.raises(services.DoesNotAddUp) as refused:
        services.take_back(booking=booking, pieces=10, by=system())
    assert "12" in str(refused.value)
    assert again(booking).state == BookingState.OUT
    services.take_back(booking=booking, pieces=10, missing=2, condition="worn", by=system())
    chairs.refresh_from_db()
    assert (again(booking).state, chairs.missing, chairs.there) == (BookingState.BACK, 2, 18)
    with pytest.raises(services.TooFewPieces):
        make.book(chairs, pieces=19)
    with pytest.raises(services.StillMissing):
        services.edit(resource=chairs, pieces=1, by=system())
    with pytest.raises(services.NotSoManyMissing):
        services.note_found(resource=chairs, pieces=3, by=system())
    services.note_found(resource=chairs, pieces=2, by=system())
    make.book(chairs, pieces=20)


def test_it_goes_out_on_its_day_once_and_not_more_of_it_than_was_booked(chairs: Resource) -> None:
    later = make.book(chairs, pieces=3)
    with pytest.raises(services.NotItsDay):
        services.hand_over(booking=later, pieces=3, by=system())
    with clock.at(make.at(1, 9)):
        with pytest.raises(services.MoreThanBooked):
            services.hand_over(booking=later, pieces=4, by=system())
        services.hand_over(booking=later, pieces=2, by=system())
        with pytest.raises(states.ForbiddenMove):
            services.hand_over(booking=later, pieces=2, by=system())
        with pytest.raises(states.ForbiddenMove):
            services.cancel(booking=later, by=system())
        with pytest.raises(NotAllowed):
            services.take_back(booking=later, pieces=2, by=Actor(community_id=later.community_id))


def test_what_is_back_early_can_be_had_by_others(chairs: Resource) -> None:
    booking = lent(chairs, 20)
    with pytest.raises(services.TooFewPieces):
        make.book(chairs, days=0, pieces=1)
    services.take_back(booking=booking, pieces=20, by=system())
    make.book(chairs, days=0, pieces=20)


def test_what_should_be_back_is_told_once(chairs: Resource, choir: Organization, cast: dict[str, Actor]) -> None:
    booking = make.book(chairs, days=0, organization=source_of(choir), by=cast["leader"])
    services.hand_over(booking=booking, by=cast["staff"])
    with clock.at(booking.ends_at + queries.GRACE + timedelta(minutes=1)):
        assert queries.homes_with_overdue() == [booking.community_id]
        tasks.tell_overdue()
        tasks.tell_overdue()
        told = Notice.objects.filter(about=source_of(booking), kind="booking_overdue")
        assert [one.resident_id for one in told] == [choir.leader_id]
        services.take_back(booking=again(booking), by=cast["staff"])


def test_an_organization_that_ends_keeps_what_it_has_in_hands(chairs: Resource, choir: Organization) -> None:
    booking = make.book(chairs, days=0, organization=source_of(choir))
    services.hand_over(booking=booking, by=system())
    organizations.dissolve(organization=choir, reason="散了", by=system())
    services.take_back(booking=booking, by=system())


def test_a_picture_of_it_is_seen_by_both_sides_and_nobody_else(chairs: Resource, cast: dict[str, Actor]) -> None:
    booking = make.book(chairs, days=0, by=system())
    made = services.hand_over(booking=booking, pictures=files.wanted("table"), by=cast["staff"])
    assert len(made.pictures.shown) == 1
    assert owners.may_see(source_of(made), cast["staff"])
    assert not owners.may_see(source_of(made), cast["volunteer"])


def test_the_desk_hands_over_takes_back_and_counts(client_of: ClientOf, chairs: Resource, choir: Organization) -> None:
    staff, bench = client_of("staff"), "/c/nanhu/workbench/sharing/"
    booking = make.book(chairs, days=0, pieces=12, organization=source_of(choir))
    page = f"{bench}bookings/{booking.pk}/"
    assert "折叠椅" in staff.get(bench).content.decode()
    assert staff.post(f"{page}handover/", {"pieces": 12, "condition": "good"}).status_code == 302
    wrong = staff.post(f"{page}return/", {"pieces": 10, "missing": 0, "condition": "good"})
    assert wrong.status_code == 422
    done = staff.post(f"{page}return/", {"pieces": 10, "missing": 2, "condition": "broken", "note": "断了一条腿"})
    assert done.status_code == 302
    assert "断了一条腿" in staff.get(page).content.decode()
    assert staff.post(f"{bench}{chairs.number}/found/", {"pieces": 2}).status_code == 302
    room = make.resource("书画室")
    make.book(room, days=0, hours=3, organization=source_of(choir))
    figures = staff.get(f"{bench}usage/").content.decode()
    assert "南湖合唱团" in figures
    csv = staff.get(f"{bench}usage/", {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert csv[1].endswith("南湖合唱团,1,3,1")


def test_programs_hand_over_and_take_back_by_the_same_rules(
    client_of: ClientOf, chairs: Resource, choir: Organization
) -> None:
    booking, root = make.book(chairs, days=0, pieces=12, organization=source_of(choir)), "/c/nanhu/api/sharing/"
    staff = client_of("staff")

    def send(verb: str, version: str, **body: object) -> Any:
        address = f"{root}bookings/{booking.pk}/{verb}"
        return staff.post(address, body, content_type="application/json", headers={"If-Match": f'"{version}"'})

    (waits,) = staff.get(f"{root}lending").json()
    assert send("handover", waits["version"], pieces=13).json()["code"] == "MoreThanBooked"
    gone = send("handover", waits["version"], pieces=12, note="三楼的")
    assert (gone.status_code, gone.json()["state"], gone.json()["note"]) == (201, "out", "三楼的")
    assert send("return", waits["version"], pieces=12).status_code == 412, "it is out by now"
    (out,) = staff.get(f"{root}lending").json()
    assert send("return", out["version"], pieces=10).json()["code"] == "DoesNotAddUp"
    back = send("return", out["version"], pieces=10, missing=2, condition="worn")
    assert (back.status_code, back.json()["missing"]) == (201, 2)
    assert staff.get(f"{root}lending").json() == []
    assert client_of("leader").get(f"{root}lending").json() == []
    assert client_of("resident").get(f"{root}lending").status_code == 403


def test_planted_handovers_and_lost_pieces_are_named(chairs: Resource) -> None:
    booking, other = lent(chairs, 4), lent(chairs, 5)
    services.take_back(booking=other, pieces=5, by=system())
    Handover.objects.filter(booking=other, is_back=True).update(pieces=3)
    Handover.objects.filter(booking=booking).delete()
    Resource.objects.filter(pk=chairs.pk).update(missing=1)
    assert {fault.check for fault in verify.check()} == {"sharing.handovers", "sharing.missing"}
