"""No page asks the database more often because there is more to show, nor for all of what grows: it is shown in pages.
Every address of `docs/access.md` is opened with few and with many rows behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from tests import crowd, scenes
from tests.stage import Stage
from tests.test_access import LINES, OPEN, WHO
from weiyifang.core.tenancy import in_community

READERS = ("resident", "visitor"), ("staff", "secretary", "accountant", "supervisor", "leader", "volunteer")
Visit = tuple[str, str]  # line and who
FEW, MORE = 2, 6
MAY_GROW: dict[Visit, int] = {}  # (line, who) → by how many questions, with the reason beside it
WHOLE = {  # lists that are not shown in pages, and why: the end of an address, and the table
    ("data/", ""): "everything held on somebody, to print",
    ("data.json", ""): "everything held on somebody, for programs",
    ("export/", ""): "a file",
    ("calendar.ics", ""): "a file",
    ("calendars/<secret>.ics", "activities_session"): "a file, of the dates of some months",
    ("roster/", ""): "a list to print",
    ("GET /", "activities_session"): "days of some weeks, each a mark on the calendar",
    ("GET workbench/activities/", "activities_session"): "the dates of one day",
    ("<date_number>/message/", "activities_attendance"): "whom it reaches of those who came to one date",
    ("households/<pk>/", "people_resident"): "who lives behind one door",
    ("residents/<number>/", "people_resident"): "who lives behind one door",
    ("GET workbench/stage/<number>/", "organizations_membership"): "a troupe's members, of whom its line-up is chosen",
    ("articles/<number>", "news_revision"): "what was corrected in one article is said with it",
    ("news/<number>/", "news_revision"): "what was corrected in one article is said with it",
}


def visits() -> list[tuple[str, str]]:
    """Each address with a resident or visitor, and with one of the staff, who may open it."""
    found = []
    for line, cells in LINES.items():
        may = {who for who, cell in zip(WHO, cells, strict=True) if cell == OPEN}
        if line.startswith("GET "):
            found += [(line, who) for who in (next((w for w in some if w in may), None) for some in READERS) if who]
    return found


NOT_ITS_OWN = (
    '"communities_ownrule"',  # asked for by the first page after ten seconds, whichever it is
    'UPDATE "calendars_link"',  # counts a calendar's first visit of a day
)


class Asked:
    """What a visit asked the database: each statement, and the most rows that came for one of its form."""

    FORM = re.compile(r"(?<= IN )\((?:%s(?:, )?)+\)")

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.rows: dict[str, int] = {}
        self.pagers = 0  # lists of several pages: each asks how many there are

    def look(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Count what comes (Django's `execute_wrapper`)."""
        result = execute(sql, params, many, context)
        form = self.FORM.sub("LIST", sql)
        self.rows[form] = max(self.rows.get(form, 0), context["cursor"].rowcount)
        return result

    def grown(self, few: Asked) -> set[str]:
        """The tables of lists that came whole and are longer than they were. What was asked for by ids is part of a
        page, or of what is said with one row.
        """
        longer = [form for form, rows in self.rows.items() if rows > max(few.rows.get(form, rows), 2)]
        whole = [form for form in longer if form.startswith("SELECT") and " LIMIT " not in form and "LIST" not in form]
        return {found[1] for form in whole if (found := re.search(r' FROM "(\w+)"', form))}


@pytest.fixture(scope="module")
def asked(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[Visit, tuple[Asked, Asked]]]:
    """What each visit asked the database, with few rows and with many."""
    for stage in scenes.on_stage("nanhu", django_db_blocker):
        crowd.add(stage, FEW)
        few = {visit: _asked(stage, *visit, for_the_first_time=True) for visit in visits()}
        crowd.add(stage, MORE)
        yield {visit: (few[visit], _asked(stage, *visit)) for visit in visits()}


def _asked(stage: Stage, line: str, who: str, *, for_the_first_time: bool = False) -> Asked:
    found = Asked()
    with transaction.atomic(), in_community(stage.community):
        stage.prepare(line)
        if for_the_first_time:
            stage.send(line, who)  # what is asked once in a while is asked now
        with CaptureQueriesContext(connection) as queries, connection.execute_wrapper(found.look):
            answer = stage.send(line, who)
            told = b"".join(answer)
        transaction.set_rollback(True)
    found.pagers = told.count(b'<nav class="pager"')
    found.statements = [query["sql"] for query in queries if not any(part in query["sql"] for part in NOT_ITS_OWN)]
    return found


@pytest.mark.parametrize(("line", "who"), visits())
def test_more_rows_are_not_more_questions(asked: dict[Visit, tuple[Asked, Asked]], line: str, who: str) -> None:
    few, many = (one.statements for one in asked[line, who])
    most = len(few) + asked[line, who][1].pagers + MAY_GROW.get((line, who), 0)
    again = [sql for sql in many if many.count(sql) > 1 and sql not in few]
    assert len(many) <= most, again or [sql for sql in many if sql not in few]


def test_what_grows_is_shown_in_pages(asked: dict[Visit, tuple[Asked, Asked]]) -> None:
    """An address whose list came whole is named; and a reason in `WHOLE` that no address needs any more."""
    grown = {
        (line.partition(" @")[0], table) for (line, _who), (few, many) in asked.items() for table in many.grown(few)
    }
    reasons = {
        (line, table): next((one for one in WHOLE if line.endswith(one[0]) and one[1] in {"", table}), None)
        for line, table in grown
    }
    assert [of for of, reason in reasons.items() if reason is None] == []
    assert {*reasons.values()} == {*WHOLE}
