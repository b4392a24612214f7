"""What a page of the residents asks the database: at most `MOST` questions, for somebody with a family, tickets, a turn
in a queue, gifts, memberships and messages. Every address of `docs/access.md` that a resident may open is counted.

And what a page of the workbench asks: at most `MOST_AT_WORK`, or what stands beside it in `MORE_AT_WORK`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from tests import crowd, scenes
from tests.stage import Stage, home_of
from tests.test_access import LINES, OPEN, WHO
from weiyifang.core import prepared
from weiyifang.core.tenancy import in_community
from weiyifang.core.web import kept
from weiyifang.notices.tests import make as notices

MOST = 6
# line → how many it may ask beyond, with the reason beside it
MORE = {
    "GET me/data/": 64,  # everything that is held on somebody: a question for each table
    "GET me/data.json": 64,
    "GET calendars/<secret>.ics": 6,  # a phone's, by itself: whose it is, and one or two for each topic
    "GET volunteering/children/": 8,  # of each child that helps: teams, shifts, hours, and the yes
    "GET activities/enrollments/<pk>/card/": 3,  # a pupil's: lessons, what they asked leave for, where to make one up
    "GET activities/<number>/visits/": 4,  # who may come on trial, what they may make up, and each lesson's seats
    "GET fund/transfers/journal.beancount": 10,  # the whole book, a few questions for each five hundred entries
    "GET fund/transfers/journal.hledger": 10,
    "GET fund/receipts/<code>/": 13,  # what was given, its month, the rule's four sums, and each payment with its paper
    "GET fund/receipts/<code>/proof.json": 3,  # the seals of a month
    "GET volunteering/papers/": 1,  # one for each person one acts for
    "GET activities/enrollments/<pk>/fetchers/": 1,  # who may fetch a child, when it came, and with whom it went
    "GET me/": 2,  # what might fit; whose turn it is in a queue
}
AT_WORK = ("secretary", "accountant", "staff", "supervisor", "street_officer", "leader", "volunteer")
MOST_AT_WORK = 14  # who it is and what waits are six of them
MORE_AT_WORK = {  # there is room for one; whoever adds two looks whether they have to be
    "GET workbench/activities/": 15,
    "GET workbench/activities/<number>/<date_number>/": 18,
    "GET workbench/activities/<number>/<date_number>/roster/": 22,
    "GET workbench/banking/places/<pk>/": 18,
    "GET workbench/grants/<pk>/": 17,  # a run with its table, payments and history
    "GET workbench/banking/places/<pk>/months/": 60,  # a month is nine sums
    "GET workbench/banking/places/<pk>/months/<year>/<month>/": 49,
    "GET workbench/fund/": 18,  # what waits for each step, and what two have to confirm
    "GET workbench/fund/books/": 23,
    "GET workbench/fund/payments/<pk>/": 20,
    "GET workbench/fund/moves/": 17,
    "GET workbench/fund/purposes/<code>/": 18,
    "GET workbench/fund/statements/": 17,
    "GET workbench/fund/entries/<pk>/": 19,
    "GET workbench/fund/books/<code>/": 20,
    "GET workbench/residents/<number>/": 18,
    "GET workbench/": 18,
    "GET workbench/figures/": 39,
    "GET workbench/history/": 18,
    "GET workbench/stage/<number>/": 15,
}
# asked once in a while by whichever page comes first, or only inside a test's transaction
NOT_ITS_OWN = ("communities_ownrule", "communities_community", "SAVEPOINT", "core_counter")


def lines() -> list[str]:
    """Residents' pages."""
    place = WHO.index("resident")
    found = [line for line, cells in LINES.items() if line.startswith("GET ") and cells[place] == OPEN]
    return [line for line in found if not line.startswith(("GET workbench/", "GET api/"))]


def lines_at_work() -> list[tuple[str, str]]:
    """The workbench's pages, each with the first of those who may open it."""
    first = {line: next((who for who in AT_WORK if cells[WHO.index(who)] == OPEN), "") for line, cells in LINES.items()}
    return [
        (line, who) for line, who in first.items() if who and line.startswith("GET workbench/") and "@own" not in line
    ]


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    """The resident stands by others, comes to several things, gave twice, and has messages nobody has read."""
    for stage in scenes.on_stage("nanhu", django_db_blocker):
        crowd.add(stage, 2)
        with in_community(stage.community):
            notices.told(home_of(stage.cast, "resident"))
        yield stage


@pytest.mark.parametrize("line", lines())
def test_a_residents_page_asks_few_questions(stage: Stage, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    own = asked_by(stage, line, "resident", monkeypatch)
    assert len(own) <= MOST + MORE.get(line, 0), "\n".join(own)


@pytest.mark.parametrize(("line", "who"), lines_at_work())
def test_a_page_of_the_workbench_asks_no_more_than_is_known(
    stage: Stage, line: str, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = asked_by(stage, line, who, monkeypatch)
    assert len(own) <= MORE_AT_WORK.get(line, MOST_AT_WORK), "\n".join(own)


def asked_by(stage: Stage, line: str, who: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the database is asked when somebody opens the page a second time."""
    _method, route, *variant = line.split()
    past_django: list[str] = []
    run, share = prepared._run, kept.Share(100, 10**9)

    def noted(raw: Any, statement: bytes, given: Any) -> Any:
        past_django.append(statement.decode())
        return run(raw, statement, given)

    def opened() -> None:
        asked = kept.Asked(key=(line, ""), share=share, is_somebodys=True)
        address = stage.address(route, variant[0].removeprefix("@") if variant else "")
        answer = stage.browsers[who].get(address, **{kept.ASKED: asked})  # type: ignore[arg-type]  # a dictionary of plain values
        assert answer.status_code < 400
        b"".join(getattr(answer, "streaming_content", ()))

    with transaction.atomic(), in_community(stage.community):
        stage.prepare(line)
        opened()  # what is kept of it is made, and what is asked once in a while is asked
        monkeypatch.setattr(prepared, "_run", noted)
        with CaptureQueriesContext(connection) as asked:
            opened()
        transaction.set_rollback(True)
    said = [*past_django, *(query["sql"] for query in asked)]
    return [sql for sql in said if not any(name in sql for name in NOT_ITS_OWN)]
