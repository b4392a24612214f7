"""A thousand enrolments, on one hot session and on many, against plain SQL; and over HTTP against the running server.

    make bench ARGS=enrolment

Each line is the time of 1,000 enrolments (a million divided by it is enrolments a second), each in a transaction of its
own that waits for the disk. "4 statements" is BEGIN, count the place, insert claim, enrolment and timeline, COMMIT with
prepared statements; "one statement" is a CTE that counts the place and inserts claim and enrolment. Ours checks rights,
age, audience and that the session still stands, and announces the fact to the timeline and the reactions.
Over HTTP, 1,200 signed-in people ask for 1,000 seats of one session through granian, 32 connections at a time; client
and server share this machine. Too many enrolments, or too few, stop the measurement.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from django.db import connection, connections
from django.test import Client

from bench.crowd import Crowd, Work, crowd
from bench.scratch import scratch_database
from bench.table import Row, compare
from weiyifang.activities import services
from weiyifang.activities.models import Enrollment, Session
from weiyifang.capacity.models import PlacePool
from weiyifang.communities.models import Community
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.core.ids import new_id
from weiyifang.core.tenancy import fill_community, in_community, outside_any_community
from weiyifang.people.models import Account, Resident

NANHU = 500108002001
ENROLMENTS = 200  # in one run of one side
MANY = 50
SEATS, ASKING, CONNECTIONS = 1_000, 1_200, 32  # over HTTP

COUNT = """
    UPDATE capacity_placepool SET taken = taken + 1
    WHERE community_id = %(community)s AND id = %(pool)s AND taken + held + 1 <= places
"""
CLAIM = """
    INSERT INTO capacity_claim (id, community_id, pool_id, holder, places, state)
    VALUES (%(claim)s, %(community)s, %(pool)s, %(holder)s, 1, 'taken')
"""
ENROL = """
    INSERT INTO activities_enrollment
        (id, community_id, activity_id, session_id, resident_id, places, fee_fen, note, state, enrolled_at)
    VALUES (%(id)s, %(community)s, %(activity)s, %(session)s, %(resident)s, 1, 0, '', 'confirmed', now())
"""
TELL = """
    INSERT INTO core_timelineentry (id, community_id, verb, subject, actor_name, values, at)
    VALUES (%(told)s, %(community)s, 'EnrollmentConfirmed', %(holder)s, '', '{}', now())
"""
ONE_STATEMENT = f"""
    WITH pool AS ({COUNT} RETURNING id),
    claim AS (
        INSERT INTO capacity_claim (id, community_id, pool_id, holder, places, state)
        SELECT %(claim)s, %(community)s, id, %(holder)s, 1, 'taken' FROM pool)
    INSERT INTO activities_enrollment
        (id, community_id, activity_id, session_id, resident_id, places, fee_fen, note, state, enrolled_at)
    SELECT %(id)s, %(community)s, %(activity)s, %(session)s, %(resident)s, 1, 0, '', 'confirmed', now() FROM pool
