"""A thousand enrolments on one hot session and on 50, against plain SQL; over HTTP also against pretix 2026.8.0.

    make bench ARGS=enrolment

Each line is the time of 1,000 enrolments (a million divided by it is enrolments a second), committed so that they
survive a power cut. "4 statements" is BEGIN, count the place, insert claim, enrolment and timeline, COMMIT with
prepared statements; "one statement" is a CTE that counts the place and inserts claim and enrolment; each is a
transaction of its own. Ours checks rights, age, audience and that the session still stands, and announces the fact to
the timeline and the reactions; many at once share a transaction.
Over HTTP, 1,200 people who are signed in want 1,000 seats, through the server as `weiyifang up` starts it: each opens
the page, sends its form with all its hidden fields (CSRF, the key against doing it twice) and whoever is in opens the
ticket; or a program asks over the API, with a key. The lines count all 1,200 answers; in each rush too many enrolments,
or too few, stop the measurement. On 50 sessions there are 20 seats in each, and hardly anybody to share a commit with.
pretix takes orders of one free item with one quota, over its pages from the shop to the order as a guest, or over its
REST API with a token: no seats run out, nobody is refused, no mail is sent. Clients, servers and PostgreSQL share this
machine.
"""

from __future__ import annotations

import re
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import count, cycle
from math import inf
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, connections

from bench.crowd import Crowd, Work, crowd
from bench.peers import pretix
from bench.scratch import scratch_database
from bench.table import Row, compare
from bench.visitors import FORM, Answer, ask_all, free_port, post
from bench.web import BROWSER, ask, our_server, request
from weiyifang.activities import services
from weiyifang.activities.models import Enrollment, Session
from weiyifang.capacity.models import PlacePool
from weiyifang.communities.models import Community
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.core.ids import new_id
from weiyifang.core.server.database import analyze
from weiyifang.core.tenancy import fill_community, in_community
from weiyifang.people.authentication import SessionStore
from weiyifang.people.models import Account, Resident

NANHU = 500108002001
ENROLMENTS = 100  # in one run of one side
SEATS, ASKING, CONNECTIONS = 1_000, 1_200, 32  # over HTTP
MANY = 50  # sessions; the seats are shared out
ORDERS, CHECKOUTS = 32, 8  # of pretix, in one run

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
        raw: dict[int, float] = {}
        with in_community(NANHU):
            people = _residents(10_000)
            for size, sessions in ((1, 1), (8, 1), (8, MANY)):
                doors, turn = _doors(sessions), count()
                with crowd(size, url) as clients:
                    ours = _ours(doors, people, turn)
                    for name, theirs in (
                        ("4 statements", _statements(clients, doors, people, turn)),
                        ("one statement", _one_statement(clients, doors, people, turn)),
                    ):
                        said = f"in the process, {size} client{'s' * (size > 1)}" + _on(sessions)
                        rows.append(_measure(said, clients, ours, name, theirs))
                        raw[sessions] = min(rows[-1].against_ms or 0, raw.get(sessions, inf))
            rows += _over_http(people, raw)
    return rows


def _on(sessions: int) -> str:
    return f", {sessions} sessions" if sessions > 1 else ""


def _measure(name: str, clients: Crowd, ours: Work, against: str, theirs: Work) -> Row:
    """Milliseconds for 1,000 calls of each side."""
    row = compare(
        name, lambda: clients.share(ours, ENROLMENTS), against, lambda: clients.share(theirs, ENROLMENTS), runs=5
    )
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


Doors = Sequence[tuple[Session, PlacePool]]


def _doors(number: int) -> Doors:
    """Sessions with seats for everybody, and their pools."""
    sessions = [_session(1_000_000) for _one in range(number)]
    return [(session, PlacePool.objects.get(owner=session.pool_owner)) for session in sessions]


def _ours(doors: Doors, people: Sequence[Resident], turn: Iterator[int]) -> Work:
    by = system()

    def work(_number: int) -> None:
        number = next(turn)
        services.enroll(session=doors[number % len(doors)][0], resident=people[number], by=by)

    return work


