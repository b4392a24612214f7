"""Money and people's numbers ask for the second factor again; staff sign in each day; nothing typed is lost."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import unquote_plus

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.models import OnceRecord
from weiyifang.core.web import access, typed
from weiyifang.fund import services as fund
from weiyifang.fund.models import Donation, PaymentRequest
from weiyifang.fund.tests import make as money
from weiyifang.people import services, typed_forms
from weiyifang.people.models import Account, ReadReason, Resident, SensitiveRead, TypedForm
from weiyifang.people.testing import ClientOf, CommunityClient
from weiyifang.people.tests.make import a_resident
from weiyifang.people.tests.test_sign_in import code_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("accounts", "quiet")]
BENCH = "/c/nanhu/workbench/"
NEW, INCOME = f"{BENCH}residents/new/", f"{BENCH}fund/income/"
WALL = "/accounts/reauthenticate/"
NAME = "欧阳明月"


@pytest.fixture
def strict(accounts: dict[str, Account]) -> Iterator[None]:
    """Staff have a second factor, as where real people live."""
    with override_settings(STAFF_TOTP=True):
        for key in ("staff", "accountant", "secretary"):
            TOTP.activate(accounts[key], generate_totp_secret())
        yield


def sign_in(account: Account, browser: CommunityClient | None = None) -> CommunityClient:
    browser = browser or CommunityClient()
    browser.post("/accounts/login/", {"login": account.username, "password": settings.DEMO_PASSWORD})
    browser.post("/accounts/2fa/authenticate/", {"code": code_for(account)})
    assert "_auth_user_id" in browser.session
    return browser


def later(**span: int) -> Any:
    return clock.at(clock.now() + timedelta(**span))


def show_again(browser: CommunityClient, answer: Any, account: Account) -> Any:
    """From the wall to the second factor, and where that leads. Its codes count once, hence a recovery code."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    codes = RecoveryCodes.activate(account).get_unused_codes()
    to = browser.get(answer.headers["Location"])
    return browser.post(to.headers["Location"], {"code": codes[0]})


def typed_in(page: Any) -> str:
    return html.unescape(page.content.decode())


# --- a fresh proof ----------------------------------------------------------------------------------------------


def gift(**more: str) -> dict[str, str]:
    typed_by_hand = {"channel": "residents", "amount": "88.50", "received_on": str(clock.today()), "method": "cash"}
    return {**typed_by_hand, "pool": "general", "donor_name": NAME, "note": "月饼钱", "_once": "gift", **more}


@pytest.mark.usefixtures("strict")
def test_money_asks_for_the_second_factor_again_and_what_was_typed_waits(accounts: dict[str, Account]) -> None:
    fund.open_fund(by=system())
    accountant = accounts["accountant"]
    browser = sign_in(accountant)
    assert browser.get(INCOME).status_code == 200
    with later(minutes=16):
        wall = browser.post(INCOME, gift())
        assert wall.headers["Location"].startswith(WALL)
        assert not Donation.objects.exists()
        back = show_again(browser, wall, accountant)
        assert not Donation.objects.exists()  # nothing is sent by itself
        assert back.headers["Location"] == f"{INCOME}?typed=1"
    with clock.at(clock.now()):
        page = browser.get(f"{INCOME}?typed=1")
        assert page.status_code == 200
        assert "88.50" in typed_in(page)
        assert NAME in typed_in(page)
        key = re.search(r'name="_once" value="([^"]+)"', page.content.decode())
        assert key
        assert browser.post(f"{INCOME}?typed=1", gift(_once=key[1])).status_code == 302
        assert Donation.objects.get().amount_fen == 8850
        assert not TypedForm.objects.exists()


@pytest.mark.usefixtures("strict")
def test_the_same_key_sent_again_after_the_proof_is_no_conflict(accounts: dict[str, Account]) -> None:
    """Whoever goes back in the browser instead sends the first form once more."""
    fund.open_fund(by=system())
    browser = sign_in(accounts["accountant"])
    with later(minutes=16):
        show_again(browser, browser.post(INCOME, gift()), accounts["accountant"])
    assert browser.post(INCOME, gift(donor_name="别人")).status_code == 302
    assert Donation.objects.get().donor_name == "别人"


