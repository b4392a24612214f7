"""The same register for programs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from weiyifang.people.models import Resident
from weiyifang.people.testing import ClientOf
from weiyifang.people.tests.make import a_resident, an_id_number

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("accounts")]
API = "/c/nanhu/api/people/"


def put(client: Any, key: str, **person: Any) -> Any:
    headers = {"Idempotency-Key": key}
    return client.post(f"{API}residents", json.dumps(person), content_type="application/json", headers=headers)


def test_a_program_learns_who_it_is(client_of: ClientOf) -> None:
    mine = client_of("staff").get(f"{API}me").json()
    assert mine["roles"] == ["staff"]
    assert "manage_residents" in mine["permissions"]
    assert client_of("resident").get(f"{API}me").json()["resident_id"]
    assert client_of("visitor").get(f"{API}me").status_code == 401
    assert client_of("outsider").get(f"{API}me").status_code == 404


@pytest.mark.parametrize("path", ["residents", "residents/1"])
def test_only_who_may_see_the_register_gets_it(path: str, client_of: ClientOf) -> None:
    assert client_of("staff").get(API + path).status_code == 200
    for key in ("resident", "volunteer", "leader", "accountant", "supervisor", "street_officer"):
        assert client_of(key).get(API + path).status_code == 403, key
    assert client_of("visitor").get(API + path).status_code == 401
    assert client_of("outsider").get(API + path).status_code == 404


def test_the_register_comes_in_pages_with_masked_numbers(client_of: ClientOf) -> None:
    a_resident(phone="199 0000 1234", id_number=an_id_number())
    staff = client_of("staff")
    first = staff.get(f"{API}residents?limit=2").json()
    rest = staff.get(f"{API}residents?after={first[-1]['number']}").json()
    assert [row["number"] for row in first + rest] == list(range(1, Resident.objects.count() + 1))
    assert rest[-1]["phone"] == "199 **** 1234"
    assert an_id_number() not in json.dumps(rest)


def test_putting_somebody_on_the_register_twice_does_it_once(client_of: ClientOf) -> None:
    staff, before = client_of("staff"), Resident.objects.count()
    answers = [put(staff, "one", name="吴桂英", phone="199 0000 1234") for _attempt in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert Resident.objects.count() == before + 1
    assert put(staff, "one", name="别人").status_code == 422


def test_a_refusal_has_a_code_for_programs_and_a_sentence_for_people(client_of: ClientOf) -> None:
    answer = put(client_of("staff"), "two", name="吴桂英", phone="123")
    assert answer.status_code == 422
    assert answer.json()["code"] == "NotAPhone"
    assert answer.json()["detail"]
    assert put(client_of("resident"), "three", name="吴桂英").status_code == 403
