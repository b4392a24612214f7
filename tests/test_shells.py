"""Whatever is answered stands where the person was: the workbench's pages in the workbench, ours at home."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests import scenes
from tests.stage import Stage
from tests.test_access import LINES, OPEN, WHO
from weiyifang.core.tenancy import in_community

HOME, BENCH = "/c/nanhu/", "/c/nanhu/workbench/"
SENT_TO = sorted({line for line in LINES if line.startswith("POST ") and " api/" not in line and " look/" not in line})


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    yield from scenes.on_stage("nanhu", django_db_blocker)


def ask(stage: Stage, who: str, address: str, data: dict[str, Any] | None = None) -> Any:
    with transaction.atomic(), in_community(stage.community):
        browser = stage.browsers[who]
        answer = browser.get(address) if data is None else browser.post(address, data)
        transaction.set_rollback(True)
    return answer


def is_in_the_workbench(page: Any) -> bool:
    return 'class="docked bench"' in page.content.decode()


@pytest.mark.parametrize(
    ("who", "address", "status"),
    [
        ("volunteer", f"{BENCH}residents/", 403),
        ("staff", f"{BENCH}residents/999999/", 404),
        ("staff", f"{BENCH}nowhere/", 404),
    ],
)
def test_what_is_not_there_or_not_for_me_leaves_me_in_the_workbench(
    stage: Stage, who: str, address: str, status: int
) -> None:
    page = ask(stage, who, address)
    assert page.status_code == status
    assert is_in_the_workbench(page)


def test_a_refused_act_leaves_me_in_the_workbench_with_a_way_back(stage: Stage) -> None:
    where = stage.address("workbench/activities/<number>/end/", "")
    page = ask(stage, "leader", where, {"_page": f"{BENCH}activities/"})
    assert page.status_code == 403
    assert is_in_the_workbench(page)
    assert f'href="{BENCH}activities/"' in page.content.decode()


def test_a_resident_never_sees_the_workbenchs_shell(stage: Stage) -> None:
    for address in (f"{BENCH}residents/", f"{BENCH}nowhere/", f"{HOME}nowhere/"):
        page = ask(stage, "resident", address)
        assert page.status_code in {403, 404}
        assert not is_in_the_workbench(page)
        assert 'class="dock"' in page.content.decode(), "the ways on are still there"


@pytest.mark.parametrize("line", SENT_TO)
def test_an_address_that_forms_are_sent_to_opens_the_page_above_it(stage: Stage, line: str) -> None:
    """From the browser's list of addresses, say: not "this page opens another way"."""
    _method, route, variant = [*line.split(), ""][:3]
    may = [who for who, sign in zip(WHO, LINES[line], strict=True) if sign == OPEN]
    if not may:
        return
    page = ask(stage, may[0], stage.address(route, variant.removeprefix("@")))
    assert page.status_code in {200, 302}
