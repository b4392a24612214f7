"""A thousand pages over HTTP: an article whose reads are counted exactly, and an activity with its free seats.

    make bench ARGS=pages

Each line is the CPU of 1,000 pages, of the servers and their database together, asked for over 16 open connections;
every side is served by granian with one worker. (On the wall, whoever else uses the machine would be measured too.)
Each page of ours goes to another reader, with a device of their own, and is a read that must be in the database in the
end: one too few, or too many, stops the measurement. "Bare" is a Django page with one query, one template and no
middleware that counts nothing; Wagtail's is a page of a site as `wagtail start` makes it, which counts nothing either.
Both keep their connection to the database. pretix has two workers of one thread, and ours two beside it; its CPU has
the one who asks in it. "Signed in" is what a resident gets who stands by a child, has two tickets, gave once and has
messages; the workbench is somebody's on the staff. pretix migrates for minutes the first time.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version
from typing import NamedTuple

from django.db import connection
from django.test import Client

from bench.cpu import of_servers
from bench.peers import database, peer, pretix
from bench.scratch import scratch_database
from bench.table import Row, compare
from bench.visitors import free_port
from bench.web import WORKERS, ask, our_server, request, server
from weiyifang.activities import services as activities
from weiyifang.activities.models import Session
from weiyifang.communities.models import Community
from weiyifang.core import actors, clock
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import in_community, outside_any_community
from weiyifang.core.web.bodies import AT_WORK
from weiyifang.fund import services as fund
from weiyifang.fund.services import Receipt
from weiyifang.news import queries, reading, services
from weiyifang.news.models import Column
from weiyifang.people import services as people
from weiyifang.people.models import Account, RelationKind
from weiyifang.people.roles import Permission, Role

NANHU = 500108002001
OURS, BARE, FEWER, SLOW, FEW = 4_000, 800, 200, 50, 16  # pages in one run of a side
PARAGRAPH = "社区消息，一段不长不短的文字。" * 15
SINCE = "20200101"  # the day a reader's device got its cookie
GRANIAN = ["--interface", "wsgi", "--workers", str(WORKERS), "--blocking-threads", str(AT_WORK), "--no-ws"]
GRANIAN += ["--log-level", "warning"]


def run() -> list[Row]:
    """Measure on a database of its own."""
    with scratch_database():
        Community.objects.create(id=NANHU, slug="nanhu", name="南湖社区", short_name="南湖社区", phone="023-0000 0000")
        with in_community(NANHU):
            article, activity = _article(), _activity()
            resident, staff = _resident(activity), _staff()
            ours, bare, theirs = free_port(), free_port(), free_port()
            with our_server(ours), _bare(bare), _wagtail(theirs) as has_wagtail:
                readers = Readers(ours, article)
                kept = Side("article", readers, OURS)
                rows = [_row(kept, Side("bare Django", _asking(bare, "/news/1/", BARE), BARE), readers.wait)]
                if has_wagtail:
                    rows.append(_row(kept, Side("Wagtail", _asking(theirs, "/news-1/", SLOW), SLOW), readers.wait))
                signed_in = Side("article, signed in", _asking(ours, article, BARE, resident), BARE)
                bare_page = Side("bare Django", _asking(bare, "/news/1/", BARE), BARE)
                if has_wagtail:
                    rows.append(_row(signed_in, Side("Wagtail", _asking(theirs, "/news-1/", SLOW), SLOW)))
                rows.append(_row(signed_in, bare_page))
                readers.wait(others=1)  # the resident is one reader, however often they come
                for name, path, cookie in (
                    ("activity", activity, resident),
                    ("home", "/c/nanhu/", resident),
                    ("the fund", "/c/nanhu/fund/", resident),
                    ("Me", "/c/nanhu/me/", resident),
                    ("the workbench", "/c/nanhu/workbench/", staff),
                ):
                    rows.append(_row(Side(f"{name}, signed in", _asking(ours, path, FEWER, cookie), FEWER), bare_page))
            return [*rows, *_beside_pretix(activity, resident)]


def _beside_pretix(activity: str, resident: str) -> list[Row]:
    """An activity's page, by two workers as pretix has them."""
    port = free_port()
    with our_server(port, workers=2), pretix() as event:
        ours = Side("activity, 2 workers", _asking(port, activity, OURS), OURS)
        signed_in = Side("activity, signed in, 2 workers", _asking(port, activity, BARE, resident), BARE)
        theirs = Side("pretix, an event's page", lambda: event(f"pages {FEW}"), FEW) if event is not None else None
        return [_row(ours, theirs), _row(signed_in, theirs)]


class Side(NamedTuple):
    """Who is measured: `ask` opens so many pages."""

    name: str
    ask: Callable[[], object]
    pages: int


def _row(ours: Side, theirs: Side | None = None, between: Callable[[], object] = lambda: None) -> Row:
    """Milliseconds of CPU for 1,000 pages of each side."""
    if theirs is None:
        return Row(ours.name, compare("", ours.ask, between=between, clock=of_servers).ours_ms * 1000 / ours.pages)
    row = compare("", ours.ask, theirs.name, theirs.ask, between=between, clock=of_servers)
    return Row(ours.name, row.ours_ms * 1000 / ours.pages, theirs.name, (row.against_ms or 0) * 1000 / theirs.pages)


