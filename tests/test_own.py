"""A page for everybody, and what in it is somebody's own: one is made where no person is, the other is never kept.

Every page of `docs/access.md` that is kept is opened by everybody in turn, out of one page, and must be what it is when
it is made for each of them alone.
"""

from __future__ import annotations

import http.client
import random
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any, cast

import pytest
from django.contrib.messages import get_messages
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory
from django.urls import get_resolver
from pytest_django.plugin import DjangoDbBlocker

from tests import scenes
from tests.database import this_database
from tests.processes import web_server
from tests.stage import Stage, home_of
from tests.test_access import LINES, OPEN, WHO, plain
from tests.test_guards import leaves
from tests.test_kept import PHONE
from tests.test_rush import neighbours
from weiyifang.activities.tests import make as activities
from weiyifang.communities.models import Community
from weiyifang.core.actors import Actor, system
from weiyifang.core.look.care import Look
from weiyifang.core.tenancy import in_community
from weiyifang.core.web import kept, own, waiting
from weiyifang.core.web.access import PageRequest
from weiyifang.fund import services as fund
from weiyifang.news.tests import make as news
from weiyifang.notices.tests import make as notices
from weiyifang.people.testing import VISITOR

# each time another: the token of a form, its key against doing it twice, and when it was made for whom
EACH_TIME = re.compile(r'name="(csrfmiddlewaretoken|_once|_for|_seen)" value="[^"]*"')


def kept_lines() -> list[str]:
    """The lines of docs/access.md whose pages are kept."""
    routes = leaves(get_resolver("config.community_urls").url_patterns)
    found = {f"GET {plain(route) or '/'}" for route, view in routes if getattr(view, "kept", 0)}
    return [line for line in LINES if line in found]


def readers(line: str) -> list[str]:
    """For whom it opens."""
    return [who for who, cell in zip(WHO, LINES[line], strict=True) if cell == OPEN]


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    """Made once; the resident has somebody to stand by, and a message nobody has read."""
    for stage in scenes.on_stage("nanhu", django_db_blocker):
        with in_community(stage.community):
            me = home_of(stage.cast, "resident")
            activities.enroll(activities.session(days=1, title="明天的课"), me)
            notices.told(me)
        yield stage


class Pages:
    """What one process keeps, without the door in front of Django, which closes connections: here all is one
    transaction.
    """

    def __init__(self, stage: Stage) -> None:
        self.stage, self.share = stage, kept.Share(1_000, 10**9)

    def get(self, path: str, who: str, *, alone: bool = False) -> str:
        """The page as somebody gets it; `alone`: made for them and nobody else."""
        asked = kept.Asked(key=(path, ""), share=self.share, is_somebodys=who != VISITOR)
        more: dict[str, Any] = {} if alone else {kept.ASKED: asked}
        answer = self.stage.browsers[who].get(path, HTTP_USER_AGENT=PHONE, HTTP_ACCEPT_LANGUAGE="zh-CN", **more)
        return EACH_TIME.sub("", answer.content.decode())


@pytest.mark.parametrize("line", kept_lines())
def test_everybody_gets_out_of_one_page_what_is_made_for_them_alone(stage: Stage, line: str) -> None:
    path, pages = stage.address(line.split()[1]), Pages(stage)
    may = readers(line)
    alone = {who: pages.get(path, who, alone=True) for who in may}
    for who in [*may, *reversed(may), *may[:2]]:
        assert pages.get(path, who) == alone[who], who
    kept_now = pages.share.pages.values()
    if not line.startswith("GET workbench/"):
        assert len(kept_now) == 1  # all of them read this one
    for page in kept_now:
        text = page.body.decode()
        assert EACH_TIME.sub("", text) == text == alone.get(VISITOR, text)


def test_who_has_other_duties_gets_another_page(stage: Stage) -> None:
    """And who has the same gets the same: a page for a duty is kept by roles and rights, and by nothing else."""
    pages = Pages(stage)
    held = set()
    for who in readers("GET workbench/"):
        pages.get(stage.address("workbench/"), who)
        actor = stage.cast[who]
        if any(not wait.is_oversight for wait in waiting.of(actor)):
            held.add((actor.roles, frozenset(actor.rights.items())))
    assert {key[-2:] for key in pages.share.pages} == held
    assert len(held) > 3


@pytest.mark.parametrize("line", kept_lines())
def test_what_is_kept_knows_nobody(stage: Stage, line: str) -> None:
    """Neither a name nor a number of those who opened it stands in it, where it is not public for everybody."""
    path, pages = stage.address(line.split()[1]), Pages(stage)
    public = pages.get(path, VISITOR, alone=True)
    for who in readers(line):
        pages.get(path, who)
    for page in pages.share.pages.values():
        text = "".join(part for part in page.parts if isinstance(part, str)) + repr(sorted(page.context))
        for who, actor in stage.cast.items():
            for said in (actor.name, str(actor.account_id), str(actor.resident_id)):
                assert said not in text or said in unescape(public), who