@pytest.mark.usefixtures("strict")
def test_the_password_does_not_pass_for_the_second_factor(accounts: dict[str, Account]) -> None:
    browser = sign_in(accounts["accountant"])
    with later(minutes=16):
        wall = browser.get(INCOME).headers["Location"]
        assert browser.get(wall).headers["Location"].startswith("/accounts/2fa/reauthenticate/")
        answer = browser.post(wall, {"password": settings.DEMO_PASSWORD})
        assert answer.headers["Location"].startswith("/accounts/2fa/reauthenticate/")
        assert browser.get(INCOME).headers["Location"] == wall


@pytest.mark.usefixtures("strict")
def test_within_a_quarter_of_an_hour_nobody_is_asked(accounts: dict[str, Account]) -> None:
    """The control."""
    fund.open_fund(by=system())
    browser = sign_in(accounts["accountant"])
    with later(minutes=14):
        assert browser.post(INCOME, gift()).headers["Location"] == INCOME
    assert Donation.objects.exists()


@pytest.mark.usefixtures("strict")
def test_a_program_reads_why(accounts: dict[str, Account]) -> None:
    fund.open_fund(by=system())
    browser = sign_in(accounts["accountant"])
    sent = {"channel": "residents", "amount_fen": 100, "received_on": str(clock.today())}
    with later(minutes=16):
        answer = browser.post("/c/nanhu/api/fund/receipts", sent, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "ProofNeeded")
    assert not Donation.objects.exists()


@pytest.mark.usefixtures("strict")
def test_numbers_of_people_ask_too(accounts: dict[str, Account]) -> None:
    person = a_resident(phone="199 0000 7001")
    look = f"{BENCH}residents/{person.number}/numbers/"
    browser = sign_in(accounts["staff"])
    asked = {"fields_read": ["phone"], "reason": ReadReason.CALL.value}
    shown = browser.post(look, asked).headers["Location"]
    assert "199 0000 7001" in browser.get(shown).content.decode()
    with later(minutes=16):
        answers = [browser.get(look), browser.post(look, asked), browser.get(shown)]
        export = f"{BENCH}residents/export/"
        answers.append(browser.post(export, {"form": "csv", "sensitive": "on"}))
        assert all(answer.headers["Location"].startswith(WALL) for answer in answers)
        assert browser.post(export, {"form": "csv"}).status_code == 200  # the masked list is everyday work
        assert browser.get(f"{BENCH}residents/").status_code == 200
    assert SensitiveRead.objects.count() == 1


@pytest.mark.parametrize("verb", ["approve", "pay", "close", "receive", "take_back", "read", "reveal", "export"])
def test_every_such_verb_refuses_an_old_proof(verb: str, cast: dict[str, Actor], accounts: dict[str, Account]) -> None:
    from dataclasses import replace

    fund.open_fund(by=system())
    person = a_resident(phone="199 0000 7001")
    wanted, given = money.request(cast["staff"]), money.gift(cast["accountant"], 1_000)
    read = services.read_sensitive(resident=person, fields=("phone",), reason=ReadReason.CALL, by=cast["staff"])
    old = {key: replace(actor, proof_is_old=True) for key, actor in cast.items()}
    verbs: dict[str, Callable[[], object]] = {
        "approve": lambda: fund.approve_payment(request=wanted, by=old["secretary"]),
        "pay": lambda: fund.pay(request=PaymentRequest.objects.get(pk=wanted.pk), by=old["accountant"]),
        "close": lambda: fund.close_month(month=clock.today(), by=old["accountant"]),
        "receive": lambda: money.gift(old["accountant"], 1_000),
        "take_back": lambda: fund.take_back(donation=given, reason="错了", by=old["accountant"]),
        "read": lambda: services.read_sensitive(
            resident=person, fields=("phone",), reason=ReadReason.CALL, by=old["staff"]
        ),
        "reveal": lambda: services.reveal(read=read, by=old["staff"]),
        "export": lambda: services.note_export(
            residents=Resident.objects.get_queryset(), sensitive=True, by=old["staff"]
        ),
    }
    with pytest.raises(access.ProofNeeded):
        verbs[verb]()


