"""The workbench as those who work there walk it, link by link: what nobody reaches, and what leads to a refusal."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.urls import get_resolver
from pytest_django.plugin import DjangoDbBlocker

from tests import scenes
from tests.stage import NOON, Stage
from tests.test_access import plain
from tests.test_guards import leaves
from weiyifang.core import clock

ROLES = ("volunteer", "leader", "staff", "accountant", "supervisor", "street_officer", "secretary")
START, EACH = "/c/nanhu/workbench/", 3  # addresses of one route that are opened
LINK = re.compile(r'<a\b[^>]*\bhref="([^"#]+)')
REACHED_OTHERWISE = {
    "workbench/ui/": "for who writes pages",
    "workbench/find/": "from the search box in the head of every page",
    "workbench/activities/<number>/<date_number>/members/": "from an activity's own page, by who leads an organization",
    "workbench/activities/import/<brought_in>/": "after a file was brought",
    "workbench/activities/acts/<pk>/card/": "from the running order of a date that took place",
    "workbench/activities/offline.js": "by the page that works without network",
    "workbench/residents/<number>/numbers/<pk>/": "after saying why",
    "workbench/residents/import/<pk>/": "after choosing a file",
    "workbench/fund/payments/<pk>/correction/": "from a payment that was made: the walk opens others first",
    "workbench/banking/import/<pk>/": "after choosing a file",
    "workbench/banking/places/<pk>/months/<year>/<month>/": "from the list of months, once one is over",
    "workbench/banking/import/<pk>/columns/": "after choosing a file of a shape nobody knows",
    "workbench/residents/import/<pk>/rest.csv": "when rows of it were wrong",
    "workbench/residents/import/<pk>/rest.xlsx": "when rows of it were wrong",
    "workbench/stage/<number>/statement/": "from a show that was held, further down the list than this goes",
    "workbench/stage/income/<pk>/return/": "from there",
    "workbench/volunteering/papers/<number>/": "after having the paper made",
    "workbench/duties/<pk>/invitation/": "where staff need a second factor",
}


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    yield from scenes.on_stage("nanhu", django_db_blocker)


@pytest.fixture(scope="module")
def walks(stage: Stage) -> dict[str, dict[str, int]]:
    """For each role: every address that was opened, and how it answered."""
    return {who: walk(stage, who) for who in ROLES}


def walk(stage: Stage, who: str) -> dict[str, int]:
    seen, opened, answers = {START}, Counter[str](), dict[str, int]()
    waiting = deque([START])
    with clock.at(NOON):
        while waiting:
            address = waiting.popleft()
            answer = stage.browsers[who].get(address)
            answers[address] = answer.status_code
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                for link in map(unescape, LINK.findall(answer.content.decode())):
                    to = urlsplit(link)
                    if to.path.startswith(START) and to.path not in seen and opened[route_of(to.path)] < EACH:
                        opened[route_of(to.path)] += 1
                        seen.add(to.path)
                        waiting.append(link)
    return answers


def route_of(path: str) -> str:
    """The route an address belongs to, as `docs/access.md` writes it."""
    return plain(get_resolver("config.community_urls").resolve(path.removeprefix("/c/nanhu")).route)


@pytest.mark.parametrize("who", ROLES)
def test_no_link_of_the_workbench_leads_to_a_refusal(walks: dict[str, dict[str, int]], who: str) -> None:
    assert not {address: status for address, status in walks[who].items() if status >= 400}


def test_every_page_of_the_workbench_is_reached_by_links(walks: dict[str, dict[str, int]]) -> None:
    reached = {route_of(urlsplit(address).path) for answers in walks.values() for address in answers}
    pages = {
        plain(route)
        for route, view in leaves(get_resolver("config.community_urls").url_patterns)
        if route.startswith(("workbench/", "^workbench/")) and "GET" in getattr(view, "methods", ("GET",))
    }
    lost = pages - reached - REACHED_OTHERWISE.keys()
    assert not lost, "nobody comes there"
    assert not reached & REACHED_OTHERWISE.keys(), "a link leads there"
