"""Nobody stops the house: what trickles, what is too large and what nobody reads costs no page."""

from __future__ import annotations

import http.client
import io
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from tests.database import this_database
from tests.processes import eventually, web_server
from tests.slow_bodies import PATH, connected, head, said, trickling
from weiyifang.communities.models import Community
from weiyifang.core.actors import Actor
from weiyifang.core.models import OnceRecord
from weiyifang.core.server.webserver import IDLE
from weiyifang.core.tenancy import outside_any_community
from weiyifang.core.web import bodies, kept
from weiyifang.core.web.bodies import ANYBODY, AT_WORK, Allowed, BodyFirst
from weiyifang.core.web.kept import LONGEST
from weiyifang.people.authentication import NOBODYS, SessionStore
from weiyifang.people.bodies import FILES, FORM, PROGRAM, allowed
from weiyifang.people.testing import ClientOf

ROOT = Path(__file__).resolve().parent.parent
UPLOAD = "/c/nanhu/workbench/residents/import/"
MULTIPART = "multipart/form-data; boundary=x"


# --- in the process --------------------------------------------------------------------------------------------


class Body(io.BytesIO):
    """A body that notes how much of it was read."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        self.taken += len(piece)
        return piece


class Front:
    """`BodyFirst` in front of an application that tells what it got."""

    def __init__(self, allows: Callable[[Any], Allowed] = lambda environ: Allowed()) -> None:
        self.got: list[bytes] = []
        self.status, self.headers = "", dict[str, str]()
        self.front = BodyFirst(self._application, allows)

    def _application(self, environ: Any, start_response: Any) -> list[bytes]:
        self.got.append(environ["wsgi.input"].read())
        start_response("200 OK", [])
        return [b"done"]

    def _start(self, status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Any:
        self.status, self.headers = status, dict(headers)

    def send(self, body: Body, length: object, path: str = "/c/nanhu/look/", **more: str) -> bytes:
        environ = RequestFactory().post(path, content_type="text/plain").environ
        environ |= {"wsgi.input": body, "CONTENT_LENGTH": str(length), **more}
        if length is None:
            del environ["CONTENT_LENGTH"]
        return b"".join(self.front(environ, self._start))


def test_what_anybody_may_send_comes_whole() -> None:
    front = Front()
    assert front.send(Body(b"x" * ANYBODY), ANYBODY) == b"done"
    assert front.got == [b"x" * ANYBODY]


def test_what_is_too_large_is_not_even_read() -> None:
    front, body = Front(), Body(b"[" * 10_000_000)
    front.send(body, 10_000_000)
    assert front.status.startswith("413")
    assert body.taken == 0
    assert front.got == []


def test_somebody_signed_in_may_finish_and_read_why() -> None:
    """A browser reads no answer before it has sent everything; what it sends is thrown away piece by piece."""
    front, body = Front(lambda environ: Allowed(FORM)), Body(b"x" * (FORM + 1))
    assert b"2 MB" in front.send(body, FORM + 1)
    assert body.taken == FORM + 1
    assert front.got == []


@pytest.mark.parametrize(
    ("length", "more", "status"),
    [
        (None, {"HTTP_TRANSFER_ENCODING": "chunked"}, "411"),
        (10, {"HTTP_TRANSFER_ENCODING": "chunked"}, "411"),
        ("-1", {}, "411"),
        ("1e9", {}, "411"),
        (10, {}, "408"),  # five bytes and no more
        (5, {"CONTENT_TYPE": MULTIPART}, "415"),
        (5, {"CONTENT_TYPE": "MULTIPART/mixed; boundary=x"}, "415"),
    ],
)
def test_what_is_not_plain_is_refused(length: object, more: dict[str, str], status: str) -> None:
    front = Front()
    front.send(Body(b"12345"), length, **more)
    assert front.status.startswith(status)
    assert front.got == []


@pytest.mark.parametrize(("accepted", "words"), [("zh-CN", "一次最多 64 kB"), ("en", "at most 64 kB")])
def test_people_and_programs_read_it_in_their_language(accepted: str, words: str) -> None:
    front = Front()
    page = front.send(Body(), ANYBODY + 1, HTTP_ACCEPT_LANGUAGE=accepted).decode()
    assert words in page
    assert front.headers["Content-Type"].startswith("text/html")
    told = front.send(Body(), ANYBODY + 1, PATH, HTTP_ACCEPT_LANGUAGE=accepted)
    assert b'{"code": "TooMuch", "detail": "' in told


def test_however_many_come_so_many_are_at_work() -> None:
    """The control: without the places all would be at work at once."""
    inside, most, gate = set[int](), list[int](), threading.Event()

    def application(environ: Any, start_response: Any) -> list[bytes]:
        inside.add(threading.get_ident())
        most.append(len(inside))
        gate.wait(30)
        inside.discard(threading.get_ident())
        return []

    front = BodyFirst(application, lambda environ: Allowed())
    threads = [threading.Thread(target=front, args=({}, None)) for _one in range(3 * AT_WORK)]
    for thread in threads:
        thread.start()
    assert eventually(lambda: len(inside) == AT_WORK)
    gate.set()
    for thread in threads:
        thread.join()
    assert max(most) == AT_WORK


def test_an_answer_is_put_together_before_anybody_reads_it() -> None:
    """Whoever reads slowly then holds no thread. What is longer than that goes out as it is made."""
    closed = list[str]()

    class Pieces:
        def __init__(self, count: int) -> None:
            self.count = count

        def __iter__(self) -> Iterator[bytes]:
            return iter([b"x" * (1 << 20)] * self.count)

        def close(self) -> None:
            closed.append("closed")

    short = BodyFirst(lambda environ, start: Pieces(2), lambda environ: Allowed())({}, None)  # type: ignore[arg-type]  # as a server calls it, less what is not asked
    assert isinstance(short, list)
    assert closed == ["closed"]
    long = BodyFirst(lambda environ, start: Pieces(40), lambda environ: Allowed())({}, None)  # type: ignore[arg-type]  # as a server calls it, less what is not asked
    assert sum(map(len, long)) == 40 << 20
    assert closed == ["closed"]
    long.close()  # type: ignore[attr-defined]  # a server closes what can be closed
    assert closed == ["closed", "closed"]


class HungUp:
    """A connection that notes when the server hangs up on it."""

    def __init__(self) -> None:
        self.times = 0

    def response_iter(self, status: int, headers: list[tuple[str, str]], body: Any) -> None:
        self.times += 1


def test_whoever_is_too_slow_is_hung_up_on_and_nobody_else() -> None:
    slow, lines = bodies.Slow(), [HungUp(), HungUp()]
    now = time.monotonic()
    with slow.watched({bodies.LINE: lines[0]}, 1000):
        assert slow.hang_up(now + bodies.PATIENCE) == 0
        assert slow.hang_up(now + bodies.PATIENCE + 2) == 1
    assert slow.hang_up(now + 1000) == 0
    with slow.watched({bodies.LINE: lines[1]}, 320 * bodies.SLOWEST):  # a file over a bad line
        assert slow.hang_up(now + bodies.PATIENCE + 300) == 0
    assert [line.times for line in lines] == [1, 0]


def test_one_address_has_so_many_slow_bodies_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    slow, now = bodies.Slow(), time.monotonic()
    slow._coming |= {-n: bodies._Coming(now - 5, now + 5, "10.0.0.1", None) for n in range(bodies.SLOW_EACH)}
    with slow.watched({"REMOTE_ADDR": "10.0.0.2"}, 10):
        pass
    with pytest.raises(bodies.TooManySlow), slow.watched({"REMOTE_ADDR": "10.0.0.1"}, 10):
        pass


# --- who may send how much -------------------------------------------------------------------------------------


def asked(path: str, cookie: str = "") -> Allowed:
    with outside_any_community():
        return allowed(RequestFactory().post(path, HTTP_COOKIE=cookie).environ)


@pytest.mark.django_db(transaction=True)
def test_how_much_somebody_may_send_depends_on_who_and_where(client_of: ClientOf, cast: dict[str, Actor]) -> None:
    cookies = {key: f"sessionid={client_of(key).cookies['sessionid'].value}" for key in ("resident", "staff")}
    anywhere = [
        "/c/nanhu/me/claim/",
        "/c/nanhu/api/people/me",
        UPLOAD,
        "/accounts/login/",
        "/c/nowhere/",
        "/c/nanhu/x/",
    ]
    for path in anywhere:
        assert asked(path) == asked(path, f"sessionid={'x' * 32}") == Allowed(ANYBODY, files=False)
    assert asked("/c/nanhu/me/claim/", cookies["resident"]) == Allowed(FORM)
    assert asked(PATH, cookies["resident"]) == Allowed(PROGRAM)
    assert asked(UPLOAD, cookies["resident"]) == Allowed(FORM)
    assert asked(UPLOAD, cookies["staff"]) == Allowed(FILES, files=True)
    assert asked(UPLOAD.replace("nanhu", "neighbour"), cookies["staff"]).files is False


def views(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, Any]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from views(one, before + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield before + str(one.pattern), one.callback


def test_so_few_pages_take_files() -> None:
    """Another one wants its limits thought about: rows, columns, bytes unpacked (see `core.tables`)."""
    taking = [path for path, view in views(get_resolver("config.community_urls")) if getattr(view, "files", False)]
    assert sorted(taking) == [
        "workbench/activities/<number:number>/dates/calendar/",
        "workbench/activities/<number:number>/edit/",
        "workbench/activities/import/",
        "workbench/activities/new/",
        "workbench/banking/import/",
        "workbench/fund/payments/<uuid:pk>/papers/",
        "workbench/grants/<uuid:pk>/table/",
        "workbench/news/<number:number>/correction/",
        "workbench/news/<number:number>/draft/",
        "workbench/news/new/",
        "workbench/organizations/<number:number>/details/",
        "workbench/papers/<str:kind>/<uuid:pk>/",
        "workbench/residents/import/",
        "workbench/sharing/<number:number>/edit/",
        "workbench/sharing/bookings/<uuid:pk>/handover/",
        "workbench/sharing/bookings/<uuid:pk>/return/",
        "workbench/sharing/new/",
    ]


def test_the_proxies_let_through_what_the_program_takes() -> None:
    """And no more; and they keep no connection longer than the program does."""
    nginx = (ROOT / "deploy/nginx/weiyifang.conf").read_text()
    caddy = (ROOT / "deploy/caddy/Caddyfile").read_text()
    sizes = {"64k": ANYBODY, "2m": FORM, "12m": FILES}
    assert [sizes[size] for size in re.findall(r"client_max_body_size (\w+);", nginx)] == [FORM, ANYBODY, FILES]
    units = {"KiB": 1 << 10, "MiB": 1 << 20}
    given = re.findall(r"max_size (\d+)(\w+)", caddy)
    assert [int(number) * units[unit] for number, unit in given] == [FILES, ANYBODY, FORM]
    taking = [path for path, view in views(get_resolver("config.community_urls")) if getattr(view, "files", False)]
    let_through = re.findall(r"(?:location ~|path_regexp) (\^/c/\S+\$)(?=\s)", nginx + caddy)
    assert len(let_through) == 3
    for pattern in let_through:
        for path in taking:
            named = path.replace("<uuid:pk>", str(uuid4())).replace("<number:number>", "7")
            named = named.replace("<str:kind>", "fund.donation")
            assert re.match(pattern, f"/c/nanhu/{named}")
        assert not re.match(pattern, "/c/nanhu/workbench/fund/payments/new/")
    kept_open = re.findall(r"keepalive(?:_timeout)? (\d+)s", nginx.split("server {", 1)[0] + caddy)
    assert [int(seconds) < IDLE for seconds in kept_open] == [True, True]


# --- the server as it runs -------------------------------------------------------------------------------------


def page(port: int, path: str, cookie: str = "") -> int:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    link.request("GET", path, headers={"Cookie": cookie})
    answer = link.getresponse()
    answer.read()
    link.close()
    return answer.status


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_pages_answer_while_others_dawdle_and_then_those_are_hung_up_on(here: Community) -> None:
    """More of them than there are places of work; heads that trickle; connections that say nothing."""
    database = this_database()
    connections.close_all()
    with web_server(database) as (port, _process), trickling(port, 40) as links, ExitStack() as closing:
        head_only, idle, silent = (closing.enter_context(connected(port)) for _one in range(3))
        head_only.sendall(b"GET / HT")
        idle.sendall(b"GET /health/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert [page(port, path) for path in ("/health/", "/c/nanhu/", "/c/nanhu/news/")] == [200, 200, 200]
        large = closing.enter_context(connected(port))
        large.sendall(head(PATH, 10_000_000) + b"[" * 1000)
        assert b" 413 " in said(large)
        for answer in map(said, links):  # each is hung up on; a busy server says first that it took too long
            assert answer == b"" or answer.startswith(b"HTTP/1.1 408 ")
        assert (said(head_only), said(silent)) == (b"", b"")
        assert said(idle).startswith(b"HTTP/1.1 200 ")
        assert page(port, "/c/nanhu/") == 200


# --- what stays ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_visitor_leaves_no_row_however_often_they_post(here: Community, client_of: ClientOf) -> None:
    visitor = client_of("visitor")
    visitor.defaults["HTTP_ORIGIN"] = "http://testserver"
    for number in range(5):
        form = {"_once": f"key-{number}", "size": "3", "next": "/c/nanhu/?" + "x" * 3000}
        assert visitor.post("/c/nanhu/look/", form).status_code < 400
        assert visitor.post("/c/nanhu/me/claim/", form).status_code < 400
        visitor.post(PATH, {}, content_type="application/json", headers={"Idempotency-Key": f"key-{number}"})
    assert not OnceRecord.objects.exists()
    assert not Session.objects.exists()


def test_the_session_of_somebody_who_is_not_signed_in_lives_an_hour() -> None:
    store = SessionStore()
    store["phone"] = "13900001234"
    assert store.get_expiry_age() == NOBODYS
    assert store.get_expiry_date() <= timezone.now() + timedelta(seconds=NOBODYS)
    store[SESSION_KEY] = "somebody"
    assert store.get_expiry_age() > NOBODYS


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body", ["[" * 60_000, '{"a":' * 10_000, "[" * 30_000 + "]" * 30_000, '"' + "\\u0000" * 10_000]
)
def test_json_of_any_depth_is_refused_with_a_sentence(client_of: ClientOf, here: Community, body: str) -> None:
    answer = client_of("resident").post(PATH, body, content_type="application/json")
    assert answer.status_code in {400, 404, 422}


@pytest.mark.parametrize(
    "more",
    [
        {"QUERY_STRING": "q=" + "x" * LONGEST},
        {"PATH_INFO": "/c/nanhu/" + "x" * LONGEST},
        {"HTTP_HOST": "x" * LONGEST},
        {"HTTP_ACCEPT_LANGUAGE": "en," * LONGEST},
        {"HTTP_COOKIE": "a=" + "x" * 9 * LONGEST},
    ],
)
def test_no_page_is_kept_under_a_key_somebody_made_long(more: dict[str, str]) -> None:
    environ = RequestFactory().get("/c/nanhu/").environ
    assert kept._reader(environ) is not None
    assert kept._reader(environ | more) is None


def test_pages_are_kept_up_to_so_many_bytes() -> None:
    """Three make room for the fourth; what is renewed counts once."""
    share = kept.Share(limit=9, limit_bytes=3_000)
    for number in (1, 2, 3, 3, 3, 4):
        share.keep((str(number),), kept.Page(community_id=1, changes=0, until=1, body=b"x" * 1_000, etag="x"))
    assert list(share.pages) == [("2",), ("3",), ("4",)]


REMEMBERED = {  # what may stand in a cache of a process, and why no visitor can fill the memory with it
    "core.found.modules": "names of modules of ours",
    "core.look.charts._qr": "addresses of ours",
    "core.web.door._language": "at most door.LONGEST letters",
    "core.web.kept._look": "ten letters",
    "core.prepared._numbered": "statements of ours",
    "core.web.static_files._mark": "names of files of ours",
    "core.web.visitor._address_in": "at most visitor.LONGEST letters",
    "news.reading._secret": "a key of ours",
    "news.reading._signed": "at most LONGEST_COOKIE letters",
    "news.reading._signer": "keys of ours",
    "news.reading.is_program": "at most LONGEST_AGENT letters",
    "people.authentication._opened": "sessions that are in the database",
    "people.secrets._boxes": "keys of ours",
    "people.secrets._fernet": "keys of ours",
    "people.secrets._finder": "keys of ours",
    "wechat_pay.merchant._read": "settings of ours",
}


def test_whatever_a_process_remembers_has_its_reason() -> None:
    """Each function whose answers are remembered by a text it was given."""
    found = set[str]()
    for file in sorted((ROOT / "weiyifang").rglob("*.py")):
        if "tests" in file.parts or "demo.py" in file.name:
            continue
        for name, given in re.findall(r"@(?:lru_)?cache\b[^\n]*\ndef (\w+)\(([^)]*)\)", file.read_text()):
            if "str" in given:
                module = ".".join(file.relative_to(ROOT / "weiyifang").with_suffix("").parts)
                found.add(f"{module}.{name}")
    assert found == set(REMEMBERED)
