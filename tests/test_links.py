"""Links lead nobody to a closed door: every link on every residents' page that somebody may open, followed by them.

The workbench is walked in `test_reachable.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests import scenes
from tests.browser.pages import NOT_PAGES
from tests.reading import Page
from tests.stage import Stage
from tests.test_access import LINES, OPEN, WHO
from weiyifang.core.tenancy import in_community

OURS = ("/c/", "/accounts/", "/look/")


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    """Made once, in a transaction that is undone."""
    yield from scenes.on_stage("nanhu", django_db_blocker)


def pages_of(stage: Stage, who: str) -> Iterator[str]:
    """The address of every page they may open."""
    for line, cells in LINES.items():
        method, route, variant = [*line.split(), ""][:3]
        is_page = method == "GET" and route not in NOT_PAGES and not route.startswith(("api/", "workbench/"))
        if is_page and cells[WHO.index(who)] == OPEN:
            yield stage.address(route, variant.removeprefix("@"))


def kind_of(link: str) -> tuple[str, ...]:
    """The page, and what is asked of it: with other values it answers alike."""
    parts = urlsplit(link)
    return (parts.path, *sorted(parse_qs(parts.query)))


@pytest.mark.parametrize("who", WHO)
def test_no_link_leads_to_a_closed_door(stage: Stage, who: str) -> None:
    stands_on: dict[str, str] = {}
    answers: dict[str, int] = {}
    kinds: set[tuple[str, ...]] = set()
    browser = stage.browsers[who]
    with transaction.atomic(), in_community(stage.community):
        for address in pages_of(stage, who):
            answer = browser.get(address)
            answers[address] = answer.status_code
            if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
                for link in Page(answer, address).links:
                    if link.startswith(OURS) and (kind := kind_of(link)) not in kinds:
                        kinds.add(kind)
                        stands_on[link.partition("#")[0]] = address
        for link in stands_on.keys() - answers.keys():
            answers[link] = browser.get(link).status_code
        transaction.set_rollback(True)
    closed = {link: (answers[link], f"on {page}") for link, page in stands_on.items() if answers[link] >= 400}
    assert not closed