def test_where_staff_need_no_second_factor_there_is_no_wall(client_of: ClientOf) -> None:
    fund.open_fund(by=system())
    browser = client_of("accountant")
    with later(minutes=90):
        assert browser.post(INCOME, gift()).headers["Location"] == INCOME


# --- a working day ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "is_over"), [({"hours": 1, "minutes": 50}, False), ({"hours": 2, "minutes": 1}, True)]
)
def test_a_long_break_ends_it(hours: dict[str, int], is_over: bool, client_of: ClientOf) -> None:
    browser = client_of("staff")
    with later(**hours):
        assert (browser.get(NEW).status_code == 302) is is_over
        assert ("_auth_user_id" in browser.session) is not is_over


def test_whoever_works_on_works_ten_hours(client_of: ClientOf) -> None:
    browser, start = client_of("staff"), clock.now()
    for hour in range(1, 10):
        with clock.at(start + timedelta(hours=hour)):
            assert browser.get(NEW).status_code == 200
    with clock.at(start + timedelta(hours=10, minutes=1)):
        assert browser.get(NEW).headers["Location"].startswith("/accounts/login/")
        assert "_auth_user_id" not in browser.session


def test_the_pages_of_the_account_end_with_it(client_of: ClientOf) -> None:
    browser = client_of("staff")
    with later(hours=11):
        assert browser.get("/accounts/sessions/").headers["Location"].startswith("/accounts/login/")


def test_a_resident_stays_signed_in(client_of: ClientOf) -> None:
    browser = client_of("resident")
    with later(days=3):
        assert browser.get("/c/nanhu/me/details/").status_code == 200


def test_a_program_is_no_way_around_it(client_of: ClientOf) -> None:
    mine, there = "/c/nanhu/api/activities/1/1/enrollments", {"volunteer": 404, "resident": 404}  # no such date
    browsers = {key: client_of(key) for key in there}
    assert {key: browser.get(mine).status_code for key, browser in browsers.items()} == there
    with later(hours=11):
        assert {key: browser.get(mine).status_code for key, browser in browsers.items()} == there | {"volunteer": 401}


def test_a_page_asks_nothing_more_for_it(client_of: ClientOf) -> None:
    """The clock is in the session, which is read anyway; ten minutes may pass before it is written again."""
    browser = client_of("staff")
    browser.get(NEW)
    with (
        later(minutes=9),
        CaptureQueriesContext(
            connection,
        ) as asked,
    ):
        browser.get(NEW)
    assert not [query for query in asked if query["sql"].startswith(("UPDATE", "INSERT"))]


# --- what was typed ---------------------------------------------------------------------------------------------

PERSON = {"name": NAME, "born_on": "1950-01-02", "compound": "学府花园", "building": "6", "door": "4-2"}


def sign_in_and_follow(answer: Any, account: Account, browser: CommunityClient) -> Any:
    """From the sign-in page on, as the browser would."""
    to = answer.headers["Location"]
    assert to.startswith("/accounts/login/?next=")
    answer = browser.post(to, {"login": account.username, "password": settings.DEMO_PASSWORD})
    return browser.get(answer.headers["Location"])


def test_a_session_that_ends_in_the_middle_of_a_form_loses_nothing(
    client_of: ClientOf, accounts: dict[str, Account]
) -> None:
    browser = client_of("staff")
    with later(hours=3):
        answer = browser.post(NEW, {**PERSON, "_once": "new"})
        page = sign_in_and_follow(answer, accounts["staff"], browser)
        assert page.status_code == 200
        assert all(value in typed_in(page) for value in PERSON.values())
        assert not Resident.objects.filter(name=NAME).exists()  # only shown
        browser.post(f"{NEW}?typed=1", {**PERSON, "_once": "new"})  # not even the same key is a conflict
        assert Resident.objects.filter(name=NAME).count() == 1
        assert not TypedForm.objects.exists()


