"""Posters and lists of a month or a year: short ones at once, long ones handed over, the same file either way."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from django.test import override_settings
from django.utils.timezone import localtime
from openpyxl import load_workbook

from weiyifang.activities import services
from weiyifang.activities.models import Method, Session
from weiyifang.activities.tests import make
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.errands import services as errands
from weiyifang.errands.models import Errand, State
from weiyifang.people.testing import ClientOf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
PAPERS = "/c/nanhu/workbench/activities/papers/"


@pytest.fixture
def dates() -> list[Session]:
    """Two that take place, with somebody who came to the first; one that is called off; one that is a draft."""
    first, second, off = (make.session(days=1, title=title) for title in ("剪纸", "泡茶", "没有了的"))
    make.enroll(first, who := make.resident("要来的"))
    with clock.at(first.starts_at):
        services.check_in(session=first, resident=who, method=Method.ROSTER, by=system())
    services.cancel_session(session=off, reason="下雨", by=system())
    make.date_of(make.activity(title="还没公布"))
    return [first, second]


def period_of(session: Session) -> str:
    return f"{localtime(session.starts_at):%Y-%m}"


def sent(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_posters_need_nothing_else_and_open_each_date_with_its_code(client_of: ClientOf, dates: list[Session]) -> None:
    answer = client_of("staff").post(PAPERS, {"kind": "activities_posters", "period": period_of(dates[0])})
    assert "attachment" in answer.headers["Content-Disposition"]
    page = sent(answer).decode()
    assert page.count("<section>") == 2
    assert "剪纸" in page
    assert "没有了的" not in page
    assert "还没公布" not in page
    assert not re.search(r'(?:src|href)="', page), "no style sheet, no picture, no network"


@override_settings(AT_ONCE=3)
@pytest.mark.parametrize("kind", ["activities_posters", "activities_rosters"])
def test_long_papers_are_handed_over_and_are_the_same(
    client_of: ClientOf, dates: list[Session], cast: dict[str, Actor], kind: str
) -> None:
    wanted = {"kind": kind, "period": period_of(dates[0])}
    answer = client_of("staff").post(PAPERS, wanted)
    errand = Errand.objects.get()
    assert answer.headers["Location"].endswith(f"/workbench/errands/{errand.pk}/")
    errands.carry_out(errand_id=errand.pk)
    errand.refresh_from_db()
    assert (errand.state, errand.came) == (State.DONE, {"count": 2})
    with override_settings(AT_ONCE=1_000):
        at_once = sent(client_of("staff").post(PAPERS, wanted))
    made = errands.fetch(errand=errand, by=cast["staff"]).content
    if kind == "activities_posters":
        assert made == at_once, "the address in the code among it"
    else:
        assert cells(made) == cells(at_once)
        assert [row[1] for row in cells(made)[1:]] == ["剪纸"]
        assert "要来的" in cells(made)[1]


def cells(content: bytes) -> list[tuple[Any, ...]]:
    return list(load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True))


def test_a_leader_gets_only_what_they_look_after(client_of: ClientOf, dates: list[Session], leader_of: str) -> None:
    make.session(days=1, title="书法课", organizer=leader_of)
    page = sent(
        client_of("leader").post(PAPERS, {"kind": "activities_posters", "period": period_of(dates[0])})
    ).decode()
    assert "书法课" in page
    assert "剪纸" not in page


def test_who_only_stands_at_the_door_gets_lists_and_no_posters(client_of: ClientOf, dates: list[Session]) -> None:
    wanted = {"period": period_of(dates[0])}
    assert client_of("volunteer").post(PAPERS, {**wanted, "kind": "activities_posters"}).status_code == 422
    assert client_of("volunteer").post(PAPERS, {**wanted, "kind": "activities_rosters"}).status_code == 200


def test_what_is_no_period_is_no_error(client_of: ClientOf) -> None:
    assert client_of("staff").post(PAPERS, {"kind": "activities_rosters", "period": "2026-13"}).status_code == 422
