"""Who may open what: `docs/access.md`, line by line, as each of the cast. For neighbours see `test_neighbours.py`.

And what nobody sees in passing: phones and identity numbers. No page and no program's answer shows another person's,
unless the reading was noted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.urls import get_resolver
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from config.api import api
from tests import scenes
from tests.stage import Stage
from tests.test_guards import leaves
from weiyifang.core.actors import system
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.tenancy import in_community
from weiyifang.people import services
from weiyifang.people.models import Resident, SensitiveRead
from weiyifang.people.tests.make import an_id_number

TABLE = Path(__file__).resolve().parent.parent / "docs" / "access.md"
WHO = (
    "visitor",
    "outsider",
    "resident",
    "volunteer",
    "leader",
    "staff",
    "accountant",
    "supervisor",
    "street_officer",
    "secretary",
)
OPEN, SIGN_IN, NOTHING, REFUSED = "✓→–✗"
LOOKED = "GET workbench/residents/<number>/numbers/<pk>/"  # the page that a noted reading opens
NAME, PHONE = "赵一鸣", "19900007001"
BORN, ID_NUMBER = date(1950, 1, 3), an_id_number("99010019500103001")  # as the stage's act corrects it
LINE = re.compile(r"^\| `(?P<line>[^`]+)` \| (?P<cells>.+) \|$", re.MULTILINE)
LINES = {found["line"]: found["cells"].split(" | ") for found in LINE.finditer(TABLE.read_text("utf-8"))}
ROUTE_NAMES = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)|[<{](?:\w+:)?(\w+)[>}]")


def plain(route: str) -> str:
    """A route as the table writes it: `<number:number>`, `(?P<number>…)` and `{number}` are all `<number>`."""
    return ROUTE_NAMES.sub(lambda name: f"<{name[1] or name[2]}>", route.strip("^$")).replace("^", "").replace("$", "")


def every_route() -> Iterator[str]:
    """`METHOD route` of every page and every operation of the API."""
    operations = api.get_openapi_schema(path_prefix="/api/")["paths"].items()
    for path, methods in operations:
        yield from (f"{method.upper()} {plain(path)[1:]}" for method in methods)
    of_the_api = {plain(path)[1:] for path, _methods in operations}
    for route, view in leaves(get_resolver("config.community_urls").url_patterns):
        if plain(route) not in of_the_api:
            yield from (f"{method} {plain(route) or '/'}" for method in getattr(view, "methods", ("GET",)))


def test_every_route_stands_in_the_table() -> None:
    listed = {line.partition(" @")[0] for line in LINES}
    there = set(every_route())
    missing, gone = sorted(there - listed), sorted(listed - there)
    assert not missing, f"say in docs/access.md who may open: {missing}"
    assert not gone, f"take out of docs/access.md, for it is gone: {gone}"


# --- each line as each of the cast ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    """Made once, in a transaction that is undone; every request runs in a savepoint of its own."""
    for stage in scenes.on_stage("nanhu", django_db_blocker):
        with in_community(stage.community):
            person = Resident.objects.get(name=NAME)
            services.update_resident(resident=person, born_on=BORN, id_number=ID_NUMBER, by=system())
        yield stage


def outcome(response: HttpResponseBase, method: str) -> str:
    """What the table would say of this answer."""
    status, to = response.status_code, response.headers.get("Location", "")
    if to.startswith("/accounts/login/") or status == 401:
        return SIGN_IN
    if status < 400:
        return OPEN
    if status == 404:
        return NOTHING
    assert status in {403, 409, 422}, f"answered {status}"
    assert method != "GET" or status == 403, f"a page that was only opened answered {status}"
    return REFUSED


def shown(response: HttpResponseBase) -> str:
    """All that was sent, without the gaps people put into numbers."""
    content = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]  # either has one
    return content.decode("utf-8", "replace").replace(" ", "").replace("-", "")


def shows_numbers(response: HttpResponseBase) -> bool:
    text = shown(response)
    return PHONE in text or ID_NUMBER in text


def ask(stage: Stage, line: str, who: str, slug: str = "") -> HttpResponseBase:
    with transaction.atomic(), in_community(stage.community):
        stage.prepare(line)
        response = stage.send(line, who, slug=slug)
        transaction.set_rollback(True)
    return response


@pytest.mark.parametrize("line", LINES)
def test_who_may_open_it(stage: Stage, line: str) -> None:
    method = line.partition(" ")[0]
    answers = {who: ask(stage, line, who) for who in WHO}
    found = [outcome(answer, method) for answer in answers.values()]
    wrong = {who: (got, say) for who, got, say in zip(WHO, found, LINES[line], strict=True) if got != say}
    assert not wrong, "(what happened, what the table says)"
    kept = [who for who, answer in answers.items() if answer.headers.get("Cache-Control") != "no-store"]
    assert not set(kept) - {"visitor"}, "their browsers would keep what was answered to them, whatever it was"
    seen_by = {who for who, answer in answers.items() if method == "GET" and shows_numbers(answer)}
    assert seen_by == ({"staff"} if line == LOOKED else set()), "phone or identity number in passing"


def test_a_refused_member_reads_the_sentence_and_nothing_else(stage: Stage) -> None:
    page = ask(stage, "GET workbench/residents/<number>/", "resident")
    with translation.override("zh-hans"):
        assert str(NotAllowed()) in unescape(page.content.decode())  # type: ignore[attr-defined]  # it is no stream
    assert NAME not in page.content.decode()  # type: ignore[attr-defined]  # it is no stream


def test_whoever_looks_is_noted_with_time_and_reason(stage: Stage) -> None:
    """The control: these numbers can be seen, and then it is written down who saw them."""
    with transaction.atomic(), in_community(stage.community):
        before = list(SensitiveRead.objects.values_list("pk", flat=True))
        person = Resident.objects.get(name=NAME)
        desk = f"/c/nanhu/workbench/residents/{person.number}/numbers/"
        sent = {"fields_read": ["phone", "id_number"], "reason": "call", "_once": "look"}
        page = stage.browsers["staff"].post(desk, sent, follow=True)
        assert PHONE in shown(page)
        assert ID_NUMBER in shown(page)
        read = SensitiveRead.objects.exclude(pk__in=before).get()
        assert read.reader_id == stage.cast["staff"].account_id
        assert (read.resident_id, read.fields_read, read.reason) == (person.pk, "phone,id_number", "call")
        transaction.set_rollback(True)
