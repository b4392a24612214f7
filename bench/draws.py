"""A draw by lot of 5,000 tickets for 500 seats: the computing alone, and the verb with everybody told.

    make bench ARGS=draws

"in memory" is the sheet recomputed, as `weiyifang lottery verify` does it. "the verb" orders the queue of 5,000, gives
500 seats with claims and facts, publishes the sheet and writes a notice for each of the 5,000, committed to disk. It
has to stay under two seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import connection

from bench.scratch import scratch_database
from bench.table import Row, elapsed_ms
from weiyifang.activities import lottery, services
from weiyifang.activities.models import Enrollment, Session
from weiyifang.capacity.models import PlacePool, WaitEntry
from weiyifang.communities.models import Community
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.core.ids import new_id
from weiyifang.core.server.database import analyze
from weiyifang.core.tenancy import fill_community, in_community, source_of
from weiyifang.people.models import Resident

NANHU = 500108002001
TICKETS, SEATS, RUNS = 5_000, 500, 5


def run() -> list[Row]:
    """Measure on a database of its own."""
    tickets = [(number, 1 + number % 3 // 2) for number in range(1, TICKETS + 1)]
    sheet = lottery.draw(date="1/1", seed="7" * 64, places=SEATS, passes=3, tickets=tickets)
    rows = [Row("5,000 tickets in memory", _median(lambda: elapsed_ms(lambda: lottery.faults(sheet))))]
    with scratch_database():
        Community.objects.create(id=NANHU, slug="nanhu", name="南湖社区", short_name="南湖社区")
        with in_community(NANHU):
            people = [
                Resident(number=number, name=f"居民{number}", joined_on=clock.today())
                for number in range(1, TICKETS + 1)
            ]
            fill_community(people)
            Resident.objects.bulk_create(people, batch_size=1_000)
            rows.append(Row("5,000 tickets, the verb", _median(lambda: _draw(people))))
    return rows


def _median(once: Callable[[], float]) -> float:
    return sorted(once() for _run in range(RUNS))[RUNS // 2]


def _draw(people: list[Resident]) -> float:
    session = _closed(people)
    return elapsed_ms(lambda: services.draw(session=session, by=system()))


def _closed(people: list[Resident]) -> Session:
    """A date of tomorrow on whose list everybody stands; the rows are written as the verb writes them, together."""
    by = system()
    with clock.at(clock.now() - timedelta(days=2)):
        activity = services.plan(
            title="抽签", place="多功能厅", places=SEATS, party_size=2, order="lottery", closes_hours=24, by=by
        )
        begins = clock.now() + timedelta(days=3)
        session = services.add_session(activity=activity, starts_at=begins, ends_at=begins + timedelta(hours=2), by=by)
        services.publish(activity=activity, by=by)
        enrolled = [
            Enrollment(
                id=new_id(),
                activity=activity,
                session=session,
                resident=person,
                places=1 + number % 3 // 2,
                ticket=number,
                state="waiting",
            )
            for number, person in enumerate(people, start=1)
        ]
        fill_community(enrolled)
        Enrollment.objects.bulk_create(enrolled, batch_size=1_000)
        pool = PlacePool.objects.get(owner=source_of(session))
        turns = [WaitEntry(pool=pool, holder=source_of(one), places=one.places) for one in enrolled]
        fill_community(turns)
        WaitEntry.objects.bulk_create(turns, batch_size=1_000)
        PlacePool.objects.filter(pk=pool.pk).update(waiting=TICKETS)
    analyze(connection)
    return Session.objects.select_related("activity").get(pk=session.pk)
