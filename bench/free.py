"""The free hours of 40 rooms over four weeks, in a timetable of 100,000, against the same asked of each room.

    make bench ARGS=free

The page of what is lent says of everything on it when it is free next. "A query each" asks for the taken spans of one
room after the other over the ORM and takes them from its hours in the same way.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from bench.scratch import scratch_database
from bench.table import Row, compare
from weiyifang.communities.models import Community
from weiyifang.core import actors, clock
from weiyifang.core.ids import new_id
from weiyifang.core.tenancy import in_community
from weiyifang.timetable import queries, services
from weiyifang.timetable.models import Allocation
from weiyifang.timetable.subjects import Span, Subject

NANHU = 500108002001
THERE_ALREADY = 100_000
ROOMS = [Subject(id=UUID(int=number), kind="bench.room", name=f"room {number}") for number in range(1, 41)]
MORNING = datetime(2026, 1, 1, tzinfo=UTC)
HOURS = [  # open from 8 to 21 in Beijing
    (MORNING + timedelta(days=500 + day), MORNING + timedelta(days=500 + day, hours=13)) for day in range(28)
]


def run() -> list[Row]:
    """Measure on a database of its own."""
    with scratch_database():
        Community.objects.create(id=NANHU, slug="nanhu", name="南湖社区", short_name="南湖社区")
        with in_community(NANHU), clock.at(MORNING):
            _fill()
        with in_community(NANHU), clock.at(MORNING + timedelta(days=500)):
            assert _at_once() == _one_by_one()
            return [compare("40 rooms, 28 days", _at_once, "a query each", _one_by_one)]


def _fill() -> None:
    """Two and a half bookings a day in each room, of an hour each, over a thousand days."""
    days = 0
    while Allocation.objects.count() < THERE_ALREADY:
        for room in ROOMS:
            starts = [
                MORNING + timedelta(days=days + step, hours=1 + (room.id.int + step + 5 * half) % 12)
                for step in range(50)
                for half in range(2 + (room.id.int + step) % 2)
            ]
            times = sorted({(start, start + timedelta(hours=1)) for start in starts})
            services.allocate_series(
                subjects=[room], times=times, source=f"bench.series:{new_id()}", by=actors.system()
            )
        days += 50


def _at_once() -> dict[UUID, list[Span]]:
    return queries.free_spans(dict.fromkeys(ROOMS, HOURS), minutes=60)


def _one_by_one() -> dict[UUID, list[Span]]:
    found: dict[UUID, list[Span]] = {}
    for room in ROOMS:
        rows = queries.taken(room, HOURS[0][0], HOURS[-1][1])
        busy = [(row.buffered.lower, row.buffered.upper) for row in rows]
        gaps = (
            gap
            for since, until in HOURS
            for gap in queries._gaps([one for one in busy if one[1] > since and one[0] < until], since, until)
        )
        found[room.id] = [gap for gap in gaps if gap[1] - gap[0] >= timedelta(hours=1)]
    return found