def test_every_place_that_is_named_is_on_some_page(stage: Stage) -> None:
    """And so is tried above; a place in no template is a name for nothing."""
    pages = Pages(stage)
    for line in kept_lines():
        pages.get(stage.address(line.split()[1]), "secretary" if line.startswith("GET workbench/") else "resident")
    there = {spot.name for page in pages.share.pages.values() for spot in page.spots}
    assert there == {*own.names()}


# --- what is for nobody -----------------------------------------------------------------------------------------


@pytest.fixture
def asks(here: Community, cast: dict[str, Actor]) -> PageRequest:
    """Somebody's request for a page, as a view gets it."""
    request = cast_request(RequestFactory().get("/c/nanhu/", HTTP_COOKIE="sessionid=secret; csrftoken=secret"))
    request.community, request.actor, request.urlconf = here, cast["resident"], "config.community_urls"
    return request


def cast_request(request: HttpRequest) -> PageRequest:
    return cast("PageRequest", request)


def test_nobodys_request_holds_nothing_of_the_person(asks: PageRequest) -> None:
    request = own.nobodys(asks, Look())
    assert "secret" not in repr(request.META)
    assert request.actor == Actor(community_id=asks.community.pk)
    assert not request.user.is_authenticated
    assert not list(get_messages(request))
    with pytest.raises(AttributeError):
        assert request.session


def with_token(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_token(request))


def with_cookie(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("for you only")
    response.set_cookie("mine", "1")
    return response


def not_there(request: HttpRequest) -> HttpResponse:
    return HttpResponse("gone", status=410)


@pytest.mark.parametrize("view", [with_token, with_cookie, not_there])
def test_what_holds_a_token_or_gives_a_cookie_or_is_not_there_is_no_page_for_everybody(
    asks: PageRequest, view: Any
) -> None:
    assert kept._made(own.nobodys(asks, Look()), 10, view) is None
    assert kept._made(own.nobodys(asks, Look()), 10, lambda request: HttpResponse("for all")) is not None


def test_nobody_can_write_a_place_into_a_page() -> None:
    """What marks a place is another for each page that is made."""
    making = own.Making()
    assert making.parts(f"\x02{'0' * 16}0\x03 \x020\x03") == [f"\x02{'0' * 16}0\x03 \x020\x03"]
    assert own.Making().mark != making.mark


# --- through the real server ------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_in_two_hundred_requests_at_once_nobody_sees_anothers(here: Community, cast: dict[str, Actor]) -> None:
    fund.open_fund(by=system())
    article, session = news.published(by=cast["staff"], reviewer=cast["secretary"]), activities.session(places=90)
    residents, cookies = neighbours(12)
    for resident in residents[::2]:
        activities.enroll(session, resident)
    number = session.activity.number
    paths = [f"/c/nanhu/{path}" for path in ("", f"activities/{number}/", f"news/{article.number}/", "fund/", "me/")]
    names = {resident.name for resident in residents}
    connections.close_all()
    seed = random.randrange(10**6)
    dice = random.Random(seed)
    wishes = [(dice.choice(paths), dice.randrange(-3, len(residents))) for _one in range(200)]
    with web_server(this_database(), workers=2) as (port, _process):

        def ask(wish: tuple[str, int]) -> tuple[int, str]:
            path, place = wish
            headers = {"User-Agent": PHONE, "Accept-Language": "zh-CN"}
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            link.request("GET", path, headers=headers | ({"Cookie": cookies[place]} if place >= 0 else {}))
            answer = link.getresponse()
            text = unescape(answer.read().decode())
            link.close()
            return answer.status, text

        with ThreadPoolExecutor(16) as crowd:
            answers = list(crowd.map(ask, wishes))
    tokens = []
    for (path, place), (status, text) in zip(wishes, answers, strict=True):
        mine = {residents[place].name} if place >= 0 else set()
        assert status == (302 if path.endswith("/me/") and not mine else 200), (seed, path)
        assert {name for name in names if re.search(rf"{name}(?!\d)", text)} <= mine, (seed, path, place)
        assert ("/accounts/logout/" in text) == bool(mine), (seed, path)
        if path == paths[0] and mine:
            assert mine <= {name for name in names if name in text}, (seed, path)
        tokens += re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
    assert len(tokens) > 100
    assert {len([one for one in tokens if one == token]) for token in tokens} <= {1, 2, 3}, seed  # forms of one page
