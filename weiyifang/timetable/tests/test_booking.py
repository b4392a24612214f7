"""Taking, holding, moving, freeing; and what is said when it is taken already."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from weiyifang.communities.models import Community
from weiyifang.core import actors, clock, timeline
from weiyifang.core.tenancy import in_community
from weiyifang.timetable import queries, services
from weiyifang.timetable.models import Allocation, AllocationState
from weiyifang.timetable.recurrence import Rule
from weiyifang.timetable.subjects import Subject
from weiyifang.timetable.tests.make import MONDAY, PIANO, ROOM, TEACHER, at, book, on

pytestmark = pytest.mark.usefixtures("home")
by = actors.Actor(community_id=500108002001, name="Li")


def times(rows: object) -> list[tuple[datetime, datetime]]:
    return [(row.starts_at, row.ends_at) for row in rows]  # type: ignore[attr-defined]  # rows of either kind


def live() -> int:
    return Allocation.objects.live().count()


def test_a_room_is_taken_once_at_a_time() -> None:
    book(ROOM)
    with pytest.raises(services.Taken):
        book(ROOM, start=10.5, end=12, source="two")
    book(ROOM, start=11, end=12, source="two")
    book(ROOM, start=9, end=10, source="three")
    assert live() == 3


def test_all_subjects_or_none() -> None:
    book(PIANO, source="lesson")
    with pytest.raises(services.Taken) as refusal:
        book(ROOM, PIANO, TEACHER, start=10.5, end=11.5, source="concert")
    assert [(clash.subject, clash.source) for clash in refusal.value.clashes] == [(PIANO, "lesson")]
    assert not Allocation.objects.filter(source="concert").exists()
    assert len(book(TEACHER, ROOM, PIANO, ROOM, start=12, end=13, source="concert")) == 3


def test_buffers_are_not_to_be_had_either() -> None:
    book(ROOM, before=15, after=30)
    with pytest.raises(services.Taken):
        book(ROOM, start=11.25, end=12, source="two")
    with pytest.raises(services.Taken):
        book(ROOM, start=11.5, end=12, before=1, source="two")
    book(ROOM, start=11.5, end=12, source="two")
    book(ROOM, start=9, end=9.75, source="three")


def test_a_refusal_names_what_is_taken_until_when_and_what_is_free_instead() -> None:
    book(ROOM, start=9, end=11)
    with pytest.raises(services.Taken) as refusal:
        book(ROOM, start=10, end=11, source="two")
    (clash,) = refusal.value.clashes
    assert (clash.subject, clash.starts_at, clash.ends_at) == (ROOM, at(9), at(11))
    assert refusal.value.free == [(at(11), at(12)), (at(8), at(9)), (at(10, day=0), at(11, day=0))]
    assert "活动室" in str(refusal.value)
    assert "9:00–11:00" in str(refusal.value)
    assert "11:00–12:00" in str(refusal.value)


def test_times_offered_instead_are_free_for_all_subjects_with_their_buffers_and_by_day() -> None:
    book(ROOM, start=8, end=12)
    book(PIANO, start=12.5, end=20, source="two")
    with pytest.raises(services.Taken) as refusal:
        book(ROOM, PIANO, start=10, end=11, before=30, after=30, source="three")
    for start, end in refusal.value.free:
        assert not queries.clashes([ROOM, PIANO], start - timedelta(minutes=30), end + timedelta(minutes=30))
        assert start >= clock.now()
    assert refusal.value.free[:2] == [(at(10, day=0), at(11, day=0)), (at(10, day=2), at(11, day=2))]


def test_when_nothing_is_free_nearby_the_sentence_says_so() -> None:
    services.allocate(subjects=[ROOM], starts_at=at(0, day=0), ends_at=at(0, day=30), source="works", by=by)
    with pytest.raises(services.Taken) as refusal:
        book(ROOM, source="two")
    assert refusal.value.free == []
    assert "Free instead" not in str(refusal.value)


def test_a_hold_is_confirmed_in_time() -> None:
    book(ROOM, PIANO, hold_until=MONDAY + timedelta(minutes=15))
    with clock.at(MONDAY + timedelta(minutes=14)):
        assert services.confirm(source="one", by=by) == 2
        assert services.confirm(source="one", by=by) == 0
    with clock.at(MONDAY + timedelta(hours=2)):
        assert services.expire_due(by=by) == 0
    assert live() == 2
    with pytest.raises(services.NothingBooked):
        services.confirm(source="nobody", by=by)


def test_a_hold_that_is_over_gives_way_in_the_same_transaction() -> None:
    book(ROOM, PIANO, hold_until=MONDAY + timedelta(minutes=15))
    with pytest.raises(services.Taken):
        book(ROOM, source="two")
    with clock.at(MONDAY + timedelta(minutes=15)):
        with pytest.raises(services.HoldOver):
            services.confirm(source="one", by=by)
        assert queries.free_times(ROOM, on(1), opens=time(9), closes=time(12)) == [(at(9), at(12))]
        book(ROOM, source="two")
        with pytest.raises(services.HoldOver):
            services.confirm(source="one", by=by)
        assert services.expire_due(by=by) == 1
    assert {entry.verb for entry in timeline.of("one")} == {"AllocationLapsed"}
    assert live() == 1


def test_one_lapsed_hold_among_free_subjects_is_not_in_the_way_of_all() -> None:
    book(PIANO, hold_until=MONDAY + timedelta(minutes=15))
    with clock.at(MONDAY + timedelta(minutes=15)):
        assert len(book(ROOM, PIANO, TEACHER, source="two")) == 3
    assert live() == 3


def test_what_a_source_has_is_freed() -> None:
    book(ROOM, PIANO)
    assert services.release(source="one", by=by) == 2
    assert services.release(source="one", by=by) == 0
    book(ROOM, PIANO, source="two")


def test_moving_keeps_buffers_and_ids() -> None:
    rows = book(ROOM, PIANO, before=10, after=20)
    moved = services.reschedule(source="one", starts_at=at(10.5), ends_at=at(12), by=by)
    assert [row.pk for row in moved] == [row.pk for row in rows]
    row = Allocation.objects.get(subject_id=ROOM.id)
    assert (row.starts_at, row.ends_at) == (at(10.5), at(12))
    assert row.buffered.lower == at(10.5) - timedelta(minutes=10)
    assert row.buffered.upper == at(12) + timedelta(minutes=20)


def test_a_move_that_is_not_possible_leaves_everything_as_it_is() -> None:
    book(ROOM, PIANO)
    book(PIANO, start=14, end=15, source="two")
    before = list(Allocation.objects.order_by("id").values())
    with pytest.raises(services.Taken) as refusal:
        services.reschedule(source="one", starts_at=at(14), ends_at=at(15), by=by)
    assert [clash.source for clash in refusal.value.clashes] == ["two"]
    assert list(Allocation.objects.order_by("id").values()) == before
    with pytest.raises(services.NothingBooked):
        services.reschedule(source="nobody", starts_at=at(14), ends_at=at(15), by=by)


def test_a_move_may_take_what_a_lapsed_hold_left() -> None:
    book(ROOM)
    book(ROOM, start=14, end=15, source="two", hold_until=MONDAY + timedelta(minutes=5))
    with clock.at(MONDAY + timedelta(minutes=5)):
        services.reschedule(source="one", starts_at=at(14), ends_at=at(15), by=by)
    assert Allocation.objects.get(source="two").state == AllocationState.RELEASED


EVERY_TUESDAY = Rule("FREQ=WEEKLY;BYDAY=TU", datetime(2026, 11, 24, 10), 60)


def series(*, skip_taken: bool = False) -> services.SeriesReport:
    return services.allocate_series(
        subjects=[ROOM, PIANO],
        times=EVERY_TUESDAY.between(on(1), on(29)),
        source="class",
        skip_taken=skip_taken,
        by=by,
    )


def test_a_series_takes_every_date() -> None:
    report = series()
    assert len(report.booked) == 10
    assert report.missed == []
    assert services.release(source="class", starts_at=at(10, day=8), by=by) == 2
    assert live() == 8
    services.reschedule(source="class", was=at(10, day=15), starts_at=at(16, day=15), ends_at=at(17, day=15), by=by)
    with pytest.raises(services.Taken) as refusal:
        services.reschedule(source="class", was=at(10), starts_at=at(10, day=22), ends_at=at(11, day=22), by=by)
    assert {clash.starts_at for clash in refusal.value.clashes} == {at(10, day=22)}
    with pytest.raises(ValueError):
        services.reschedule(source="class", starts_at=at(16), ends_at=at(17), by=by)


@pytest.mark.parametrize("skip_taken", [False, True])
def test_a_series_reports_each_date_that_is_taken(skip_taken: bool) -> None:
    book(PIANO, day=8, start=10.5, end=12, source="tuner")
    book(ROOM, day=15, start=9, end=10.5, source="painter")
    report = series(skip_taken=skip_taken)
    assert [(one.starts_at, one.clashes[0].source) for one in report.missed] == [
        (at(10, day=8), "tuner"),
        (at(10, day=15), "painter"),
    ]
    expected = [at(10), at(10, day=22), at(10, day=29)] * 2 if skip_taken else []
    assert [row.starts_at for row in report.booked] == expected
    assert Allocation.objects.filter(source="class").count() == len(expected)


def test_the_gaps_of_a_day() -> None:
    book(ROOM, start=9, end=10, after=15)
    book(ROOM, start=14, end=16, source="two")
    book(PIANO, start=11, end=12, source="three")
    day = on(1)
    assert queries.free_times(ROOM, day, opens=time(8), closes=time(21)) == [
        (at(8), at(9)),
        (at(10.25), at(14)),
        (at(16), at(21)),
    ]
    assert queries.free_times(ROOM, day, opens=time(8), closes=time(21), minutes=240) == [(at(16), at(21))]
    assert queries.free_times(ROOM, day + timedelta(days=1)) == [(at(0, day=2), at(0, day=3))]
    assert times(queries.taken(ROOM, at(15), at(20))) == [(at(14), at(16))]


def test_another_communitys_bookings_are_neither_seen_nor_in_the_way() -> None:
    book(ROOM)
    other = Community.objects.create(id=500108002002, slug="other", name="另一个社区", short_name="另一个")
    with in_community(other):
        book(ROOM)
        assert live() == 1
    assert live() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"during": DateTimeTZRange(at(10), at(10))},
        {"during": DateTimeTZRange(None, at(10))},
        {"during": DateTimeTZRange(at(10), at(11), "[]")},
        {"during": DateTimeTZRange(at(9), at(11))},
        {"buffered": DateTimeTZRange(at(10.5), at(11))},
        {"buffered": DateTimeTZRange(at(9), None)},
        {"state": "hold"},
        {"subject_id": ROOM.id},
    ],
)
def test_the_database_refuses_rows_that_cannot_be(wrong: dict[str, object]) -> None:
    book(ROOM)
    good = {"during": DateTimeTZRange(at(10), at(11)), "buffered": DateTimeTZRange(at(10), at(11))}
    row = {"subject_kind": "room", "subject_id": UUID(int=99), "source": "x"} | good
    Allocation.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Allocation.objects.create(**(row | {"subject_id": UUID(int=98)} | wrong))


def test_what_makes_no_sense_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError):
        book(ROOM, start=11, end=11)
    with pytest.raises(ValueError):
        book(ROOM, before=-1)
    with pytest.raises(ValueError):
        book(ROOM, hold_until=MONDAY)
    with pytest.raises(ValueError):
        services.allocate(subjects=[], starts_at=at(1), ends_at=at(2), source="x", by=by)


def test_a_free_room_costs_nothing_beside_its_prepared_statements(django_assert_num_queries: object) -> None:
    moment = datetime(2027, 1, 1, tzinfo=UTC)
    subjects = [Subject(id=UUID(int=number), kind="room") for number in range(1, 6)]
    with django_assert_num_queries(2):  # type: ignore[operator]  # the savepoint
        services.allocate(subjects=subjects, starts_at=moment, ends_at=moment + timedelta(hours=1), source="x", by=by)


@given(
    busy=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 8)), max_size=8),
    start=st.integers(16, 40),
    length=st.integers(1, 6),
    buffers=st.tuples(st.integers(0, 2), st.integers(0, 2)),
)
@settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))
def test_times_offered_instead_are_the_nearest_that_are_free(
    busy: list[tuple[int, int]], start: int, length: int, buffers: tuple[int, int]
) -> None:
    """In quarters of an hour from Tuesday 4:00 on, against looking at every quarter."""

    def quarter(number: int) -> datetime:
        return at(4) + timedelta(minutes=15 * number)

    before, after = (timedelta(minutes=15 * minutes) for minutes in buffers)
    Allocation.objects.all().delete()
    for since, long in busy:
        with suppress(services.Taken):
            services.allocate(
                subjects=[ROOM], starts_at=quarter(since), ends_at=quarter(since + long), source=f"{since}", by=by
            )
    found = queries.nearest_free([ROOM], quarter(start), quarter(start + length), before=before, after=after, days=1)
    assert not any(queries.clashes([ROOM], since - before, until + after) for since, until in found)
    good = [
        number
        for number in range(16, 69 - length)  # between 8:00 and 21:00
        if not queries.clashes([ROOM], quarter(number) - before, quarter(number + length) + after)
    ]
    if good:
        nearest = min(abs(number - start) for number in good)
        assert abs(found[0][0] - quarter(start)) == timedelta(minutes=15 * nearest)
