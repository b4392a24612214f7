"""No page asks the database more often because there is more to show. Every address of `docs/access.md` is opened with
few and with many rows behind it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from tests import crowd, scenes
from tests.stage import Stage
from tests.test_access import LINES, OPEN, WHO
from weiyifang.core.tenancy import in_community

READERS = ("resident", "visitor"), ("staff", "secretary", "accountant", "supervisor", "leader", "volunteer")
Asked = dict[tuple[str, str], list[list[str]]]  # line and who → the statements with few rows and with many
FEW, MORE = 2, 6
MAY_GROW: dict[tuple[str, str], int] = {}  # (line, who) → by how many questions, with the reason beside it


def visits() -> list[tuple[str, str]]:
    """Each address with a resident or visitor, and with one of the staff, who may open it."""
    found = []
    for line, cells in LINES.items():
        may = {who for who, cell in zip(WHO, cells, strict=True) if cell == OPEN}
        if line.startswith("GET "):
            found += [(line, who) for who in (next((w for w in some if w in may), None) for some in READERS) if who]
    return found


REMEMBERED = "communities_ownrule"  # asked for by the first page after ten seconds, whichever it is


@pytest.fixture(scope="module")
def asked(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[tuple[str, str], list[list[str]]]]:
    """What each visit asked the database, with few rows and with many."""
    for stage in scenes.on_stage("nanhu", django_db_blocker):
        crowd.add(stage, FEW)
        few = {visit: _asked(stage, *visit) for visit in visits()}
        crowd.add(stage, MORE)
        yield {visit: [few[visit], _asked(stage, *visit)] for visit in visits()}


def _asked(stage: Stage, line: str, who: str) -> list[str]:
    with transaction.atomic(), in_community(stage.community):
        stage.prepare(line)
        stage.send(line, who)  # what is asked once in a while is asked now
        with CaptureQueriesContext(connection) as queries:
            answer = stage.send(line, who)
            b"".join(getattr(answer, "streaming_content", ()))
        transaction.set_rollback(True)
    return [query["sql"] for query in queries if REMEMBERED not in query["sql"]]


@pytest.mark.parametrize(("line", "who"), visits())
def test_more_rows_are_not_more_questions(asked: dict[tuple[str, str], list[list[str]]], line: str, who: str) -> None:
    few, many = asked[line, who]
    again = [sql for sql in many if many.count(sql) > 1 and sql not in few]
    assert len(many) <= len(few) + MAY_GROW.get((line, who), 0), again or [sql for sql in many if sql not in few]