def _values(doors: Doors, people: Sequence[Resident], number: int) -> dict[str, object]:
    (session, pool), id_ = doors[number % len(doors)], new_id()
    return {
        "community": NANHU,
        "pool": pool.pk,
        "claim": new_id(),
        "told": new_id(),
        "id": id_,
        "holder": f"activities.enrollment:{id_}",
        "activity": session.activity_id,
        "session": session.pk,
        "resident": people[number].pk,
    }


def _statements(clients: Crowd, doors: Doors, people: Sequence[Resident], turn: Iterator[int]) -> Work:
    def work(_number: int) -> None:
        given = _values(doors, people, next(turn))
        with clients.sql().transaction():
            for statement in (COUNT, CLAIM, ENROL, TELL):
                clients.sql().execute(statement, given)

    return work


def _one_statement(clients: Crowd, doors: Doors, people: Sequence[Resident], turn: Iterator[int]) -> Work:
    def work(_number: int) -> None:
        clients.sql().execute(ONE_STATEMENT, _values(doors, people, next(turn)))

    return work


# --- over HTTP --------------------------------------------------------------------------------------------------


class Rush(NamedTuple):
    """How one rush went, in seconds."""

    all: float  # until the last one had an answer
    gone: float  # until the last seat was gone
    p99: float  # of one request
    around: float = 0.0  # opening the page before, and the ticket after


def _over_http(people: Sequence[Resident], raw: Mapping[int, float]) -> list[Row]:
    """`raw` is what 1,000 of the best plain SQL take, in milliseconds, by the number of sessions."""
    cookies = _cookies(people[:ASKING])
    analyze(connection)
    by_form, by_program, many = list[Rush](), list[Rush](), list[Rush]()
    port = free_port()
    with our_server(port, workers=2), pretix() as their:
        checkouts = (lambda: their(f"checkouts {CHECKOUTS}")) if their is not None else None
        orders = (lambda: their(f"orders {ORDERS}")) if their is not None else None
        form = compare("", lambda: by_form.append(_rush_of_forms(port, cookies, 1)), "", checkouts, runs=5)
        keyed = compare("", lambda: by_program.append(_rush_of_programs(port, cookies)), "", orders, runs=5)
        compare("", lambda: many.append(_rush_of_forms(port, cookies, MANY)), runs=5)
    said, keyed_said = "over HTTP, the page's form", "over HTTP, a program with its key"
    rows = [
        Row(said, _each(by_form), "one statement", raw[1]),
        Row(said + _on(MANY), _each(many), "one statement", raw[MANY]),
        Row(keyed_said, _each(by_program), "one statement", raw[1]),
    ]
    if their is not None:
        checkout, order = ((row.against_ms or 0) * 1000 / count for row, count in ((form, CHECKOUTS), (keyed, ORDERS)))
        rows += [
            Row(said, _each(by_form), "pretix, a whole checkout", checkout),
            Row("page, form and ticket", _each(by_form, whole=True), "pretix, a whole checkout", checkout),
            Row(keyed_said, _each(by_program), "pretix, an order over REST", order),
        ]
    return [
        *rows,
        Row(f"{SEATS:,} seats gone in", statistics.median(rush.gone for rush in by_form[1:]) * 1000),
        Row("p99 of one form", statistics.median(rush.p99 for rush in by_form[1:]) * 1000),
    ]


def _each(rushes: Sequence[Rush], *, whole: bool = False) -> float:
    """Milliseconds of 1,000 answers, without setting the stage. The first rush warmed up."""
    taken = statistics.median(rush.all + (rush.around if whole else 0) for rush in rushes[1:])
    return taken * 1000 * 1000 / ASKING


def _rush_of_forms(port: int, cookies: Sequence[str], number: int) -> Rush:
    """Everybody opens the page of one of so many new sessions and sends its form; who is in opens the ticket."""
    sessions, seats = _sessions(number)
    paths = [f"/c/nanhu/activities/{one.activity.number}/{one.number}/" for one in sessions]
    opened = ask_all(
        port, [request(p, cookie=c) for p, c in zip(cycle(paths), cookies, strict=False)], CONNECTIONS, keep=True
    )
    opened.sort()
    forms = [_form(answer.heard, cookie) for answer, cookie in zip(opened, cookies, strict=True)]
    around = max(answer.at for answer in opened)
    answers = ask_all(port, forms, CONNECTIONS)
    rush = _judged(sessions, seats, answers, yes=302, no=422)
    tickets = [
        request(f"{path}enrollments/", cookie=cookie) for path, cookie in zip(cycle(paths), cookies, strict=False)
    ]
    began = time.perf_counter()
    ask(port, [tickets[answer.number] for answer in answers if answer.status == 302], CONNECTIONS)
    return rush._replace(around=around + time.perf_counter() - began)


