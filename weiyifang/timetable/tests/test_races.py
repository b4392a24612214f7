"""Two people, one room; and the same two without the constraint."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from django.db import connection

from tests.concurrency import at_once
from weiyifang.core import actors, clock
from weiyifang.core.server import database
from weiyifang.timetable import services, verify
from weiyifang.timetable.models import Allocation
from weiyifang.timetable.subjects import Subject
from weiyifang.timetable.tests.make import PIANO, ROOM, TEACHER, at, book

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
PEOPLE = 5


def winners(results: Sequence[object]) -> int:
    assert all(isinstance(result, (list, services.Taken)) for result in results), results
    return sum(isinstance(result, list) for result in results)


@pytest.mark.parametrize("attempt", range(5))
def test_two_people_want_one_room_and_one_gets_it(attempt: int) -> None:
    assert winners(at_once(partial(book, ROOM, source="a"), partial(book, ROOM, start=10.5, end=12, source="b"))) == 1
    assert verify.check() == []


@contextmanager
def without_the_constraint() -> Iterator[None]:
    """The exclusion constraint becomes an index that excludes nothing (the ids are all different)."""
    name = "allocation_one_at_a_time"
    with database.as_owner(connection), connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name])
        definition = cursor.fetchone()[0]
        cursor.execute(f"ALTER TABLE timetable_allocation DROP CONSTRAINT {name}")
        cursor.execute(f"ALTER TABLE timetable_allocation ADD CONSTRAINT {name} EXCLUDE (id WITH =)")
    try:
        yield
    finally:
        with database.as_owner(connection), connection.cursor() as cursor:
            cursor.execute("TRUNCATE timetable_allocation")
            cursor.execute(f"ALTER TABLE timetable_allocation DROP CONSTRAINT {name}")
            cursor.execute(f"ALTER TABLE timetable_allocation ADD CONSTRAINT {name} {definition}")


def test_control_without_the_constraint_both_get_it() -> None:
    with without_the_constraint():
        both = at_once(partial(book, ROOM, source="a"), partial(book, ROOM, start=10.5, end=12, source="b"))
        assert winners(both) == 2
        (fault,) = verify.check()
        assert fault.check == "overlaps"


def test_whatever_order_people_name_things_in_they_never_wait_for_each_other_in_a_circle() -> None:
    things = [Subject(id=UUID(int=number), kind="thing") for number in range(6)]
    dice = random.Random(7)

    def person(number: int) -> int:
        got = 0
        for turn in range(12):
            mine = dice.sample(things, 3)
            try:
                book(*mine, start=8 + turn, end=9 + turn, source=f"{number}.{turn}")
                got += 1
            except services.Taken:
                pass
        return got

    results = at_once(*[partial(person, number) for number in range(PEOPLE)])
    assert all(isinstance(got, int) for got in results), results
    assert Allocation.objects.count() == 3 * sum(got for got in results if isinstance(got, int))
    assert verify.check() == []


@pytest.mark.parametrize("attempt", range(5))
def test_two_who_swap_times_both_hear_no(attempt: int) -> None:
    book(ROOM, PIANO, TEACHER, start=10, end=11, source="a")
    book(ROOM, PIANO, TEACHER, start=11, end=12, source="b")
    move = partial(services.reschedule, by=actors.system())
    results = at_once(
        partial(move, source="a", starts_at=at(11), ends_at=at(12)),
        partial(move, source="b", starts_at=at(10), ends_at=at(11)),
    )
    assert winners(results) == 0
    assert verify.check() == []


def test_a_lapsed_hold_goes_to_exactly_one_of_many() -> None:
    book(ROOM, hold_until=clock.now() + timedelta(minutes=1))

    def later(number: int) -> object:
        with clock.at(clock.now() + timedelta(minutes=2)):
            return book(ROOM, source=f"{number}")

    assert winners(at_once(*[partial(later, number) for number in range(PEOPLE)])) == 1
    assert verify.check() == []
