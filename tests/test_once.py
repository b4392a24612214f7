"""Whatever is sent twice does its work once: every mutating route, as the page's form or the program sends it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponse
from pytest_django.plugin import DjangoDbBlocker

from tests import scenes
from tests.stage import Act, Stage
from tests.test_access import LINES
from weiyifang.core.models import OnceRecord
from weiyifang.core.tenancy import in_community

ROOT = Path(__file__).resolve().parent.parent
MUTATING = [line for line in LINES if not line.startswith("GET ")]
KEPT = [line for line in MUTATING if line != "POST look/"]  # a cookie, also for visitors: nothing of theirs is kept
WRITES_NOTHING = {
    "POST look/",  # a cookie on the device
    "POST workbench/fund/opening/",  # the stage's fund is open, its columns and wordings are the usual ones
    "POST workbench/news/columns/ @usual",
    "POST workbench/consents/",
}
FORM = re.compile(r"<form\b[^>]*method=[\"']post[\"'][^>]*>.*?</form>", re.DOTALL | re.IGNORECASE)
ACTION = re.compile(r'action="([^"]*)"')
OUTSIDE = ("/accounts/", "{{ look_url }}")  # of no community, or nothing but a cookie
FOLDERS = [ROOT / "templates", *ROOT.glob("weiyifang/*/templates")]
TEMPLATES = [
    template for folder in FOLDERS for template in folder.rglob("*.html") if "account" not in template.parts
]  # signing in happens outside any community
A_FILE = {"export.html"}  # asked for again, it is made again


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    yield from scenes.on_stage("nanhu", django_db_blocker)


def rows() -> dict[str, tuple[int, int]]:
    """How many rows each of our tables holds, and a sum over what stands in them; without the kept answers."""
    tables = [
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("weiyifang.") and model is not OnceRecord
    ]
    digest = "SELECT '{0}', count(*), coalesce(sum(hashtextextended(row::text, 0)), 0) FROM {0} AS row"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(digest.format(table) for table in tables))
        return {table: (count, sum_of) for table, count, sum_of in cursor.fetchall()}


def sent(stage: Stage, line: str, key: str = "", *, other: bool = False) -> HttpResponse:
    """As whoever does it; `other`: with something else in the body."""
    more = {"people": 5, "something": "else"} if other else None
    response = stage.send(line, stage.acts[line].by, key=key, more=more)
    assert response.headers.get("Location", "").startswith("/accounts/") is False
    return response  # type: ignore[return-value]


@pytest.fixture
def act(stage: Stage, line: str) -> Iterator[Act]:
    """The act of the line, everything before it done; whatever the test does is undone."""
    with transaction.atomic(), in_community(stage.community):
        stage.prepare(line)
        yield stage.acts[line]
        transaction.set_rollback(True)


@pytest.mark.parametrize("line", MUTATING)
def test_sent_three_times_with_its_key_it_is_done_once(stage: Stage, line: str, act: Act) -> None:
    before = rows()
    first = sent(stage, line, "a-key")
    assert first.status_code < 400, first.content.decode()[:2000]
    once = rows()
    assert once != before or line in WRITES_NOTHING
    if act.is_streamed:
        assert b"".join(sent(stage, line, "a-key").streaming_content)  # type: ignore[attr-defined]
        return
    for again in (sent(stage, line, "a-key"), sent(stage, line, "a-key")):
        assert (again.status_code, again.headers.get("Location")) == (first.status_code, first.headers.get("Location"))
        assert again.content == first.content
        assert rows() == once


@pytest.mark.parametrize("line", KEPT)
def test_the_key_does_not_carry_another_content(stage: Stage, line: str, act: Act) -> None:
    sent(stage, line, "a-key")
    once = rows()
    if act.is_streamed or (line.startswith("DELETE ") and not act.body):
        return  # nothing is kept; nothing can differ
    assert sent(stage, line, "a-key", other=True).status_code == 422
    assert rows() == once


@pytest.mark.parametrize("line", MUTATING)
def test_without_a_key_it_is_refused_or_changes_nothing_or_is_clearly_another_act(
    stage: Stage, line: str, act: Act
) -> None:
    before = rows()
    sent(stage, line)
    once = rows()
    again = sent(stage, line)
    if act.repeats or act.is_streamed:
        assert again.status_code < 400
        added = {table: once[table][0] - before[table][0] for table in once}
        assert {table: now[0] - once[table][0] for table, now in rows().items()} == added
    else:
        assert rows() == once


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: "/".join(path.parts[-3:]))
def test_every_form_carries_its_key(template: Path) -> None:
    for form in FORM.findall(template.read_text("utf-8")):
        action = ACTION.search(form)
        if template.name not in A_FILE and (action is None or not action[1].startswith(OUTSIDE)):
            assert re.search(r"{% once\b", form), form[:200]
