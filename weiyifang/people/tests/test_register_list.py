"""The list of a large register: into one building, and to the page with a number."""

from __future__ import annotations

from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from weiyifang.people.models import Resident
from weiyifang.people.services import Door
from weiyifang.people.testing import ClientOf
from weiyifang.people.tests.make import a_resident

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("accounts")]
LIST = "/c/nanhu/workbench/residents/"


@pytest.fixture
def residents() -> list[Resident]:
    """Thirty in each of two buildings of 清风苑, and one in another compound."""
    in_buildings = [
        a_resident(f"住户{building}之{door}", address=Door("清风苑", building, "", f"{door}-1"))
        for building in ("9", "10")
        for door in range(1, 31)
    ]
    return [*in_buildings, a_resident("周明", address=Door("学府花园", "9", "", "1-1"))]


def test_once_a_compound_is_chosen_so_can_be_one_of_its_buildings(
    residents: list[Resident], client_of: ClientOf
) -> None:
    staff = client_of("staff")
    assert 'name="building"' not in staff.get(LIST).content.decode()
    page = unescape(staff.get(LIST, {"compound": "清风苑"}).content.decode())
    assert page.index("9 栋 · 30 人") < page.index("10 栋 · 30 人")
    page = staff.get(LIST, {"compound": "清风苑", "building": "9"}).content.decode()
    assert "住户9之1" in page
    assert "住户10之" not in page
    assert "住户9之21" in staff.get(LIST, {"compound": "清风苑", "building": "9", "page": "2"}).content.decode()


def test_a_building_that_stands_in_another_compound_is_forgotten(
    residents: list[Resident], client_of: ClientOf
) -> None:
    a_resident("吴桂英", address=Door("学府花园", "2", "", "1-1"))
    page = client_of("staff").get(LIST, {"compound": "学府花园", "building": "10"}).content.decode()
    assert "周明" in page
    assert "吴桂英" in page
    assert 'class="why"' not in page
    assert "周明" in client_of("staff").get(LIST, {"building": "10", "q": "周明"}).content.decode()


def test_a_number_leads_to_its_page_of_what_is_listed(residents: list[Resident], client_of: ClientOf) -> None:
    staff = client_of("staff")
    wished = residents[54]  # the 25th of building 10
    asked = {"compound": "清风苑", "building": "10"}
    answer = staff.get(LIST, {**asked, "page": "1", "no": str(wished.number)})
    assert answer.status_code == 302
    address, _mark, place = answer.headers["Location"].partition("#")
    assert "no=" not in address.partition("?")[2].replace("page", "")
    page = staff.get(address).content.decode()
    assert f'<tr id="{place}">' in page
    assert wished.name in page
    assert "住户10之21" in page
    assert "住户10之20" not in page


@pytest.mark.parametrize("number", ["0", "999999999", "９"])
def test_a_number_that_nobody_has_leads_to_where_it_would_stand(
    residents: list[Resident], client_of: ClientOf, number: str
) -> None:
    assert client_of("staff").get(LIST, {"no": number}, follow=True).status_code == 200


@pytest.mark.parametrize("number", ["", "abc", "²", "-1"])
def test_what_is_no_number_leads_nowhere(residents: list[Resident], client_of: ClientOf, number: str) -> None:
    assert client_of("staff").get(LIST, {"no": number}).status_code == 200


def test_the_buildings_cost_one_question_and_only_where_they_are_shown(
    residents: list[Resident], client_of: ClientOf
) -> None:
    staff = client_of("staff")
    staff.get(LIST)  # once for all: the session, the contents of what is remembered
    counts = []
    for asked in ({}, {"compound": "清风苑"}, {"compound": "清风苑", "building": "9"}):
        with CaptureQueriesContext(connection) as queries:
            staff.get(LIST, asked)
        counts.append(len(queries))
    assert counts[1] - counts[0] == counts[2] - counts[0] == 1
