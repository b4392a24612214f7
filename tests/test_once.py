"""Whatever is sent twice does its work once: every mutating route, as the page's form or the program sends it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from pytest_django.plugin import DjangoDbBlocker

from tests import scenes
from tests.stage import Act, Stage
from tests.test_access import LINES
from weiyifang.core.models import OnceRecord
from weiyifang.core.tenancy import in_community
from weiyifang.core.web import once
from weiyifang.fund.models import Donation

ROOT = Path(__file__).resolve().parent.parent
MUTATING = [line for line in LINES if not line.startswith("GET ")]
KEPT = [line for line in MUTATING if line != "POST look/"]  # a cookie, also for visitors: nothing of theirs is kept
WRITES_NOTHING = {
    "POST look/",  # a cookie on the device
    "POST workbench/fund/opening/",  # the stage's fund is open, its columns and wordings are the usual ones
    "POST workbench/news/columns/",
    "POST workbench/consents/",
    "POST workbench/activities/papers/",  # a file of what is there
    "POST workbench/fund/statements/file/",  # as above
    "POST workbench/outreach/figures/people/",
    "POST volunteering/papers/",  # nothing was worked since the paper of this year: it is the same one
    "POST workbench/volunteering/volunteers/<pk>/papers/",
}
FORM = re.compile(r"<form\b[^>]*method=[\"']post[\"'][^>]*>.*?</form>", re.DOTALL | re.IGNORECASE)
ACTION = re.compile(r'action="([^"]*)"')
OUTSIDE = ("/accounts/", "{{ look_url }}", "{{ mend }}", "{{ action_url }}", "{% url 'account_logout' %}")
# of no community, or nothing but a cookie
FOLDERS = [ROOT / "templates", *ROOT.glob("weiyifang/*/templates")]
TEMPLATES = [
    template
    for folder in FOLDERS
    for template in folder.rglob("*.html")
    if not {"account", "usersessions"} & {*template.parts}
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


def told(answer: HttpResponse) -> str:
    """What the answer tells for the next page, as the browser keeps it, without the moment and the signature."""
    return answer.cookies["messages"].value.rsplit(":", 2)[0] if "messages" in answer.cookies else ""


def sent(stage: Stage, line: str, key: str = "", *, other: bool = False) -> HttpResponse:
    """As whoever does it, to whom no answer came before; `other`: with something else in the body."""
    stage.browsers[stage.acts[line].by].cookies.pop("messages", None)
    more = {"people": 5, "something": "else"} if other else None
    response = stage.send(line, stage.acts[line].by, key=key, more=more)
    assert response.headers.get("Location", "").startswith("/accounts/") is False
    return response  # type: ignore[return-value]  # of what is not streamed


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
        assert b"".join(sent(stage, line, "a-key").streaming_content)  # type: ignore[attr-defined]  # it is a stream
        return
    for again in (sent(stage, line, "a-key"), sent(stage, line, "a-key")):
        assert (again.status_code, again.headers) == (first.status_code, first.headers)
        assert again.content == first.content
        assert told(again) == told(first)
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


def test_every_letter_of_a_key_counts(stage: Stage) -> None:
    line, long = "POST api/fund/receipts", "x" * 79
    with transaction.atomic(), in_community(stage.community):
        before = Donation.objects.count()
        for last in "ab":
            assert sent(stage, line, long + last).status_code == 201
        assert Donation.objects.count() == before + 2
        transaction.set_rollback(True)


@pytest.mark.parametrize("line", ["POST api/fund/receipts", "POST workbench/fund/income/"])
@pytest.mark.parametrize("key", ["", " ", "x" * 81, "x" * 79 + "甲", "两个收据", "a b", "\x7f", "a\tb", "\u200b"])
def test_a_key_that_cannot_be_read_is_refused_with_a_sentence_and_nothing_is_done(
    stage: Stage, line: str, key: str
) -> None:
    act, address = stage.acts[line], stage.address(line.split()[1])
    with transaction.atomic(), in_community(stage.community):
        before = rows()
        browser = stage.browsers[act.by]
        if line.startswith("POST api/"):
            headers = {"Origin": "http://testserver", "Idempotency-Key": key}
            answer = browser.post(address, json.dumps(act.body), content_type="application/json", headers=headers)
            assert answer.json()["code"] == "KeyUnreadable"
            assert "80" in answer.json()["detail"]
        else:
            assert isinstance(act.body, dict)
            answer = browser.post(address, act.body | {"_once": key})
            assert "80" in answer.content.decode()
        assert answer.status_code == 400
        assert rows() == before
        transaction.set_rollback(True)


def test_a_double_click_tells_it_once(stage: Stage) -> None:
    line = "POST workbench/fund/income/"
    with transaction.atomic(), in_community(stage.community):
        first = sent(stage, line, "twice")
        again = stage.send(line, stage.acts[line].by, key="twice")  # the first answer has come, but was not shown
        page = stage.browsers[stage.acts[line].by].get(again.headers["Location"]).content.decode()
        number = Donation.objects.latest("number").number
        assert told(first)
        assert len(re.findall(rf'class="toast[^"]*"[^>]*>[^<]*(?:<[^>]*>[^<]*)*?{number}', page)) == 1
        transaction.set_rollback(True)


def test_addresses_that_begin_alike_do_not_share_a_key(stage: Stage) -> None:
    """An address may be longer than what is kept of it."""
    request = RequestFactory().post(f"/c/nanhu/{'x' * 300}a")
    other = RequestFactory().post(f"/c/nanhu/{'x' * 300}b")
    request.user = other.user = stage.browsers  # type: ignore[assignment]  # whoever it is, it is the same
    request.session = other.session = SimpleNamespace(session_key="s")  # type: ignore[assignment]  # all that is asked of one
    assert once._scope(request) != once._scope(other)
    assert len(once._scope(request)) <= OnceRecord._meta.get_field("scope").max_length  # type: ignore[operator]  # a column of text has one


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: "/".join(path.parts[-3:]))
def test_every_form_carries_its_key(template: Path) -> None:
    for form in FORM.findall(template.read_text("utf-8")):
        action = ACTION.search(form)
        if template.name not in A_FILE and (action is None or not action[1].startswith(OUTSIDE)):
            assert re.search(r"{% once\b", form), form[:200]
