"""Phones and identity numbers: no page and no program's answer shows another person's, unless the reading was noted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from pytest_django.plugin import DjangoDbBlocker

from tests import scenes
from tests.stage import Stage
from tests.test_access import LINES, ask
from weiyifang.core.actors import system
from weiyifang.core.tenancy import in_community
from weiyifang.people import services
from weiyifang.people.models import Resident, SensitiveRead
from weiyifang.people.tests.make import an_id_number

LOOKED = "GET workbench/residents/<number>/numbers/<pk>/"  # the page that a noted reading opens
NAME, PHONE = "赵一鸣", "19900007001"
WATCHED = ("resident", "volunteer", "leader", "staff", "secretary")  # the others open no more than these
READ = [line for line in LINES if line.startswith("GET ")]


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    for stage in scenes.on_stage("nanhu", django_db_blocker):
        with in_community(stage.community):
            person = Resident.objects.get(name=NAME)
            services.update_resident(resident=person, id_number=an_id_number(), by=system())
        yield stage


def shown(response: HttpResponseBase) -> str:
    """All that was sent, without the gaps people put into numbers."""
    content = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]  # either has one
    return content.decode("utf-8", "replace").replace(" ", "").replace("-", "")


def shows_numbers(stage: Stage, line: str, who: str) -> bool:
    text = shown(ask(stage, line, who))
    return PHONE in text or an_id_number() in text


@pytest.mark.parametrize("line", READ)
def test_nobody_sees_a_number_in_passing(stage: Stage, line: str) -> None:
    seen_by = {who for who in WATCHED if shows_numbers(stage, line, who)}
    assert seen_by == ({"staff"} if line == LOOKED else set())


def test_whoever_looks_is_noted_with_time_and_reason(stage: Stage) -> None:
    """The control: these numbers can be seen, and then it is written down who saw them."""
    with transaction.atomic(), in_community(stage.community):
        before = list(SensitiveRead.objects.values_list("pk", flat=True))
        person = Resident.objects.get(name=NAME)
        desk = f"/c/nanhu/workbench/residents/{person.number}/numbers/"
        sent = {"fields_read": ["phone", "id_number"], "reason": "call", "_once": "look"}
        page = stage.browsers["staff"].post(desk, sent, follow=True)
        assert PHONE in shown(page)
        assert an_id_number() in shown(page)
        read = SensitiveRead.objects.exclude(pk__in=before).get()
        assert read.reader_id == stage.cast["staff"].account_id
        assert (read.resident_id, read.fields_read, read.reason) == (person.pk, "phone,id_number", "call")
        transaction.set_rollback(True)
