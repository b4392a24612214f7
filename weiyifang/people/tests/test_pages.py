"""Every page of the package, opened as whoever may and whoever may not."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.people import queries, services
from weiyifang.people.models import (
    Account,
    Consent,
    ConsentText,
    Duty,
    ErasureRequest,
    Purpose,
    ReadReason,
    Relation,
    RelationKind,
    Resident,
    SensitiveRead,
)
from weiyifang.people.roles import Role
from weiyifang.people.testing import ClientOf
from weiyifang.people.tests.make import HOME, a_resident, an_id_number

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("accounts")]
HERE = "/c/nanhu/"
OWN = ["me/details/", "me/consents/", "me/relations/", "me/data/", "me/data.json", "me/erasure/"]
REGISTER = ["workbench/residents/", "workbench/residents/export/", "workbench/residents/{number}/"]
KEEPING = [
    "workbench/residents/new/",
    "workbench/residents/import/",
    "workbench/residents/import/template/",
    *[
        f"workbench/residents/{{number}}/{page}/"
        for page in ("details", "address", "departure", "relations", "account", "erasure", "numbers")
    ],
]
RIGHTS = ["workbench/duties/", "workbench/duties/new/", "workbench/consents/", "workbench/consents/photos/"]


def at(route: str, cast: dict[str, Actor]) -> str:
    return HERE + route.format(number=Resident.objects.get(pk=str(cast["resident"].resident_id)).number)


@pytest.mark.parametrize("route", [*OWN, *REGISTER, *KEEPING, *RIGHTS])
def test_visitors_sign_in_and_outsiders_find_nothing(route: str, client_of: ClientOf, cast: dict[str, Actor]) -> None:
    asked = client_of("visitor").get(at(route, cast))
    assert asked.status_code == 302
    assert asked.headers["Location"].startswith("/accounts/login/")
    assert client_of("outsider").get(at(route, cast)).status_code == 404


@pytest.mark.parametrize("route", [*REGISTER, *KEEPING, *RIGHTS])
def test_residents_are_told_that_the_workbench_is_not_theirs(
    route: str, client_of: ClientOf, cast: dict[str, Actor]
) -> None:
    for key in ("resident", "volunteer", "leader", "accountant", "supervisor", "street_officer"):
        assert client_of(key).get(at(route, cast)).status_code == 403, key


@pytest.mark.parametrize("route", [*REGISTER, *KEEPING])
def test_the_office_keeps_the_register(route: str, client_of: ClientOf, cast: dict[str, Actor]) -> None:
    for key in ("staff", "secretary"):
        assert client_of(key).get(at(route, cast)).status_code == 200, key


@pytest.mark.parametrize("route", RIGHTS)
def test_the_secretary_gives_duties_and_staff_do_not(route: str, client_of: ClientOf, cast: dict[str, Actor]) -> None:
    assert client_of("secretary").get(at(route, cast)).status_code == 200
    assert client_of("staff").get(at(route, cast)).status_code == 403


@pytest.mark.parametrize("route", OWN)
def test_a_resident_sees_their_own_pages(route: str, client_of: ClientOf, cast: dict[str, Actor]) -> None:
    assert client_of("resident").get(at(route, cast)).status_code == 200


def test_staff_who_do_not_live_here_see_how_they_sign_in(client_of: ClientOf) -> None:
    assert "周敏" in client_of("staff").get(f"{HERE}me/details/").content.decode()


def post(client: Any, route: str, **data: Any) -> Any:
    return client.post(f"{HERE}{route}", {"_once": str(uuid4()), **data})


def said(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_somebody_is_put_on_the_register_and_found(client_of: ClientOf) -> None:
    staff = client_of("staff")
    answer = post(
        staff,
        "workbench/residents/new/",
        name="吴桂英",
        phone="199 0000 1234",
        compound="学府花园",
        building="6",
        door="4-2",
    )
    made = Resident.objects.get(name="吴桂英")
    assert answer.headers["Location"] == f"{HERE}workbench/residents/{made.number}/"
    page = staff.get(f"{HERE}workbench/residents/?q=19900001234").content.decode()
    assert "吴桂英" in page
    assert "199 **** 1234" in page
    assert "0000 1234" not in page.replace('value="19900001234"', "")


def test_what_was_typed_stays_when_it_is_refused(client_of: ClientOf) -> None:
    answer = post(client_of("staff"), "workbench/residents/new/", name="吴桂英", phone="123")
    assert answer.status_code == 422
    assert 'value="吴桂英"' in answer.content.decode()
    assert not Resident.objects.filter(name="吴桂英").exists()


def test_numbers_are_kept_unless_they_are_typed_anew(client_of: ClientOf) -> None:
    resident = a_resident(phone="199 0000 1234")
    route = f"workbench/residents/{resident.number}/details/"
    assert "19900001234" not in client_of("staff").get(HERE + route).content.decode()
    post(client_of("staff"), route, name="赵一明", born_on="1950-01-02")
    resident.refresh_from_db()
    assert (resident.name, resident.phone) == ("赵一明", "+8619900001234")
    post(client_of("staff"), route, name="赵一明", born_on="1950-01-02", phone="-")
    resident.refresh_from_db()
    assert resident.phone == ""


def test_who_looks_says_why_and_is_seen(client_of: ClientOf, cast: dict[str, Actor]) -> None:
    resident = Resident.objects.get(pk=str(cast["resident"].resident_id))
    route = f"workbench/residents/{resident.number}/numbers/"
    staff = client_of("staff")
    assert post(staff, route, fields_read="phone").status_code == 422
    assert not SensitiveRead.objects.exists()
    answer = post(staff, route, fields_read="phone", reason=ReadReason.CALL)
    shown = staff.get(answer.headers["Location"])
    assert "199 0000 9001" in shown.content.decode()
    assert shown.headers["Cache-Control"] == "no-store"
    assert "199 0000 9001" not in answer.content.decode()
    assert client_of("secretary").get(answer.headers["Location"]).status_code == 403
    assert "周敏" in client_of("resident").get(f"{HERE}me/details/").content.decode()


def test_a_departure_is_noted_and_undone(client_of: ClientOf) -> None:
    resident, staff = a_resident(), client_of("staff")
    post(staff, f"workbench/residents/{resident.number}/departure/", on=resident.joined_on.isoformat())
    resident.refresh_from_db()
    assert resident.left_on
    post(staff, f"workbench/residents/{resident.number}/return/")
    resident.refresh_from_db()
    assert resident.left_on is None


def test_another_door_is_noted(client_of: ClientOf) -> None:
    resident = a_resident(address=HOME)
    route = f"workbench/residents/{resident.number}/address/"
    assert post(client_of("staff"), route, compound="清风苑").status_code == 422
    post(client_of("staff"), route, compound="清风苑", building="1", door="1-1")
    resident.refresh_from_db()
    assert resident.household is not None
    page = client_of("staff").get(f"{HERE}workbench/households/{resident.household.pk}/").content.decode()
    assert resident.name in page


def test_relations_accounts_and_consents_are_noted_by_the_office(client_of: ClientOf) -> None:
    services.publish_standard_texts(by=system())
    resident, helper, staff = a_resident(), a_resident("钱二"), client_of("staff")
    person = f"workbench/residents/{resident.number}/"
    assert post(staff, f"{person}relations/", kind="appointed", who="999999").status_code == 422
    post(staff, f"{person}relations/", kind="appointed", who=helper.name)
    relation = Relation.objects.get()
    assert "钱二" in staff.get(HERE + person).content.decode()
    post(staff, f"{person}relations/{relation.pk}/end/")
    assert not Relation.objects.lasting().exists()
    account = services.make_account(name="新来的", phone="199 0000 4321", phone_verified=True)
    assert post(staff, f"{person}account/", who="199 0000 4322").status_code == 422
    post(staff, f"{person}account/", who="199 0000 4321")
    assert Resident.objects.get(pk=resident.pk).account == account
    post(staff, f"{person}account/end/")
    text = ConsentText.objects.get(purpose=Purpose.PHOTOS)
    post(staff, f"{person}consents/{text.pk}/")
    assert Consent.objects.get().resident == resident


def test_the_desk_forgets_somebody_with_two_people_and_three_days(client_of: ClientOf) -> None:
    resident = a_resident("要走的人")
    page = f"workbench/residents/{resident.number}/erasure/"
    assert post(client_of("staff"), page).status_code == 422  # no reason chosen
    post(client_of("staff"), page, reason="writing")
    assert post(client_of("staff"), f"{page}confirmation/").status_code == 409  # alone
    for where in ("workbench/", "workbench/erasures/", page):
        assert "要走的人" in client_of("secretary").get(HERE + where).content.decode(), where
    assert "要走的人" not in client_of("staff").get(f"{HERE}workbench/").content.decode()  # it waits for another
    post(client_of("secretary"), f"{page}confirmation/")
    assert Resident.objects.get(pk=resident.pk).name == "要走的人"
    with clock.at(clock.now() + timedelta(days=3)):
        services.erase_due()
    shown = client_of("staff").get(f"{HERE}workbench/residents/{resident.number}/")
    assert shown.status_code == 200
    assert "要走的人" not in shown.content.decode()


def test_who_is_to_be_forgotten_by_the_desk_reads_it_and_stays(client_of: ClientOf, cast: dict[str, Actor]) -> None:
    own = Resident.objects.get(pk=str(cast["resident"].resident_id))
    services.ask_erasure_of(resident=own, reason="twice", by=cast["staff"])
    browser = client_of("resident")
    assert "me/erasure/" in browser.get(f"{HERE}me/").content.decode()
    assert "me/erasure/end/" in browser.get(f"{HERE}me/erasure/").content.decode()
    strip = browser.get(f"{HERE}me/details/").content.decode()
    assert strip.count("me/erasure/") == 2  # the way to ask for it, and what was asked
    assert "me/erasure/end/" in browser.get(f"{HERE}me/erasure/").content.decode()
    post(browser, "me/erasure/end/")
    assert queries.open_erasure(own) is None


def test_duties_are_given_and_ended(client_of: ClientOf, accounts: dict[str, Account]) -> None:
    secretary = client_of("secretary")
    assert post(secretary, "workbench/duties/new/", who="nobody", role=Role.STAFF).status_code == 422
    assert post(secretary, "workbench/duties/new/", who="secretary", role=Role.STAFF, sure="1").status_code == 422
    post(secretary, "workbench/duties/new/", who="resident", role=Role.STAFF, sure="1")
    duty = Duty.objects.get(account=accounts["resident"])
    post(secretary, f"workbench/duties/{duty.pk}/end/")
    duty.refresh_from_db()
    assert duty.until
    (back,) = re.findall(r'action="([^"]+/again/)"', secretary.get(f"{HERE}workbench/duties/").content.decode())
    assert secretary.post(back, {"_once": "back"}).status_code == 302
    assert Duty.objects.filter(account=accounts["resident"], role=Role.STAFF, until=None).count() == 1
    assert "/again/" not in secretary.get(f"{HERE}workbench/duties/").content.decode()
    assert secretary.post(back, {"_once": "twice"}).status_code == 409


def test_words_are_published_agreed_to_replaced_and_taken_back(client_of: ClientOf) -> None:
    secretary, resident = client_of("secretary"), client_of("resident")
    post(secretary, "workbench/consents/")
    text = ConsentText.objects.get(purpose=Purpose.PHOTOS)
    page = resident.get(f"{HERE}me/consents/").content.decode()
    assert text.text in page
    (route,) = [url for url in re.findall(r'action="(/c/nanhu/me/consents/[^"]+)"', page) if str(text.pk) in url]
    resident.post(route, {"_once": "1"})
    assert Consent.objects.get(withdrawn_at=None).text == text
    post(secretary, "workbench/consents/photos/", text="新的说法")
    page = resident.get(f"{HERE}me/consents/").content.decode()
    assert "新的说法" in page
    assert text.text[:20] in page, "what she said yes to can still be read"
    assert "同意了第 1 版" in page
    assert resident.post(route, {"_once": "2"}).status_code == 409
    consent = Consent.objects.get(withdrawn_at=None)
    post(resident, f"me/consents/{consent.pk}/end/")
    assert not Consent.objects.filter(withdrawn_at=None).exists()


def test_nobody_agrees_for_a_stranger(client_of: ClientOf) -> None:
    (text, *_rest) = services.publish_standard_texts(by=system())
    stranger = a_resident()
    assert post(client_of("resident"), f"me/consents/{text.pk}/of/{stranger.pk}/").status_code == 403


def test_a_resident_names_a_proxy_by_name_and_phone(client_of: ClientOf) -> None:
    resident = client_of("resident")
    wrong = post(resident, "me/relations/", kind="proxy", name="罗小军", phone="199 0000 9999")
    assert wrong.status_code == 422
    post(resident, "me/relations/", kind="proxy", name="罗小军", phone="199 0000 9002")
    relation = Relation.objects.get()
    assert relation.kind == RelationKind.PROXY
    assert "陈桂芳" in client_of("volunteer").get(f"{HERE}me/relations/").content.decode()
    assert post(client_of("leader"), f"me/relations/{relation.pk}/end/").status_code == 403
    post(client_of("volunteer"), f"me/relations/{relation.pk}/end/")
    assert not Relation.objects.lasting().exists()


def test_a_new_account_claims_its_record_with_name_and_birthday(client_of: ClientOf) -> None:
    resident = a_resident(phone="199 0000 1234")
    account = services.make_account(name="", phone="199 0000 1234", phone_verified=True)
    browser = client_of("visitor")
    assert browser.get(f"{HERE}me/claim/").status_code == 200
    browser.force_login(account)
    page = browser.get(f"{HERE}me/claim/").content.decode()
    assert resident.name[0] not in page.split("<main")[1]  # the phone may be somebody else's by now
    post(browser, "me/claim/", name=resident.name, born_on="1950-01-02")
    assert Resident.objects.get(pk=resident.pk).account == account
    assert browser.get(f"{HERE}me/claim/").status_code == 302


def test_an_outsider_claims_nothing(client_of: ClientOf) -> None:
    assert post(client_of("outsider"), "me/claim/").status_code == 409
    assert post(client_of("visitor"), "me/claim/").status_code == 200


def test_asking_to_be_forgotten_can_be_taken_back(client_of: ClientOf) -> None:
    resident = client_of("resident")
    post(resident, "me/erasure/")
    assert ErasureRequest.objects.get().taken_back_at is None
    assert post(resident, "me/erasure/").status_code == 409
    post(resident, "me/erasure/end/")
    assert ErasureRequest.objects.get().taken_back_at
    assert post(client_of("supervisor"), "me/erasure/").status_code == 409  # a duty must end first


@pytest.mark.parametrize(
    "route", ["workbench/residents/", "me/details/", "me/relations/", "me/consents/", "workbench/duties/"]
)
def test_more_rows_ask_no_more_questions(route: str, client_of: ClientOf, cast: dict[str, Actor]) -> None:
    services.publish_standard_texts(by=system())
    own = Resident.objects.get(pk=str(cast["resident"].resident_id))
    key = "secretary" if "workbench" in route else "resident"

    def more(number: int) -> None:
        helper = a_resident(f"帮手{number}", address=HOME, phone=f"199 0000 11{number:02}")
        services.relate(resident=own, helper=helper, kind=RelationKind.CONTACT, by=system())
        account = services.make_account(name=f"值班{number}", phone=f"199 0000 12{number:02}", phone_verified=True)
        services.give_duty(account=account, role=Role.VOLUNTEER, by=system())
        services.read_sensitive(resident=own, fields=("phone",), reason=ReadReason.CALL, by=cast["staff"])

    def count() -> int:
        browser = client_of(key)
        browser.get(HERE + route)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browser.get(HERE + route).status_code == 200
        return len(queries)

    more(1)
    one = count()
    more(2)
    more(3)
    assert count() == one


def test_one_persons_page_asks_no_more_for_a_larger_family(client_of: ClientOf) -> None:
    person = a_resident(address=HOME, id_number=an_id_number())
    staff = client_of("staff")

    def count() -> int:
        staff.get(f"{HERE}workbench/residents/{person.number}/")
        with CaptureQueriesContext(connection) as queries:
            staff.get(f"{HERE}workbench/residents/{person.number}/")
        return len(queries)

    def more(name: str) -> None:
        helper = a_resident(name, address=HOME)
        services.relate(resident=person, helper=helper, kind=RelationKind.FAMILY, by=system())

    more("一")
    one = count()
    more("二")
    more("三")
    assert count() == one