"""  # noqa: S608 - constants


def run() -> list[Row]:
    """Measure on a database of its own."""
    with scratch_database() as url:
        Community.objects.create(id=NANHU, slug="nanhu", name="南湖社区", short_name="南湖社区")
        rows: list[Row] = []
        with in_community(NANHU):
            people = _residents(30_000)
            for size in (1, 8):
                for many in (1, MANY):
                    sessions = [_session(1_000_000) for _number in range(many)]
                    said = f"{many} session{'s' * (many > 1)}, {size} client{'s' * (size > 1)}"
                    pools, turn = _pools(sessions), count()  # before the crowd takes every connection
                    with crowd(size, url) as clients:
                        ours = _ours(sessions, people, turn)
                        for name, theirs in (
                            ("4 statements", _statements(clients, sessions, pools, people, turn)),
                            ("one statement", _one_statement(clients, sessions, pools, people, turn)),
                        ):
                            rows.append(_measure(said, clients, ours, name, theirs))
            best = min(row.against_ms or 0 for row in rows if row.name.startswith("1 session,"))
            rows += _over_http(people, best)
    return rows


def _measure(name: str, clients: Crowd, ours: Work, against: str, theirs: Work) -> Row:
    """Milliseconds for 1,000 calls of each side."""
    row = compare(name, lambda: clients.share(ours, ENROLMENTS), against, lambda: clients.share(theirs, ENROLMENTS))
    return Row(name, row.ours_ms * 1000 / ENROLMENTS, against, (row.against_ms or 0) * 1000 / ENROLMENTS)


# --- in the process ---------------------------------------------------------------------------------------------


def _residents(number: int) -> list[Resident]:
    rows = [Resident(number=n, name=f"居民{n}") for n in range(1, number + 1)]
    fill_community(rows)
    Resident.objects.bulk_create(rows, batch_size=5000)
    return rows


def _session(seats: int) -> Session:
    activity = services.plan(title="量一量", place="多功能厅", places=seats, by=system())
    starts_at = clock.now() + timedelta(days=3)
    services.add_session(activity=activity, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), by=system())
    services.publish(activity=activity, by=system())
    return Session.objects.select_related("activity").get(activity=activity)


def _ours(sessions: Sequence[Session], people: Sequence[Resident], turn: Iterator[int]) -> Work:
    by = system()

    def work(number: int) -> None:
        person = people[next(turn) % len(people)]
        services.enroll(session=sessions[number % len(sessions)], resident=person, by=by)

    return work


Pools = dict[str, PlacePool]


def _pools(sessions: Sequence[Session]) -> Pools:
    owners = [session.pool_owner for session in sessions]
    return {pool.owner: pool for pool in PlacePool.objects.filter(owner__in=owners)}


def _values(session: Session, pool: PlacePool, person: Resident) -> dict[str, object]:
    id_ = new_id()
    return {
        "community": NANHU,
        "pool": pool.pk,
        "claim": new_id(),
        "told": new_id(),
        "id": id_,
        "holder": f"activities.enrollment:{id_}",
        "activity": session.activity_id,
        "session": session.pk,
        "resident": person.pk,
    }


def _statements(
    clients: Crowd, sessions: Sequence[Session], pools: Pools, people: Sequence[Resident], turn: Iterator[int]
) -> Work:
    def work(number: int) -> None:
        session = sessions[number % len(sessions)]
        given = _values(session, pools[session.pool_owner], people[next(turn) % len(people)])
        with clients.sql().transaction():
            for statement in (COUNT, CLAIM, ENROL, TELL):
                clients.sql().execute(statement, given)

    return work


def _one_statement(
    clients: Crowd, sessions: Sequence[Session], pools: Pools, people: Sequence[Resident], turn: Iterator[int]
) -> Work:
    def work(number: int) -> None:
        session = sessions[number % len(sessions)]
        given = _values(session, pools[session.pool_owner], people[next(turn) % len(people)])
        clients.sql().execute(ONE_STATEMENT, given)

    return work


# --- over HTTP --------------------------------------------------------------------------------------------------


def _over_http(people: Sequence[Resident], raw_ms: float) -> list[Row]:
    """A rush for 1,000 seats, five times; medians. `raw_ms` is what 1,000 of the best plain SQL take."""
    cookies = [_cookie(person) for person in people[:ASKING]]
    seconds, slowest = [], []
    with _server() as port:
        for _rush in range(5):
            session = _session(SEATS)
            times, took = _rush_for(port, session, cookies)
            there = Enrollment.objects.filter(session=session).count()
            taken = PlacePool.objects.get(owner=session.pool_owner).taken
            if (there, taken) != (SEATS, SEATS):
                raise AssertionError(f"{there} enrolled, {taken} taken, of {SEATS} seats")
            seconds.append(took)
            slowest.append(sorted(times)[int(len(times) * 0.99)])
    took = statistics.median(seconds)
    return [
        Row(f"over HTTP, {CONNECTIONS} connections, each of {ASKING}", took * 1e6 / ASKING, "plain SQL", raw_ms),
        Row(f"over HTTP, {SEATS} seats gone in", took * 1000),
        Row("over HTTP, p99 of one request", statistics.median(slowest) * 1000),
    ]


def _cookie(person: Resident) -> str:
    account = Account.objects.create_user(name=person.name)
    Resident.objects.filter(pk=person.pk).update(account=account)
    with outside_any_community():
        client = Client()
        client.force_login(account)
    return f"sessionid={client.cookies['sessionid'].value}"


@contextmanager
def _server() -> Iterator[int]:
    """The server as `weiyifang up` runs it, on this database."""
    settings = connection.settings_dict
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    login = settings["USER"] + (f":{settings['PASSWORD']}" if settings["PASSWORD"] else "")
    url = f"postgresql://{login}@/{settings['NAME']}?" + urlencode({"host": settings["HOST"]})
    arguments = ["--interface", "wsgi", "--workers", "1", "--blocking-threads", "4", "--no-ws", "--port", str(port)]
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", *arguments, "config.wsgi:application"],
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            link.request("GET", "/c/nanhu/api/activities/")
            if link.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not start")


def _rush_for(port: int, session: Session, cookies: Sequence[str]) -> tuple[list[float], float]:
    """Everybody at once: the time of each request in seconds, and of the whole rush."""
    path = f"/c/nanhu/api/activities/{session.activity.number}/{session.number}/enrollments"
    times: list[float] = []
    gate = threading.Barrier(CONNECTIONS + 1)
    connections.close_all()  # the server needs them now

    def ask(mine: Sequence[str]) -> None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        link.connect()
        gate.wait()
        for cookie in mine:
            began = time.perf_counter()
            link.request("POST", path, json.dumps({}), {"Cookie": cookie, "Content-Type": "application/json"})
            answer = link.getresponse()
            answer.read()
            times.append(time.perf_counter() - began)
            if answer.status not in {201, 409}:
                raise AssertionError(answer.status)

    threads = [threading.Thread(target=ask, args=(cookies[n::CONNECTIONS],)) for n in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return times, time.perf_counter() - began
