"""Residents and the doors they live behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection

from tests.concurrency import at_once
from weiyifang.core import clock, timeline
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.tenancy import in_community, source_of
from weiyifang.people import doors, queries, services
from weiyifang.people.models import Gender, Household, Resident
from weiyifang.people.numbers import NotAnIdNumber, NotAPhone
from weiyifang.people.services import Door
from weiyifang.people.tests.make import HOME, a_resident, an_id_number

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]


def test_a_resident_gets_the_next_number_and_a_line_in_the_timeline() -> None:
    first, second = a_resident(), a_resident("钱二")
    assert second.number == first.number + 1
    assert [entry.verb for entry in timeline.of(source_of(second))] == ["ResidentRegistered"]


def test_what_the_identity_number_says_need_not_be_typed() -> None:
    resident = a_resident(born_on=None, id_number=an_id_number())
    assert (resident.born_on, resident.gender) == (date(1950, 1, 2), Gender.MALE)


def test_a_birthday_that_contradicts_the_identity_number_is_refused() -> None:
    with pytest.raises(services.ImpossibleBirthday):
        a_resident(born_on=date(1951, 1, 2), id_number=an_id_number())


@pytest.mark.parametrize("born_on", [date(1850, 1, 1), date(2100, 1, 1)])
def test_nobody_is_born_in_the_future_or_too_long_ago(born_on: date) -> None:
    with pytest.raises(services.ImpossibleBirthday):
        a_resident(born_on=born_on)


@pytest.mark.parametrize("name", ["", "   ", "长" * 41])
def test_a_name_is_needed(name: str) -> None:
    with pytest.raises(services.NameMissing):
        a_resident(name)


def test_a_mistyped_number_is_refused() -> None:
    with pytest.raises(NotAPhone):
        a_resident(phone="1380")
    with pytest.raises(NotAnIdNumber):
        a_resident(id_number="990100195001020012")


def test_one_identity_number_stands_on_the_register_once() -> None:
    known = a_resident(id_number=an_id_number())
    with pytest.raises(services.AlreadyRegistered) as refused:
        a_resident("别人", id_number=an_id_number().lower())
    assert str(known.number) in str(refused.value)


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_register_one_person_at_the_same_moment_register_them_once() -> None:
    results = at_once(*[lambda: a_resident(id_number=an_id_number())] * 2)
    assert sum(isinstance(result, Resident) for result in results) == 1
    assert sum(isinstance(result, services.AlreadyRegistered) for result in results) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.any_lock_order
def test_without_the_lock_the_second_clerk_would_meet_the_bare_constraint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.residents, "_lock_id_number", lambda id_number: None)
    for _attempt in range(20):
        results = at_once(*[lambda: a_resident(id_number=an_id_number())] * 2)
        Resident.objects.all().delete()
        if not any(isinstance(result, services.AlreadyRegistered) for result in results):
            return  # the database kept the promise, but with an error instead of a sentence
    pytest.fail("without the lock nothing went wrong: this test does not test it")


def test_people_behind_one_door_share_a_household() -> None:
    one = a_resident(address=HOME)
    other = a_resident("钱二", address=Door(" 学府花园", "6栋", "1单元", "4-2 "))
    assert one.household == other.household
    assert Household.objects.count() == 1
    assert other.household is not None
    assert other.household.address == "学府花园 6 栋 1 单元 4-2"


def test_half_an_address_is_refused() -> None:
    with pytest.raises(services.AddressMissing):
        a_resident(address=Door("学府花园", "", "", "4-2"))


def test_only_what_changed_is_written_and_told() -> None:
    resident = a_resident(phone="199 0000 0001")
    services.update_resident(resident=resident, name="赵一明", phone="199 0000 0001", by=system())
    entry = timeline.of(source_of(resident))[0]
    assert (entry.verb, entry.values) == ("ResidentUpdated", {"fields": ["name"]})
    services.update_resident(resident=resident, name="赵一明", by=system())
    assert timeline.of(source_of(resident)).count() == 2


def test_a_number_can_be_taken_away() -> None:
    resident = a_resident(phone="199 0000 0001")
    assert services.update_resident(resident=resident, phone="", by=system()).phone_key == ""


def test_moving_leaves_the_old_door_to_the_others() -> None:
    stays, moves = a_resident(address=HOME), a_resident("钱二", address=HOME)
    services.move_household(resident=moves, address=Door("学府花园", "7", "", "1-1"), by=system())
    stays.refresh_from_db()
    moves.refresh_from_db()
    assert stays.household != moves.household
    assert Household.objects.count() == 2


def test_who_left_can_come_back() -> None:
    resident = a_resident()
    services.mark_left(resident=resident, by=system())
    assert not Resident.objects.living_here().filter(pk=resident.pk)
    with pytest.raises(services.AlreadyLeft):
        services.mark_left(resident=resident, by=system())
    services.mark_returned(resident=resident, by=system())
    assert Resident.objects.living_here().filter(pk=resident.pk)
    with pytest.raises(services.LivesHere):
        services.mark_returned(resident=resident, by=system())


def test_nobody_leaves_tomorrow_or_before_they_came() -> None:
    resident = a_resident()
    for day in (clock.today() + timedelta(days=1), resident.joined_on - timedelta(days=1)):
        with pytest.raises(services.LeavesTooEarly):
            services.mark_left(resident=resident, on=day, by=system())


@pytest.mark.parametrize("key", ["resident", "volunteer", "leader", "accountant", "supervisor", "street_officer"])
def test_only_the_office_keeps_the_register(key: str, cast: dict[str, Actor]) -> None:
    with pytest.raises(NotAllowed):
        services.register_resident(name="赵一鸣", by=cast[key])


def test_the_database_holds_no_phone_and_no_identity_number() -> None:
    a_resident(phone="199 0000 0001", id_number=an_id_number())
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(r)::text FROM people_resident r")
        (row,) = cursor.fetchone()
    assert "19900000001" not in row
    assert an_id_number() not in row


def test_numbers_are_found_by_their_exact_value_however_they_are_written() -> None:
    resident = a_resident(phone="199 0000 0001", id_number=an_id_number())
    a_resident("钱二", phone="199 0000 0002")
    for typed in (
        "19900000001",
        "+86 199-0000-0001",
        "１９９００００ ０００１",
        an_id_number(),
        an_id_number().lower(),
    ):
        assert list(queries.find_residents(typed)) == [resident], typed
    for typed in ("1990000000", "9900000001", an_id_number()[:-1]):
        assert resident not in queries.find_residents(typed), typed


def test_people_are_found_by_parts_of_name_and_address() -> None:
    zhao = a_resident("赵一鸣", address=HOME)
    a_resident("赵小明", address=Door("清风苑", "1", "", "1-1"))
    assert list(queries.find_residents("赵 学府")) == [zhao]
    assert list(queries.find_residents("一鸣")) == [zhao]
    assert list(queries.find_residents("赵 6-4-2")) == [zhao]
    assert list(queries.find_residents(str(zhao.number))) == [zhao]
    assert list(queries.find_residents("没有这个人")) == []


def test_the_neighbours_register_is_another_one(neighbour: object) -> None:
    resident = a_resident(phone="199 0000 0001")
    with in_community(neighbour):  # type: ignore[arg-type]  # the fixture is a community
        assert not Resident.objects.with_phone("+8619900000001")
        assert not queries.find_residents("赵")
        assert a_resident("赵二", phone="199 0000 0001").number == 1
    assert list(queries.find_residents("19900000001")) == [resident]


def test_the_cast_lives_here(resident_of: Callable[[str], Resident]) -> None:
    assert resident_of("resident").household is not None


def test_the_buildings_of_a_compound_are_counted_as_people_count_them() -> None:
    for building in ("10", "9", "9", "A2"):
        a_resident(address=Door("清风苑", building, "", "1-1"))
    gone = a_resident(address=Door("清风苑", "A10", "", "1-1"))
    services.mark_left(resident=gone, on=clock.today(), by=system())
    assert doors.buildings("清风苑") == [("9", 2), ("10", 1), ("A2", 1), ("A10", 0)]