def _asking(port: int, path: str, pages: int, cookie: str = "") -> Callable[[], object]:
    requests = [request(path, cookie=cookie)] * pages
    return lambda: ask(port, requests)


def _device(number: int) -> str:
    """The cookie of a reader who came before."""
    return f"{reading.COOKIE}={reading.signer().sign(f'reader{number}.{SINCE}')}"


@dataclass
class Readers:
    """A crowd that opens an article; nobody comes twice."""

    port: int
    path: str
    came: int = 0

    def __call__(self) -> None:
        numbers = range(self.came, self.came + OURS)
        ask(self.port, [request(self.path, cookie=_device(number)) for number in numbers])
        self.came += OURS

    def wait(self, others: int = 0) -> None:
        """Until all of them are counted; raises when it is not exactly all of them."""
        until = time.monotonic() + 20
        while (counted := queries.total_reads()) < self.came + others and time.monotonic() < until:
            time.sleep(0.1)
        if counted != self.came + others:
            raise AssertionError(f"{counted} reads counted of {self.came + others}")


# --- what is read ------------------------------------------------------------------------------------------------


def _article() -> str:
    def person(name: str) -> Actor:
        rights = {permission: frozenset({actors.EVERYWHERE}) for permission in Permission}
        account = Account.objects.create_user(name=name)
        return Actor(community_id=NANHU, account_id=account.pk, name=name, rights=rights)

    writer, reviewer = person("何静"), person("罗敏")
    services.open_columns(by=actors.system())
    text, column = "\n\n".join([PARAGRAPH] * 8), Column.objects.all()[0]
    for number in range(1, 4):
        article = services.write(column=column, title=f"第{number}篇", text=text, by=writer)
        services.publish(article=services.submit(article=article, by=writer), by=reviewer)
    return "/c/nanhu/news/2/"


def _activity() -> str:
    by, starts_at = actors.system(), clock.now() + timedelta(days=3)
    activity = activities.plan(title="太极晨练", place="多功能厅", places=40, description=PARAGRAPH, by=by)
    for week in range(4):
        day = starts_at + timedelta(weeks=week)
        activities.add_session(activity=activity, starts_at=day, ends_at=day + timedelta(hours=1), by=by)
    activities.publish(activity=activity, by=by)
    return f"/c/nanhu/activities/{activity.number}/"


def _resident(activity: str) -> str:
    """Somebody with a family, two tickets, a gift and a message; the cookie of their session."""
    by = actors.system()
    account = Account.objects.create_user(name="王孃孃", phone="+8619900030000", phone_verified=True)
    me = people.register_resident(name="王孃孃", born_on=date(1980, 1, 2), by=by)
    people.link_account(resident=me, account=account, by=by)
    child = people.register_resident(name="王小妹", born_on=clock.today() - timedelta(days=3_000), by=by)
    people.relate(resident=child, helper=me, kind=RelationKind.GUARDIAN, by=by)
    number = int(activity.rstrip("/").rpartition("/")[2])
    sessions = Session.objects.select_related("activity").filter(activity__number=number).order_by("starts_at")
    for session, person in zip(sessions, (me, child), strict=False):
        activities.enroll(session=session, resident=person, by=by)
    fund.open_fund(by=by)
    today = clock.today()
    gift = Receipt(amount_fen=100_000, channel="residents", received_on=today, donor_name="王孃孃", resident_id=me.pk)
    fund.receive(receipt=gift, by=by)
    return _session_of(account)


def _staff() -> str:
    """Somebody at the workbench (staff need no second factor here)."""
    account = Account.objects.create_user(name="何静", phone="+8619900030001", phone_verified=True)
    people.give_duty(account=account, role=Role.STAFF, by=actors.system())
    return _session_of(account)


def _session_of(account: Account) -> str:
    with outside_any_community():
        client = Client()
        client.force_login(account)
    return f"sessionid={client.cookies['sessionid'].value}"


# --- who else serves ---------------------------------------------------------------------------------------------


@contextmanager
def _bare(port: int) -> Iterator[None]:
    """The bare page on our own database."""
    ours = {key: connection.settings_dict[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    arguments = ["-m", "granian", *GRANIAN, "--port", str(port), "bench.peers.bare:application"]
    with server(arguments, port, {"PEER_DATABASE": json.dumps(ours)}):
        yield


@contextmanager
def _wagtail(port: int) -> Iterator[bool]:
    """Wagtail on an empty database of the same server; False when it cannot be installed."""
    packages = "wagtail==8.0.1", "psycopg[binary]", f"granian=={version('granian')}"
    with database("wagtail") as environment:
        environment |= {"PEER_PARAGRAPH": PARAGRAPH, "PEER_GRANIAN": " ".join(GRANIAN)}
        with peer("wagtail", *packages, environment=environment) as site:
            if site is not None:
                site(f"serve {port}")
            yield site is not None