def _rush_of_programs(port: int, cookies: Sequence[str]) -> Rush:
    """Everybody asks for a seat of a new session over the API, with a key of their own."""
    sessions, seats = _sessions(1)
    path = f"/c/nanhu/api/activities/{sessions[0].activity.number}/{sessions[0].number}/enrollments"
    asked = [post(path, cookie, b"{}", f"Idempotency-Key: {uuid4()}\r\n") for cookie in cookies]
    return _judged(sessions, seats, ask_all(port, asked, CONNECTIONS), yes=201, no=409)


def _sessions(number: int) -> tuple[list[Session], int]:
    """So many new ones, and how many seats each has."""
    sessions = [_session(SEATS // number) for _one in range(number)]
    connections.close_all()  # the server needs them now
    return sessions, SEATS // number


HIDDEN = re.compile(r'name="(\w+)" value="([^"]*)"')


def _form(heard: bytes, cookie: str) -> bytes:
    """The enrolment form of the page as a browser sends it, with the cookie that came with the page."""
    head, _gap, page = heard.decode().partition("\r\n\r\n")
    (form,) = [one for one in page.split("<form ")[1:] if "#enrollment" in one.partition(">")[0]]
    action, fields = form.partition('action="')[2].partition('"')[0], dict(HIDDEN.findall(form.partition("</form>")[0]))
    token = re.search(r"(?i)set-cookie: *(csrftoken=\w+)", head)
    assert token is not None
    site = "http://127.0.0.1"  # as `visitors` writes the host
    body = urlencode(fields | {"note": ""}).encode()
    more = f"Origin: {site}\r\nReferer: {site}{action.partition('#')[0]}\r\nUser-Agent: {BROWSER}\r\n"
    return post(action.partition("#")[0], f"{cookie}; {token[1]}", body, more, FORM)


def _judged(sessions: Sequence[Session], seats: int, answers: Sequence[Answer], *, yes: int, no: int) -> Rush:
    """How it went. Raises when too many or too few got a seat, or somebody heard anything else."""
    got = [answer for answer in answers if answer.status == yes]
    enrolled = Counter(Enrollment.objects.filter(session__in=sessions).values_list("session_id", flat=True))
    taken = PlacePool.objects.filter(owner__in=[one.pool_owner for one in sessions]).values_list("taken", flat=True)
    strange = {answer.status for answer in answers} - {yes, no}
    if strange or len(got) != SEATS or {*enrolled.values()} != {seats} or {*taken} != {seats}:
        raise AssertionError(f"{len(got)} heard yes, {enrolled} enrolled, {taken} taken, of {seats} seats; {strange}")
    connections.close_all()
    times = sorted(answer.took for answer in answers)
    return Rush(max(answer.at for answer in answers), max(answer.at for answer in got), times[int(len(times) * 0.99)])


def _cookies(people: Sequence[Resident]) -> list[str]:
    """Sign everybody in, as signing in does it, but many at a time."""
    accounts = [Account(name=person.name, username=f"u{person.number}", password="!") for person in people]  # noqa: S106  no password: nobody can sign in with it
    Account.objects.bulk_create(accounts)
    stores, rows = [], []
    for person, account in zip(people, accounts, strict=True):
        person.account = account
        store = SessionStore(session_key=SessionStore()._get_new_session_key())
        store[SESSION_KEY] = str(account.pk)
        store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        store[HASH_SESSION_KEY] = account.get_session_auth_hash()
        stores.append(store)
        rows.append(store.create_model_instance(store._get_session()))
    Resident.objects.bulk_update(people, ["account"], batch_size=500)
    store.model.objects.bulk_create(rows)
    return [f"sessionid={store.session_key}" for store in stores]