def test_however_it_ended_the_forms_own_mark_says_whose_it_is(
    client_of: ClientOf, accounts: dict[str, Account]
) -> None:
    browser = client_of("resident")
    url = "/c/nanhu/me/relations/"
    mark = re.search(r'name="_for" value="([^"]+)"', browser.get(url).content.decode())
    assert mark
    Session.objects.all().delete()
    answer = browser.post(url, {"kind": "family", "name": NAME, "phone": "199 0000 7003", "_for": mark[1]})
    page = sign_in_and_follow(answer, accounts["resident"], browser)
    assert NAME in typed_in(page)


def test_nobody_else_who_signs_in_there_sees_it(client_of: ClientOf, accounts: dict[str, Account]) -> None:
    browser = client_of("staff")
    with later(hours=3):
        answer = browser.post(NEW, PERSON)
        page = sign_in_and_follow(answer, accounts["secretary"], browser)
        assert page.status_code == 200
        assert NAME not in typed_in(page)


def test_a_stranger_leaves_nothing(accounts: dict[str, Account]) -> None:
    """Neither without a mark nor with one they made up, nor with one of another time."""
    who, stamp, sign = typed.mark(accounts["staff"].pk).split(":")
    for mark in ("", who, f"{accounts['secretary'].pk.hex}:{stamp}:{sign}", f"{who}:1abcde:{sign}"):
        CommunityClient().post(NEW, {**PERSON, "_for": mark})
    assert not TypedForm.objects.exists()
    CommunityClient().post(NEW, {**PERSON, "_for": f"{who}:{stamp}:{sign}"})  # the control
    assert TypedForm.objects.exists()


def test_it_is_one_form_an_account_sealed_an_hour_and_of_a_size(
    client_of: ClientOf, accounts: dict[str, Account]
) -> None:
    mark = typed.mark(accounts["staff"].pk)
    for name in ("甲", NAME):
        CommunityClient().post(NEW, {"name": name, "_for": mark})
    row = TypedForm.objects.get()
    assert NAME in unquote_plus(row.body)
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM people_typedform")
        assert "name=" not in cursor.fetchone()[0]
    CommunityClient().post(NEW, {"name": "大" * typed.MOST, "_for": mark})
    assert TypedForm.objects.get().at == row.at  # too long: not kept, the one before is
    with later(minutes=61):
        assert typed_forms.get(accounts["staff"].pk, NEW) is None
        assert typed_forms.forget_old() == 1


@pytest.mark.usefixtures("strict")
def test_what_was_typed_for_an_address_without_a_page_is_shown_and_sent_with_one_press(
    accounts: dict[str, Account], cast: dict[str, Actor]
) -> None:
    fund.open_fund(by=system())
    money.gift(cast["accountant"], 100_000)
    wanted = money.request(cast["staff"])
    fund.approve_payment(request=wanted, by=cast["secretary"])
    payout = f"{BENCH}fund/payments/{wanted.pk}/payout/"
    browser = sign_in(accounts["accountant"])
    with later(minutes=16):
        wall = browser.post(payout, {"papers": "收据第 7 号", "_once": "pay"})
        back = show_again(browser, wall, accounts["accountant"])
    page = browser.get(back.headers["Location"])
    assert "收据第 7 号" in typed_in(page)
    wanted.refresh_from_db()
    assert wanted.state == "approved"
    browser.post(back.headers["Location"], {"papers": "收据第 7 号", "_once": "pay"})
    wanted.refresh_from_db()
    assert wanted.state == "paid"


def test_showing_it_again_cannot_do_anything(client_of: ClientOf, accounts: dict[str, Account]) -> None:
    """Whatever a page did with a form that it is only to show, is undone."""
    from django.http import HttpResponse, QueryDict
    from django.test import RequestFactory

    request: Any = RequestFactory().get(f"{NEW}?typed=1")
    request._messages = CookieStorage(request)

    def careless() -> HttpResponse:
        a_resident(request.POST["name"])
        return HttpResponse()

    typed.shown(request, QueryDict(f"name={NAME}"), careless, has_page=True)
    assert not Resident.objects.filter(name=NAME).exists()


def test_a_wall_is_not_kept_as_an_answer(client_of: ClientOf) -> None:
    browser = client_of("staff")
    with later(hours=3):
        browser.post(NEW, {**PERSON, "_once": "new"})
    assert not OnceRecord.objects.exists()
