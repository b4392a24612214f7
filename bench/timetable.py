"""A thousand bookings in a timetable of 100,000, against plain SQL under the same constraint.

    make bench ARGS=timetable

Each line is the time of 1,000 bookings, each in a transaction of its own that waits for the disk. "INSERT" is one
prepared statement of psycopg; for three subjects it inserts three rows. Ours also gives way to nothing it should not:
all subjects or none, lapsed holds cleared away, and a refusal that names what is in the way and three times that are
free ("taken already", against an INSERT that only fails).
"""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bench.crowd import Crowd, Work, crowd
from bench.scratch import scratch_database
from bench.table import Row, compare
from weiyifang.communities.models import Community
from weiyifang.core import actors, clock
from weiyifang.core.ids import new_id
from weiyifang.core.tenancy import in_community
from weiyifang.timetable import services
from weiyifang.timetable.models import Allocation
from weiyifang.timetable.subjects import Span, Subject

NANHU = 500108002001
BOOKINGS = 200  # in one run of one side
THERE_ALREADY = 100_000
ROOMS = [Subject(id=UUID(int=number), kind="bench.room", name=f"room {number}") for number in range(1, 201)]
MORNING = datetime(2026, 1, 1, tzinfo=UTC)

INSERT = """
    INSERT INTO timetable_allocation
        (id, community_id, subject_kind, subject_id, during, buffered, source, state, is_shared)
    SELECT id, %(community)s, 'bench.room', subject, tstzrange(%(start)s, %(end)s), tstzrange(%(start)s, %(end)s),
        %(source)s, 'confirmed', false
    FROM unnest(%(ids)s::uuid[], %(subjects)s::uuid[]) AS one (id, subject)
"""

hours = itertools.count()  # every booking that shall succeed takes an hour that nobody had before


def run() -> list[Row]:
    """Measure on a database of its own."""
    with scratch_database() as url:
        Community.objects.create(id=NANHU, slug="nanhu", name="南湖社区", short_name="南湖社区")
        with in_community(NANHU), clock.at(MORNING):
            _fill()
            rows = []
            for size, subjects in ((1, 1), (1, 3), (8, 1), (8, 3)):
                with crowd(size, url) as people:
                    said = f"{subjects} subject{'s' * (subjects > 1)}, {size} client{'s' * (size > 1)}"
                    rows.append(_measure(said, people, _book(subjects), "INSERT", _insert(people, subjects)))
            with crowd(1, url) as people:
                rows.append(_measure("taken already", people, _refused(), "INSERT", _insert_in_vain(people)))
    return rows


def _measure(name: str, people: Crowd, ours: Work, against: str, theirs: Work) -> Row:
    """Milliseconds for 1,000 calls of each side."""
    row = compare(name, lambda: people.share(ours, BOOKINGS), against, lambda: people.share(theirs, BOOKINGS))
    return Row(name, row.ours_ms * 1000 / BOOKINGS, against, (row.against_ms or 0) * 1000 / BOOKINGS)


def _fill() -> None:
    while Allocation.objects.count() < THERE_ALREADY:
        times = [_next_hour() for _number in range(100)]
        services.allocate_series(subjects=ROOMS, times=times, source=f"bench.series:{new_id()}", by=actors.system())


def _next_hour() -> Span:
    start = MORNING + timedelta(hours=next(hours))
    return start, start + timedelta(hours=1)


def _some_rooms(number: int, subjects: int) -> list[Subject]:
    return [ROOMS[(number * 7 + step * 31) % len(ROOMS)] for step in range(subjects)]


def _book(subjects: int) -> Work:
    def work(number: int) -> None:
        start, end = _next_hour()
        services.allocate(
            subjects=_some_rooms(number, subjects),
            starts_at=start,
            ends_at=end,
            source=f"bench.booking:{new_id()}",
            by=actors.system(),
        )

    return work


def _insert(people: Crowd, subjects: int) -> Work:
    return lambda number: people.sql().execute(INSERT, _values(_some_rooms(number, subjects), _next_hour()))


def _values(rooms: list[Subject], span: Span) -> dict[str, object]:
    return {
        "community": NANHU,
        "start": span[0],
        "end": span[1],
        "source": f"bench.booking:{new_id()}",
        "ids": [new_id() for _room in rooms],
        "subjects": sorted(room.id for room in rooms),
    }


def _refused() -> Work:
    def work(number: int) -> None:
        room = ROOMS[number % len(ROOMS)]
        span = DateTimeTZRange(MORNING + timedelta(hours=300), MORNING + timedelta(hours=301))
        try:
            services.allocate(
                subjects=[room], starts_at=span.lower, ends_at=span.upper, source="bench", by=actors.system()
            )
        except services.Taken:
            return
        raise AssertionError("booked twice")

    return work


def _insert_in_vain(people: Crowd) -> Work:
    def work(number: int) -> None:
        span = (MORNING + timedelta(hours=300), MORNING + timedelta(hours=301))
        try:
            people.sql().execute(INSERT, _values([ROOMS[number % len(ROOMS)]], span))
        except psycopg.errors.ExclusionViolation:
            return
        raise AssertionError("booked twice")

    return work
