"""The person picker: four people of one name, a number that somebody has, a part of a name, a choice that was made."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from weiyifang.core.actors import system
from weiyifang.core.web.picking import SHOWN
from weiyifang.people import services
from weiyifang.people.models import Account, Duty, Relation, Resident
from weiyifang.people.picking import PersonField
from weiyifang.people.roles import Role
from weiyifang.people.testing import ClientOf, CommunityClient
from weiyifang.people.tests.make import a_resident

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("accounts")]
DUTIES = "/c/nanhu/workbench/duties/"


@pytest.fixture
def namesakes() -> list[Resident]:
    """Four people called 文秀兰, each behind another door."""
    doors = [services.Door("三号院", "2", "1", f"{floor}-1") for floor in range(1, 5)]
    return [a_resident("文秀兰", born_on=date(1940 + 7 * n, 1, 2), address=door) for n, door in enumerate(doors)]


def post(browser: CommunityClient, address: str, **body: Any) -> Any:
    return browser.post(address, {"_once": str(uuid4()), **body})


def chosen(page: Any, place: int) -> dict[str, str]:
    """What the page's form would send when its choice in this place is ticked."""
    html = page.content.decode()
    keys = re.findall(r'name="who_is" value="([^"]+)"', html)
    (among,) = re.findall(r'name="who_among" value="([^"]+)"', html)
    return {"who": among, "who_among": among, "who_is": keys[place]}


def test_people_of_one_name_are_told_apart_by_age_and_door_and_what_was_typed_stays(
    client_of: ClientOf, namesakes: list[Resident]
) -> None:
    staff, person = client_of("staff"), a_resident("受助的")
    address = f"/c/nanhu/workbench/residents/{person.number}/relations/"
    asked = post(staff, address, kind="family", who="文秀兰")
    assert asked.status_code == 422
    html = asked.content.decode()
    assert html.count('name="who_is"') == 4
    assert not re.search(r'name="who_is"[^>]*checked', html)  # nobody is chosen for one
    for one in namesakes:
        assert f"{one.number} · 文秀兰" in html
        assert f"{one.age} 岁 · {one.household.address}" in html
    assert 'value="文秀兰"' in html
    assert not Relation.objects.exists()
    assert post(staff, address, kind="family", **chosen(asked, 2)).status_code == 302
    assert Relation.objects.get().helper == namesakes[2]


def test_a_number_or_a_part_of_a_name_is_shown_before_it_is_taken(client_of: ClientOf) -> None:
    staff, person, helper = client_of("staff"), a_resident("受助的"), a_resident("诸葛小明")
    address = f"/c/nanhu/workbench/residents/{person.number}/relations/"
    for typed in (str(helper.number), "小明"):
        asked = post(staff, address, kind="family", who=typed)
        assert asked.status_code == 422
        assert f"{helper.number} · 诸葛小明" in asked.content.decode()
    assert not Relation.objects.exists()
    assert post(staff, address, kind="family", who="诸葛小明").status_code == 302  # a whole name, one person's alone


def test_a_choice_holds_only_for_the_text_it_was_made_for(client_of: ClientOf, namesakes: list[Resident]) -> None:
    staff, person, other = client_of("staff"), a_resident("受助的"), a_resident("别人")
    address = f"/c/nanhu/workbench/residents/{person.number}/relations/"
    made = chosen(post(staff, address, kind="family", who="文秀兰"), 0)
    assert post(staff, address, kind="family", **{**made, "who": "文秀"}).status_code == 422
    assert post(staff, address, kind="family", **{**made, "who_is": str(other.number)}).status_code == 422
    assert post(staff, address, kind="family", **{**made, "who_is": "no number"}).status_code == 422
    assert not Relation.objects.exists()


def test_who_may_not_see_the_register_does_not_leaf_through_it_here(namesakes: list[Resident]) -> None:
    field = PersonField()
    field.for_one_who_sees(register=False)
    assert field.find("文") == []
    assert field.find("三号院") == []
    assert len(field.find("文秀兰")) == 4
    assert field.find(str(namesakes[0].number)) == [namesakes[0]]


def test_a_name_is_found_however_its_dot_is_typed() -> None:
    person = a_resident("阿卜杜热合曼·买买提")
    field = PersonField()
    for typed in ("阿卜杜热合曼•买买提", "阿卜杜热合曼.买买提", "阿卜杜热合曼・买买提"):
        rows = field.find(typed)
        assert (rows, field.is_sure(typed, rows)) == ([person], True), typed


