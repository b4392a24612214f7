"""The year in figures: 人次 and 人数, and who lands on them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from weiyifang.activities import queries as activities
from weiyifang.activities import services
from weiyifang.activities.models import Method
from weiyifang.activities.tests import make
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.people.testing import ClientOf

pytestmark = pytest.mark.usefixtures("here")
BENCH = "/c/nanhu/workbench/"


def kpis(page: Any) -> list[str]:
    """The large numbers of the page."""
    return re.findall(r"<span><b>([^<]*)</b>", page.content.decode())


def twice_and_once() -> None:
    """One person comes on two days, another once, with four guests who say no name."""
    one, other = make.residents(2)
    for days in (1, 2):
        session = make.session(days=days, places=9)
        with clock.at(session.starts_at):
            for person in (one, other)[: 3 - days]:
                services.check_in(session=session, resident=person, method=Method.ROSTER, by=system())
            if days == 1:
                services.count_guests(session=session, people=4, by=system())


def test_how_often_people_came_and_how_many_they_are_are_two_figures(client_of: ClientOf) -> None:
    twice_and_once()
    with clock.at(clock.now() + timedelta(days=5)):
        numbers = kpis(client_of("supervisor").get(f"{BENCH}figures/"))
        assert numbers[:3] == ["7", "2", "2"]  # came 3 times with a name and 4 without; two people; two dates
    with clock.at(clock.now() + timedelta(days=5 + 365)):
        assert kpis(client_of("supervisor").get(f"{BENCH}figures/"))[:3] == ["0", "0", "0"]  # a year, not for ever


@pytest.mark.parametrize("who", ["supervisor", "street_officer"])
def test_who_watches_over_the_work_lands_on_the_figures(client_of: ClientOf, who: str) -> None:
    page = client_of(who).get(BENCH).content.decode()
    assert "没有等您办的事" not in page
    assert "人次" in page


@pytest.mark.parametrize("who", ["staff", "accountant", "secretary", "leader", "volunteer"])
def test_who_has_work_lands_on_it(client_of: ClientOf, who: str) -> None:
    assert "人次" not in client_of(who).get(BENCH).content.decode()


def test_more_that_happened_asks_no_more_questions(client_of: ClientOf) -> None:
    browser = client_of("supervisor")
    twice_and_once()
    browser.get(f"{BENCH}figures/")
    with CaptureQueriesContext(connection) as few:
        browser.get(f"{BENCH}figures/")
    for _n in range(3):
        twice_and_once()
    with CaptureQueriesContext(connection) as many:
        browser.get(f"{BENCH}figures/")
    assert len(many) == len(few)


def test_a_date_to_come_or_called_off_was_not_held() -> None:
    make.session(days=3)
    gone = make.session(days=1)
    services.cancel_session(session=gone, reason="下雨", by=system())
    with clock.at(gone.ends_at):
        today = clock.today()
        assert activities.held_between(today - timedelta(days=9), today + timedelta(days=9)) == 0
