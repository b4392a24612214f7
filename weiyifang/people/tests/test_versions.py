"""A record that a colleague put right is not put wrong again; and what is sealed is named, never said."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.web import versions
from weiyifang.core.web.versions import ChangedSince, Seen
from weiyifang.people import services
from weiyifang.people.models import Account, Resident
from weiyifang.people.services import Door
from weiyifang.people.testing import ClientOf
from weiyifang.people.tests.make import a_resident

Cast = dict[str, Actor]
SEEN = re.compile(r'name="_seen" value="([^"]+)"')
PHONE = "199 0000 7001"


@pytest.fixture
def person(here: Any) -> Resident:
    return a_resident("赵一鸣", phone=PHONE, address=Door("学府花园", "6", "1", "4-2"))


def test_a_phone_that_was_corrected_meanwhile_is_named_and_not_said(
    person: Resident, cast: Cast, client_of: ClientOf
) -> None:
    address = f"/c/nanhu/workbench/residents/{person.number}/details/"
    page = client_of("staff").get(address).content.decode()
    services.update_resident(resident=person, phone="199 0000 7009", name="赵一明", by=cast["secretary"])
    mine = {"name": "赵一鸣", "gender": "f", "born_on": "1951-03-08", "_seen": SEEN.findall(page)[0]}
    answer = client_of("staff").post(address, mine)
    said = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    fault = said.partition('role="alert"')[2].partition("</ul>")[0]
    assert "赵一鸣 → 赵一明" in fault
    assert "手机号：已经换了" in fault
    assert "7009" not in fault
    person.refresh_from_db()
    assert (person.name, person.gender) == ("赵一明", "")
    assert client_of("staff").post(address, mine | {"_seen": SEEN.findall(said)[0]}).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.gender, person.phone[-4:]) == ("赵一鸣", "f", "7009")


def test_a_mark_tells_no_number(person: Resident) -> None:
    known = versions.read([versions.mark(person)])
    assert PHONE.replace(" ", "") not in str(known)
    assert person.name in str(known)


def test_another_door_is_said_as_an_address(person: Resident, cast: Cast) -> None:
    seen = Seen([versions.mark(person)])
    services.move_household(resident=person, address=Door("学府花园", "9", "", "1-1"), by=system())
    with pytest.raises(ChangedSince) as refused:
        seen.check(Resident.objects.get(pk=person.pk))
    assert "学府花园 6 栋 1 单元 4-2 → 学府花园 9 栋 1-1" in str(refused.value)


def test_marks_hold_while_the_secret_key_is_exchanged(person: Resident) -> None:
    mark = versions.mark(person)
    with override_settings(SECRET_KEY="k" * 60, SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        Seen([mark]).check(Resident.objects.get(pk=person.pk))
        assert versions.mark(person) != mark


def test_a_mark_of_an_older_program_says_nothing_of_what_it_did_not_show(
    person: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(Resident, "in_view", ("name",))
        mark = versions.mark(person)
    services.move_household(resident=person, address=None, by=system())
    Seen([mark]).check(Resident.objects.get(pk=person.pk))


def test_whose_change_it_was_is_said_only_when_the_timeline_knows_one_since(person: Resident, cast: Cast) -> None:
    services.update_resident(resident=person, gender="f", by=cast["secretary"])
    with clock.at(clock.now() + timedelta(minutes=1)):
        mark = versions.mark(Resident.objects.get(pk=person.pk), at=clock.now())
    Resident.objects.filter(pk=person.pk).update(name="赵某某")  # behind the verbs: nobody is named for it
    with pytest.raises(ChangedSince) as refused:
        Seen([mark]).check(Resident.objects.get(pk=person.pk))
    assert cast["secretary"].name not in str(refused.value)


def test_what_waits_for_a_fresh_proof_waits_with_what_was_seen(
    person: Resident, cast: Cast, accounts: dict[str, Account], client_of: ClientOf
) -> None:
    """The session ends, a colleague corrects the record, the writer signs in again: they are told."""
    address, browser = f"/c/nanhu/workbench/residents/{person.number}/details/", client_of("staff")
    page = browser.get(address).content.decode()
    owner = re.search(r'name="_for" value="([^"]+)"', page)
    assert owner
    browser.logout()
    mine = {"name": "赵一鸣", "gender": "f", "born_on": "1951-03-08", "_for": owner[1], "_seen": SEEN.findall(page)[0]}
    assert browser.post(address, mine).status_code == 302
    services.update_resident(resident=person, name="赵一明", by=cast["secretary"])
    browser.force_login(accounts["staff"])
    back = browser.get(f"{address}?typed=1").content.decode()
    again = mine | {"_seen": SEEN.findall(back)[0]}
    assert browser.post(f"{address}?typed=1", again).status_code == 422
    person.refresh_from_db()
    assert person.name == "赵一明"


def test_a_button_without_words_leaves_nothing_that_waits(
    person: Resident, accounts: dict[str, Account], client_of: ClientOf
) -> None:
    from weiyifang.people.models import TypedForm

    services.mark_left(resident=person, by=system())
    here, browser = f"/c/nanhu/workbench/residents/{person.number}/", client_of("staff")
    page = browser.get(here).content.decode()
    owner = re.search(r'name="_for" value="([^"]+)"', page)
    assert owner
    browser.logout()
    browser.post(f"{here}return/", {"_for": owner[1], "_seen": SEEN.findall(page)[0]})
    assert not TypedForm.objects.exists()