def test_more_people_of_a_name_than_are_shown_can_still_be_chosen_by_their_page() -> None:
    many = [a_resident("王芳") for _n in range(SHOWN + 3)]
    field = PersonField()
    assert len(field.find("王芳")) == SHOWN + 1
    assert field.find("王芳", str(many[-1].number)) == [many[-1]]


# --- duties -----------------------------------------------------------------------------------------------------


def test_giving_a_duty_preselects_nothing(client_of: ClientOf) -> None:
    page = client_of("secretary").get(f"{DUTIES}new/").content.decode()
    main = page[page.index("<main") :]
    assert "checked" not in main
    assert "selected" not in main
    assert post(client_of("secretary"), f"{DUTIES}new/", who="resident").status_code == 422


def test_a_duty_finds_people_by_name_and_asks_once_more(client_of: ClientOf, accounts: dict[str, Account]) -> None:
    secretary = client_of("secretary")
    asked = post(secretary, f"{DUTIES}new/", who="陈桂芳", role=Role.STAFF)
    assert asked.status_code == 200
    html = asked.content.decode()
    assert "陈桂芳" in html
    assert f"{Resident.objects.get(name='陈桂芳').age} 岁" in html
    assert 'name="sure"' in html
    assert not Duty.objects.filter(account=accounts["resident"]).exists()
    changed = post(secretary, f"{DUTIES}new/", who="陈桂芳", role=Role.STAFF, change="1")
    assert 'value="陈桂芳"' in changed.content.decode()
    assert not Duty.objects.filter(account=accounts["resident"]).exists()
    assert post(secretary, f"{DUTIES}new/", who="陈桂芳", role=Role.STAFF, sure="1").status_code == 302
    assert Duty.objects.filter(account=accounts["resident"], role=Role.STAFF).count() == 1


def test_a_name_with_several_accounts_is_chosen_and_the_choice_reaches_the_question(
    client_of: ClientOf, namesakes: list[Resident]
) -> None:
    for number, one in enumerate(namesakes[:2]):
        account = services.make_account(name="文秀兰", phone=f"199 0000 710{number}", phone_verified=True)
        services.link_account(resident=one, account=account, by=system())
    secretary = client_of("secretary")
    asked = post(secretary, f"{DUTIES}new/", who="文秀兰", role=Role.VOLUNTEER)
    assert asked.status_code == 422
    assert asked.content.decode().count('name="who_is"') == 2  # only who can sign in can have a duty
    question = post(secretary, f"{DUTIES}new/", role=Role.VOLUNTEER, **chosen(asked, 1))
    again = dict(re.findall(r'type="hidden" name="(who\w*|role)" value="([^"]*)"', question.content.decode()))
    assert post(secretary, f"{DUTIES}new/", sure="1", **again).status_code == 302
    namesakes[1].refresh_from_db()
    assert Duty.objects.filter(account=namesakes[1].account_id).count() == 1


def test_who_never_signed_in_is_named_and_what_to_do(client_of: ClientOf) -> None:
    a_resident("从不上网的")
    refused = post(client_of("secretary"), f"{DUTIES}new/", who="从不上网的", role=Role.STAFF)
    assert refused.status_code == 422
    assert "从不上网的还没有账号" in refused.content.decode()


def test_who_works_here_without_living_here_is_found_by_name(client_of: ClientOf) -> None:
    asked = post(client_of("secretary"), f"{DUTIES}new/", who="周敏", role=Role.VOLUNTEER)
    assert asked.status_code == 200
    assert "不住在本社区" in asked.content.decode()
    assert "199 0000 9004" not in asked.content.decode()


def test_the_words_of_consents_are_on_the_map_and_reach_the_residents(client_of: ClientOf) -> None:
    secretary, resident = client_of("secretary"), client_of("resident")
    assert "/c/nanhu/workbench/consents/" in secretary.get("/c/nanhu/workbench/").content.decode()
    assert "/c/nanhu/workbench/consents/" not in client_of("staff").get("/c/nanhu/workbench/").content.decode()
    written = post(secretary, "/c/nanhu/workbench/consents/photos/", text="我同意社区用拍到我的照片。")
    assert written.status_code == 302
    assert "我同意社区用拍到我的照片。" in resident.get("/c/nanhu/me/consents/").content.decode()
