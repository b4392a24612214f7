"""Who has what when: one calendar for rooms, their parts, stocks and activities."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from unittest.mock import patch

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.concurrency import at_once
from weiyifang.activities import services as activities_services
from weiyifang.activities.tests import make as activities
from weiyifang.core import clock, states
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.tenancy import source_of
from weiyifang.notices.models import Notice
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Organization
from weiyifang.people import services as people
from weiyifang.people.models import Resident
from weiyifang.sharing import queries, services, verify
from weiyifang.sharing.models import Booking, BookingState
from weiyifang.sharing.services import Scope
from weiyifang.sharing.tasks import lapse_unanswered
from weiyifang.sharing.tests import make
from weiyifang.timetable import services as timetable
from weiyifang.timetable import verify as timetable_verify
from weiyifang.timetable.models import Allocation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("promises")]


def told(booking: Booking) -> list[str]:
    """What whoever has it was told."""
    rows = Notice.objects.filter(about=source_of(booking)).exclude(kind="booking_to_answer")
    return sorted(rows.values_list("kind", flat=True))


def test_what_is_taken_is_refused_with_what_is_free_instead() -> None:
    room, other = make.resource(), make.resource("四楼活动室", seats=25)
    make.resource("小会议室", seats=6)
    make.book(room)
    with pytest.raises(services.NotFree) as refused:
        make.book(room, hour=15)
    assert refused.value.others[0] == other
    assert (make.at(1, 16), make.at(1, 18)) in refused.value.times
    assert all(room.is_open(*span) for span in refused.value.times)
    for said in ("二楼手工教室", "四楼活动室", "16:00"):
        assert said in str(refused.value)


def test_a_hall_and_its_halves_are_one_calendar() -> None:
    hall, left, right = make.hall()
    make.book(left)
    with pytest.raises(services.NotFree):
        make.book(hall)
    assert make.book(right).state == BookingState.BOOKED
    make.book(hall, days=2)
    for half in (left, right):
        with pytest.raises(services.NotFree):
            make.book(half, days=2)


def test_an_activity_in_the_hall_takes_both_halves_and_the_other_way_round() -> None:
    hall, left, _right = make.hall()
    one = activities.session(title="坝坝电影", place="3楼 大厅", books_place=True)
    with pytest.raises(services.NotFree):
        services.book(resource=left, starts_at=one.starts_at, ends_at=one.ends_at, purpose="练歌", by=system())
    make.book(left, days=5, hour=9)
    of = activities.activity(title="讲座", place=hall.name, books_place=True)
    with pytest.raises(timetable.Taken):
        activities_services.add_session(activity=of, starts_at=make.at(5, 10), ends_at=make.at(5, 11), by=system())


def test_what_had_the_hall_before_it_had_parts_has_them_now() -> None:
    hall = make.resource("三楼大厅")
    booked, kept = make.book(hall), make.book(hall, days=9)
    left = make.resource("三楼大厅左半厅", whole=hall)
    with pytest.raises(services.NotFree):
        make.book(left)
    services.cancel(booking=booked, reason="改期", by=system())
    make.book(left)
    services.edit(resource=left, whole=None, by=system())
    assert Allocation.objects.of_source(source_of(kept)).count() == 1
    make.book(left, days=9)
    with pytest.raises(timetable.Taken):  # both are taken on day nine now
        services.edit(resource=left, whole=hall, by=system())


def test_a_stock_is_lent_by_pieces_and_never_more_than_there_are() -> None:
    chairs = make.stock(pieces=60)
    make.book(chairs, hour=9, hours=3, pieces=40)
    make.book(chairs, hour=12, hours=3, pieces=60)
    make.book(chairs, hour=10, hours=1, pieces=20)
    with pytest.raises(services.TooFewPieces) as refused:
        make.book(chairs, hour=8, hours=3, pieces=1)
    assert (make.at(1, 15), make.at(1, 18)) in refused.value.times
    with pytest.raises(services.TooFewPieces):
        make.book(chairs, days=3, pieces=61)


def test_outside_its_hours_in_the_past_or_too_long_it_is_not_lent() -> None:
    room = make.resource(weekdays="12345", opens=clock.local(clock.today(), "09:00").time())
    with pytest.raises(services.Closed):
        make.book(room, hour=8)
    with pytest.raises(services.Closed):
        make.book(room, days=3)  # a Saturday
    with pytest.raises(services.TooSoon):
        make.book(room, days=0, hour=9)
    with pytest.raises(services.TooSoon):
        make.book(room, days=400)
    assert not Booking.objects.exists()


def test_minutes_around_a_booking_stay_free() -> None:
    room = make.resource(buffer_after=30)
    make.book(room)
    with pytest.raises(services.NotFree):
        make.book(room, hour=16)
    services.book(resource=room, starts_at=make.at(1, 16, 30), ends_at=make.at(1, 17), purpose="练琴", by=system())


def test_an_organization_has_so_many_hours_in_a_week_and_no_more(choir: Organization) -> None:
    room, mine = make.resource(), source_of(choir)
    for days in (1, 2):
        make.book(room, days=days, hour=9, hours=10, organization=mine)
    with pytest.raises(services.OverTheHours):
        make.book(room, days=3, hours=1, organization=mine)
    make.book(room, days=5, organization=mine)  # the week after
    make.book(make.stock(), days=3, organization=mine)  # chairs are no room
    make.book(room, days=3)


def test_where_somebody_says_yes_first_the_time_is_kept_meanwhile(choir: Organization, cast: dict[str, Actor]) -> None:
    room = make.resource(needs_approval=True)
    asked = make.book(room, organization=source_of(choir), by=cast["leader"])
    assert asked.state == BookingState.ASKED
    assert cast["staff"].account_id in Notice.objects.filter(kind="booking_to_answer").values_list(
        "account_id", flat=True
    )
    with pytest.raises(services.NotFree):
        make.book(room)
    services.approve(booking=asked, by=cast["staff"])
    assert told(asked) == ["booking_approved"]
    with pytest.raises(states.ForbiddenMove):
        services.refuse(booking=asked, reason="太晚", by=cast["staff"])
    again = make.book(room, days=2, organization=source_of(choir), by=cast["leader"])
    with pytest.raises(services.WhyNeeded):
        services.refuse(booking=again, reason="", by=cast["staff"])
    services.refuse(booking=again, reason="那天要投票", by=cast["staff"])
    make.book(room, days=2)


def test_what_nobody_answered_is_free_when_it_would_begin(choir: Organization, cast: dict[str, Actor]) -> None:
    room = make.resource(needs_approval=True)
    asked = make.book(room, organization=source_of(choir), by=cast["leader"])
    with clock.at(make.at(1, 14)):
        timetable.expire_due(by=system())
        assert verify.check() == []
        assert queries.homes_with_unanswered() == [asked.community_id]
        lapse_unanswered()
        assert queries.homes_with_unanswered() == []
    asked.refresh_from_db()
    assert asked.state == BookingState.LAPSED
    assert told(asked) == ["booking_lapsed"]


def test_who_may_book_what(choir: Organization, cast: dict[str, Actor], resident_of: Callable[[str], Resident]) -> None:
    for_all, for_groups = make.resource(), make.resource("书画室", borrowers="groups")
    me = resident_of("resident")
    assert make.book(for_all, resident=me, by=cast["resident"]).state == BookingState.BOOKED
    for refused in (
        partial(make.book, for_groups, resident=me, by=cast["resident"]),
        partial(make.book, for_all, days=2, organization=source_of(choir), by=cast["resident"]),
        partial(make.book, for_all, days=2, resident=make.resident(), by=cast["resident"]),
        partial(make.book, for_all, days=2, by=cast["leader"]),  # as the committee
    ):
        with pytest.raises(NotAllowed):
            refused()
    make.book(for_groups, organization=source_of(choir), by=cast["leader"])


def series(room: object, weeks: int = 4, **more: object) -> services.Series:
    times = [(make.at(1 + 7 * week), make.at(1 + 7 * week, 16)) for week in range(weeks)]
    return services.book_series(resource=room, times=times, purpose="排练", by=system(), **more)  # type: ignore[arg-type]  # a dictionary of plain values


def test_a_series_is_booked_whole_or_says_which_dates_cannot_be_had() -> None:
    room = make.resource()
    make.book(room, days=8)
    nothing = series(room)
    assert ([one.starts_at for one in nothing.missed], nothing.booked) == ([make.at(8)], [])
    assert Booking.objects.count() == 1
    some = series(room, skip_taken=True)
    assert (len(some.booked), len(some.missed)) == (3, 1)


def test_a_series_of_a_hall_takes_both_halves_or_none_and_keeps_the_minutes_around_it() -> None:
    hall, left, right = make.hall()
    services.edit(resource=hall, buffer_after=30, by=system())
    hall.refresh_from_db()
    make.book(left, days=8)
    some = series(hall, skip_taken=True)
    assert [one.starts_at for one in some.missed] == [make.at(8)]
    make.book(right, days=8)
    for half in (left, right):
        with pytest.raises(services.NotFree):
            services.book(
                resource=half, starts_at=make.at(1, 16), ends_at=make.at(1, 16, 30), purpose="练歌", by=system()
            )


def test_a_series_that_somebody_says_yes_to_first_is_kept_meanwhile(
    choir: Organization, cast: dict[str, Actor]
) -> None:
    room = make.resource(needs_approval=True)
    times = [(make.at(days), make.at(days, 16)) for days in (1, 8)]
    asked = services.book_series(
        resource=room, times=times, purpose="排练", organization=source_of(choir), by=cast["leader"]
    ).booked
    assert [one.state for one in asked] == [BookingState.ASKED] * 2
    until = Allocation.objects.order_by("during").values_list("expires_at", flat=True)
    assert list(until) == [one.starts_at for one in asked], "each is held until it would begin"
    with pytest.raises(services.NotFree):
        make.book(room, days=8)


def test_the_dates_of_a_series_count_beside_each_other(choir: Organization) -> None:
    room, chairs, mine = make.resource(), make.stock(pieces=60), source_of(choir)
    days = [(make.at(day, 9), make.at(day, 19)) for day in (1, 2, 3)]
    week = services.book_series(
        resource=room, times=days, purpose="集训", organization=mine, skip_taken=True, by=system()
    )
    assert [type(one.why) for one in week.missed] == [services.OverTheHours]
    assert not Allocation.objects.live().filter(during__startswith=make.at(3, 9)).exists(), "and its time is free"
    overlapping = [(make.at(1, 9), make.at(1, 12)), (make.at(1, 11), make.at(1, 14))]
    some = services.book_series(
        resource=chairs, times=overlapping, purpose="布置", pieces=40, skip_taken=True, by=system()
    )
    assert [type(one.why) for one in some.missed] == [services.TooFewPieces]


def test_of_a_series_this_the_later_or_all_dates_are_moved_and_given_up() -> None:
    room = make.resource()
    first, second, third, fourth = series(room).booked
    services.move(
        booking=second, starts_at=make.at(9), ends_at=make.at(9, 15), pieces=1, scope=Scope.FOLLOWING, by=system()
    )
    starts = list(Booking.objects.order_by("starts_at").values_list("starts_at", flat=True))
    assert starts == [make.at(1), make.at(9), make.at(16), make.at(23)]
    services.move(  # each into the place of the next
        booking=first, starts_at=make.at(8), ends_at=make.at(8, 16), pieces=1, scope=Scope.ALL, by=system()
    )
    make.book(room, days=1)
    services.cancel(booking=third, scope=Scope.FOLLOWING, by=system())
    kept = Booking.objects.live().filter(series=first.series)
    assert set(kept.values_list("pk", flat=True)) == {first.pk, second.pk}
    services.cancel(booking=second, scope=Scope.ALL, by=system())
    assert not kept.exists()
    with pytest.raises(states.ForbiddenMove):
        services.cancel(booking=fourth, by=system())


def test_a_move_that_does_not_fit_leaves_everything_as_it_was() -> None:
    room = make.resource()
    first, *_more = series(room).booked
    make.book(room, days=16)
    before = list(Booking.objects.order_by("id").values_list("starts_at", flat=True))
    with pytest.raises(services.NotFree):
        services.move(
            booking=first, starts_at=make.at(2), ends_at=make.at(2, 16), pieces=1, scope=Scope.ALL, by=system()
        )
    assert list(Booking.objects.order_by("id").values_list("starts_at", flat=True)) == before


def test_whoever_lends_may_take_it_back_and_says_why(choir: Organization, cast: dict[str, Actor]) -> None:
    booking = make.book(make.resource(), organization=source_of(choir), by=cast["leader"])
    with pytest.raises(NotAllowed):
        services.cancel(booking=booking, reason="不要了", by=cast["resident"])
    with pytest.raises(services.WhyNeeded):
        services.cancel(booking=booking, by=cast["staff"])
    services.cancel(booking=booking, reason="水管爆了", by=cast["staff"])
    assert told(booking) == ["booking_called_off"]


def test_who_gives_their_own_up_is_told_nothing(cast: dict[str, Actor], resident_of: Callable[[str], Resident]) -> None:
    booking = make.book(make.resource(), resident=resident_of("resident"), by=cast["resident"])
    services.cancel(booking=booking, by=cast["resident"])
    assert told(booking) == []


def test_a_closure_calls_bookings_off_and_tells_them_but_no_activity(
    choir: Organization, cast: dict[str, Actor]
) -> None:
    hall, left, _right = make.hall()
    booking = make.book(left, organization=source_of(choir), by=cast["leader"])
    closure = services.close(
        resource=hall, starts_at=make.at(1, 8), ends_at=make.at(3, 20), reason="刷墙", by=cast["staff"]
    )
    booking.refresh_from_db()
    assert (booking.state, booking.reason) == (BookingState.CANCELLED, "刷墙")
    assert told(booking) == ["booking_called_off"]
    with pytest.raises(services.NotFree):
        make.book(left, days=2)
    assert queries.taken(left, make.at(1, 8), make.at(2, 8))[0].reason == "刷墙"
    services.end_closure(closure=closure, by=cast["staff"])
    make.book(left, days=2)
    activities.session(days=5, title="讲座", place=hall.name, books_place=True)
    with pytest.raises(timetable.Taken):
        services.close(resource=hall, starts_at=make.at(5, 8), ends_at=make.at(5, 20), reason="刷墙", by=system())


def test_a_closed_stock_lends_nothing() -> None:
    chairs = make.stock()
    booking = make.book(chairs, pieces=5)
    services.close(resource=chairs, starts_at=make.at(1, 8), ends_at=make.at(1, 20), reason="清点", by=system())
    booking.refresh_from_db()
    assert booking.state == BookingState.CANCELLED
    with pytest.raises(services.NotFree):
        make.book(chairs, pieces=1)


def test_what_is_booked_is_lent_until_it_is_over() -> None:
    room = make.resource()
    booking = make.book(room)
    with pytest.raises(services.StillBooked):
        services.retire(resource=room, by=system())
    services.cancel(booking=booking, by=system())
    services.retire(resource=room, by=system())
    with pytest.raises(services.Gone):
        make.book(room)
    services.reopen(resource=room, by=system())
    make.book(room)


def test_one_room_is_on_the_list_once_and_keeps_its_name() -> None:
    room = make.resource("二楼手工教室")
    with pytest.raises(services.NameTaken):
        make.resource("2楼 手工教室")
    with pytest.raises(services.AnotherRoom):
        services.edit(resource=room, name="三楼手工教室", by=system())
    assert services.edit(resource=room, name="2楼手工教室", by=system()).key == room.key
    chairs = make.stock(pieces=10)
    make.book(chairs, pieces=8)
    with pytest.raises(services.PiecesPromised):
        services.edit(resource=chairs, pieces=7, by=system())


def test_an_organization_that_ends_and_a_resident_who_leaves_free_what_is_to_come(choir: Organization) -> None:
    room, person = make.resource(), make.resident()
    theirs = make.book(room, organization=source_of(choir))
    mine = make.book(room, days=2, resident=person)
    organizations.dissolve(organization=choir, reason="散了", by=system())
    people.mark_left(resident=person, by=system())
    assert set(Booking.objects.live()) == set()
    assert {one.state for one in Booking.objects.filter(pk__in=[theirs.pk, mine.pk])} == {BookingState.CANCELLED}
    make.book(room)
    make.book(room, days=2)


def test_forgotten_with_the_person_is_what_they_wanted_it_for() -> None:
    person = make.resident("申屠采薇")
    mine = make.book(make.resource(), resident=person, purpose="采薇的生日")
    other = make.book(make.resource("书画室"), purpose="练字")
    services.cancel(booking=other, reason="申屠采薇先来的", by=system())
    services.forget_purposes(resident_id=person.pk, name="申屠采薇", instead="某位居民")
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.purpose, other.reason) == ("", "某位居民先来的")


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_has_it_and_the_other_hears_what_is_free() -> None:
    hall, left, _right = make.hall()
    got = at_once(partial(make.book, hall), partial(make.book, left))
    refused = [one for one in got if not isinstance(one, Booking)]
    assert len(refused) == 1
    assert isinstance(refused[0], services.NotFree)
    assert refused[0].times


@pytest.mark.django_db(transaction=True)
def test_a_crowd_gets_no_more_chairs_than_there_are() -> None:
    chairs = make.stock(pieces=10)
    got = at_once(*[partial(make.book, chairs, pieces=4)] * 5)
    assert sum(isinstance(one, Booking) for one in got) == 2
    assert {type(one) for one in got if not isinstance(one, Booking)} == {services.TooFewPieces}


@pytest.mark.django_db(transaction=True)
def test_planted_without_the_count_the_same_crowd_gets_too_many() -> None:
    """The control: were pieces not counted under the lock, the test above would notice, and so would `verify`."""
    chairs = make.stock(pieces=10)
    with patch.object(queries, "most_out", lambda *_args, **_options: 0):
        got = at_once(*[partial(make.book, chairs, pieces=4)] * 5)
    assert sum(isinstance(one, Booking) for one in got) == 5
    assert {fault.check for fault in verify.check()} == {"sharing.stocks"}


def test_planted_faults_are_named() -> None:
    hall, left, _right = make.hall()
    booking, chairs = make.book(hall), make.stock(pieces=10)
    lost, many = make.book(left, days=2), make.book(chairs, pieces=4)
    Allocation.objects.of_source(source_of(lost)).delete()
    Booking.objects.filter(pk=many.pk).update(pieces=11)
    Allocation.objects.of_source(source_of(booking)).filter(subject_id=left.subject.id).delete()
    other = make.resource("书画室")
    type(other).objects.filter(pk=other.pk).update(state="retired")
    type(left).objects.filter(pk=left.pk).update(whole=None)
    Booking.objects.filter(pk=booking.pk).update(organization="organizations.organization:" + str(booking.pk))
    assert {fault.check for fault in verify.check()} == {
        "sharing.calendar",
        "sharing.stocks",
        "sharing.resources",
        "sharing.parts",
        "sharing.bookings",
    }
    assert {fault.check for fault in timetable_verify.check()} == {"parts"}


def test_forty_things_are_asked_about_with_few_questions(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    rooms = [make.resource(f"教室{number}") for number in range(12)]
    for room in rooms[:6]:
        make.book(room)
    with django_assert_max_num_queries(2):
        free = queries.free_among(rooms, make.at(1, 15), make.at(1, 16))
    assert free == rooms[6:]
