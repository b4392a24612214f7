"""Pages kept for visitors: the same bytes without asking Django, nobody else's page, never one that was taken back."""

from __future__ import annotations

import http.client
import re
import signal
import time
from collections.abc import Iterable
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory

from tests.database import this_database
from tests.processes import web_server
from weiyifang.activities.tests import make as activities
from weiyifang.core import actors, outdating
from weiyifang.core.tenancy import in_community, outside_any_community
from weiyifang.core.web import kept
from weiyifang.core.web.access import page, resident
from weiyifang.core.web.kept import ASKED, KeptPages
from weiyifang.fund import services as fund
from weiyifang.fund.tests import make as money
from weiyifang.grants.tests import make as grants
from weiyifang.news import queries, reading, services
from weiyifang.news.tests import make

if TYPE_CHECKING:
    from weiyifang.communities.models import Community
    from weiyifang.core.actors import Actor
    from weiyifang.news.models import Article
    from weiyifang.people.testing import ClientOf

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = "Mozilla/5.0 (Linux; Android 12; M2012K11AC) MicroMessenger/8.0"


@pytest.fixture
def article(cast: dict[str, Actor]) -> Article:
    return make.published(by=cast["staff"], reviewer=cast["secretary"])


@pytest.fixture(autouse=True)
def nothing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins with an empty buffer of reads, and trusts nothing another test counted."""
    monkeypatch.setattr(reading, "counts", reading.Counts())
    monkeypatch.setattr(outdating, "_trusted", {})


class Answer:
    """What came back."""

    def __init__(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = int(status.split(maxsplit=1)[0]), dict(headers), body
        self.text = body.decode(errors="replace")
        self.cookies = SimpleCookie()
        for name, value in headers:
            if name == "Set-Cookie":
                self.cookies.load(value)


class Process:
    """Kept pages in front of Django, as one process has them; `made` counts the pages that Django made."""

    def __init__(self, application: Any = None) -> None:
        self.application = application or WSGIHandler()
        self.pages = KeptPages(self._make)
        self.made = 0

    def _make(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        self.made += 1
        answer: Iterable[bytes] = self.application(environ, start_response)
        return answer

    def get(self, path: str, cookie: str = "", **headers: str) -> Answer:
        said: list[Any] = []
        given = {"HTTP_HOST": "testserver", "HTTP_USER_AGENT": PHONE, "HTTP_COOKIE": cookie, **headers}
        with outside_any_community():
            environ = RequestFactory().get(path, **given).environ  # type: ignore[arg-type]  # a dictionary of plain values
            body = b"".join(self.pages(environ, lambda *answer: said.extend(answer)))  # type: ignore[arg-type]  # as a server calls it, less what is not asked
        return Answer(said[0], said[1], body)

    def let_time_pass(self) -> None:
        """Every page becomes older than it may be."""
        for one in (*self.pages.plain.pages.values(), *self.pages.odd.pages.values()):
            one.until = 0.0


def address(article: Article) -> str:
    return f"/c/nanhu/news/{article.number}/"


def test_a_page_is_made_once_and_answered_often(article: Article) -> None:
    process = Process()
    first, second = process.get(address(article)), process.get(address(article), device("a"))
    assert (first.status, second.status, process.made) == (200, 200, 1)
    assert first.text == second.text
    assert article.title in second.text
    assert second.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    process.let_time_pass()
    process.get(address(article))
    assert process.made == 2


@pytest.mark.parametrize("path", ["", "activities/", "activities/1/", "activities/1/1/", "news/", "fund/"])
def test_what_may_be_kept_is_kept(cast: dict[str, Actor], path: str) -> None:
    fund.open_fund(by=actors.system())
    activities.session()
    process = Process()
    assert [process.get(f"/c/nanhu/{path}").status for _time in range(2)] == [200, 200]
    assert process.made == 1


def test_a_file_that_a_kept_page_gives_is_made_for_each(cast: dict[str, Actor]) -> None:
    fund.open_fund(by=actors.system())
    grants.organizations()
    money.gift(cast["accountant"], 1_000_000)
    grants.published(cast)
    process = Process()
    for _time in range(2):
        file = process.get(f"/c/nanhu/grants/{grants.YEAR}/?as=xlsx")
        assert (file.status, file.body[:2]) == (200, b"PK")
    assert process.made == 2


def test_each_language_look_host_and_address_has_its_own(article: Article) -> None:
    process = Process()
    variants = [
        process.get(address(article)),
        process.get(address(article), HTTP_ACCEPT_LANGUAGE="en"),
        process.get(address(article), "look=3."),
        process.get(address(article), "look=3.dark"),
        process.get(f"{address(article)}?from=group"),
        process.get(address(article), HTTP_HOST="localhost"),
    ]
    assert process.made == len({answer.text for answer in variants}) == len(variants)
    assert 'data-size="3"' in process.get(address(article), "look=3.").text
    assert process.get(address(article), "django_language=en").text == variants[1].text
    assert process.made == len(variants)


def test_whoever_is_known_gets_a_page_of_their_own(article: Article, client_of: ClientOf) -> None:
    process = Process()
    process.get(address(article))
    session = client_of("resident").cookies["sessionid"].value
    assert "/accounts/logout/" in process.get(address(article), f"sessionid={session}").text
    process.get(address(article), "messages=x")
    assert "/accounts/logout/" not in process.get(address(article)).text
    assert process.made == 3


def keep(asked: kept.Asked, response: HttpResponse, seconds: float) -> None:
    """What a page for everybody does that was made."""
    until = time.monotonic() + seconds
    asked.page = kept.Page(community_id=0, changes=0, until=until, body=response.content, etag='"x"')
    asked.share.keep(asked.key, asked.page)


INVENTED = (  # what a bot makes up: the number it counts up goes in
    {"query": "?x={0}"},
    {"query": "?page={0}"},
    {"query": "?q=%E8%8C%B6{0}"},
    {"query": "?from=group&utm={0}"},
    {"HTTP_HOST": "testserver:{0}"},
)


@pytest.mark.parametrize("invented", INVENTED)
def test_invented_addresses_push_no_page_out_of_its_place(invented: dict[str, str]) -> None:
    made: list[str] = []

    def application(environ: Any, start_response: Any) -> HttpResponse:
        made.append(environ["PATH_INFO"])
        response = HttpResponse(b"x" * 60_000, headers={"X": "y"})
        keep(environ[ASKED], response, 600)
        start_response("200 OK", [])
        return response

    process = Process(application)
    process.get("/c/nanhu/")
    for number in range(kept.LIMIT + 200):
        said = {name: value.format(number) for name, value in invented.items()}
        process.get(f"/c/nanhu/news/{said.pop('query', '')}", **said)
        if number % 100 == 0:
            process.get("/c/nanhu/")
    assert made.count("/c/nanhu/") == 1
    assert len(process.pages.odd.pages) <= kept.ODD_LIMIT


def test_a_page_has_one_address(here: Community) -> None:
    session = activities.session()
    number = session.activity.number
    process = Process()
    assert process.get(f"/c/nanhu/activities/{number}/").status == 200
    assert {process.get(f"/c/nanhu/activities/{'0' * more}{number}/").status for more in (1, 4)} == {404}


def test_what_is_not_there_is_not_kept(article: Article) -> None:
    process = Process()
    for _time in range(2):
        assert process.get("/c/nanhu/news/999/").status == 404
    assert process.made == 2


def test_a_page_that_gives_a_cookie_is_not_kept() -> None:
    def application(environ: Any, start_response: Any) -> HttpResponse:
        response = HttpResponse("for you only")
        response.set_cookie("csrftoken", "secret")
        keep(environ[ASKED], response, 10)
        start_response("200 OK", [])
        return response

    process = Process(application)
    process.get("/c/nanhu/")
    process.get("/c/nanhu/")
    assert process.made == 2


def test_only_a_page_for_anyone_can_be_kept() -> None:
    with pytest.raises(ValueError, match="anyone"):
        page(resident, kept=1)


@pytest.mark.parametrize("verb", ["withdraw", "correct"])
def test_what_was_taken_back_is_gone_at_once(article: Article, cast: dict[str, Actor], verb: str) -> None:
    process = Process()
    process.get(address(article))
    if verb == "withdraw":
        services.withdraw(article=article, reason="搞错了", by=cast["secretary"])
        assert process.get(address(article)).status == 404
    else:
        services.correct(
            article=article, title="路灯还没修好", digest="", text="明天。", note="日子", by=cast["secretary"]
        )
        answer = process.get(address(article))
        assert "路灯还没修好" in answer.text
        assert article.text not in answer.text
    assert process.made == 2


def test_one_community_does_not_outdate_another(article: Article, neighbour: Community) -> None:
    process = Process()
    process.get(address(article))
    with in_community(neighbour):
        before = outdating.changes(neighbour.pk)
        with transaction.atomic():
            outdating.outdate()
        assert outdating.changes(neighbour.pk) == before + 1
    process.get(address(article))
    assert process.made == 1


def test_a_seat_taken_shows_when_the_page_is_a_second_old(here: Community) -> None:
    session = activities.session(places=8)
    process = Process()
    path = f"/c/nanhu/activities/{session.activity.number}/"
    before = process.get(path).text
    activities.enroll(session)
    assert process.get(path).text == before  # a rush for seats does not make every page anew
    process.let_time_pass()
    assert process.get(path).text != before


def test_while_one_request_makes_it_anew_the_others_get_the_old_page(article: Article) -> None:
    process = Process()
    process.get(address(article))
    (one,) = process.pages.plain.pages.values()
    one.until -= 10.2  # 0.2 seconds too old
    with in_community(article.community_id):
        assert [one.is_fresh(one.until + 0.2) for _request in range(3)] == [False, True, True]
        assert not one.is_fresh(one.until + kept.GRACE)


def test_reads_are_counted_exactly_though_the_page_is_kept(article: Article) -> None:
    process = Process()
    for number in range(20):
        for _time in range(2):
            process.get(address(article), device(f"reader{number}"))
    process.get(address(article), device("robot"), HTTP_USER_AGENT="curl/8.1")
    process.get(address(article), device("ahead"), HTTP_SEC_PURPOSE="prefetch")
    reading.counts.flush()
    assert process.made == 1
    with in_community(article.community_id):
        assert queries.total_reads() == 20
        assert [day.openings for day in queries.daily(1)] == [40]


def test_each_new_reader_gets_a_device_of_their_own(article: Article) -> None:
    process = Process()
    given = [process.get(address(article)).cookies[reading.COOKIE] for _reader in range(3)]
    assert process.made == 1
    assert len({cookie.value for cookie in given}) == 3
    assert all(cookie["httponly"] and cookie["samesite"] == "Lax" for cookie in given)
    assert not process.get(address(article), device("a")).cookies


def test_a_browser_that_has_the_page_gets_only_word_that_it_is_the_same(article: Article) -> None:
    process = Process()
    tag = process.get(address(article), device("a")).headers["ETag"]
    again = process.get(address(article), device("b"), HTTP_IF_NONE_MATCH=tag)
    assert (again.status, again.text) == (304, "")
    assert again.headers["Cache-Control"] == "private, no-cache"
    reading.counts.flush()
    with in_community(article.community_id):
        assert queries.total_reads() == 2


# --- real processes ---------------------------------------------------------------------------------------------


def device(name: str) -> str:
    """A cookie as a device of this name has had it since 2020."""
    return f"{reading.COOKIE}={reading.signer().sign(f'{name}.20200101')}"


def ask(port: int, path: str, cookie: str = "", form: dict[str, str] | None = None) -> tuple[int, str]:
    """One request on a connection of its own, so that any worker may answer it."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"User-Agent": PHONE, "Cookie": cookie}
    if form is None:
        link.request("GET", path, headers=headers)
    else:
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{port}"}
        link.request("POST", path, urlencode(form), headers)
    answer = link.getresponse()
    text = answer.read().decode()
    link.close()
    return answer.status, text


@pytest.mark.slow
def test_when_withdrawing_is_answered_no_process_shows_it(article: Article, client_of: ClientOf) -> None:
    session = f"sessionid={client_of('secretary').cookies['sessionid'].value}"
    path = f"/c/nanhu/workbench/news/{article.number}/withdrawal/"
    with web_server(this_database(), workers=2) as (port, _process):
        _status, form = ask(port, path, session)
        hidden = dict(re.findall(r'name="(csrfmiddlewaretoken|_once|_seen)" value="([^"]+)"', form))
        for _time in range(30):  # both processes keep it now
            assert ask(port, address(article))[0] == 200
        cookies = f"{session}; csrftoken={hidden['csrfmiddlewaretoken']}"
        assert ask(port, path, cookies, {**hidden, "reason": "搞错了"})[0] == 302
        assert {ask(port, address(article))[0] for _time in range(30)} == {404}


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_web_server_told_to_stop_loses_no_read(article: Article, number: signal.Signals) -> None:
    with web_server(this_database(), workers=2) as (port, process):
        for reader in range(40):
            assert ask(port, address(article), device(f"reader{reader}"))[0] == 200
        process.send_signal(number)
        process.wait(timeout=30)
    with in_community(article.community_id):
        assert queries.total_reads() == 40
