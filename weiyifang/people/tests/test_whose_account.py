"""An account belongs to whoever proves the phone: the attacks, from the first page to the last."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import IntegrityError, transaction

from weiyifang.communities.models import Community
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.core.server.jobs import run_jobs
from weiyifang.core.tenancy import in_community
from weiyifang.people import queries, services, verify
from weiyifang.people.models import Account, Duty, Resident
from weiyifang.people.roles import Role
from weiyifang.people.secrets import find_key
from weiyifang.people.sms import MemorySender
from weiyifang.people.testing import ClientOf, CommunityClient
from weiyifang.people.tests.make import a_resident
from weiyifang.people.tests.test_sign_in import NOBODYS, PHONE, ask_for_code, code_for, is_signed_in, last_code

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("accounts", "quiet")]
OWNERS = "+8619900008888"  # NOBODYS, as it is kept
THEIRS = "the enemy's own one"  # a password


def sign_up(phone: str = NOBODYS, password: str = THEIRS) -> CommunityClient:
    browser = CommunityClient()
    assert browser.post("/accounts/signup/", {"phone": phone, "password1": password}).status_code == 302
    return browser


def sign_in_by_code(phone: str, browser: CommunityClient | None = None) -> CommunityClient:
    browser = browser or CommunityClient()
    ask_for_code(browser, phone)
    browser.post("/accounts/login/code/confirm/", {"code": last_code()})
    return browser


def sign_in_by_password(login: str, password: str) -> CommunityClient:
    browser = CommunityClient()
    browser.post("/accounts/login/", {"login": login, "password": password})
    return browser


def owner_of(phone: str = OWNERS) -> Account:
    return Account.objects.get(phone_key=find_key(phone))


# --- before the code --------------------------------------------------------------------------------------------


def test_signing_up_makes_no_account_before_the_code_is_typed() -> None:
    before = Account.objects.count()
    enemy = sign_up()
    assert Account.objects.count() == before
    assert not is_signed_in(enemy)
    assert not is_signed_in(sign_in_by_password("+8619900008888", THEIRS))
    enemy.post("/accounts/phone/verify/", {"code": last_code()})
    assert is_signed_in(enemy)
    assert Account.objects.count() == before + 1
    assert owner_of().is_proved
    assert owner_of().check_password(THEIRS)


def test_what_waits_for_the_code_lies_sealed() -> None:
    sign_up()
    kept = "".join(Session.objects.values_list("session_data", flat=True))
    assert kept
    assert "19900008888" not in kept
    assert "md5$" not in kept  # how the tests hash passwords


def test_a_wrong_code_makes_no_account_and_new_digits_do() -> None:
    browser = sign_up()
    first = last_code()
    browser.post("/accounts/phone/verify/", {"code": "000000" if first != "000000" else "111111"})
    assert not Account.objects.filter(phone_key=find_key(OWNERS)).exists()
    browser.post("/accounts/phone/verify/", {"action": "resend"})
    browser.post("/accounts/phone/verify/", {"code": last_code()})
    assert is_signed_in(browser)


def test_the_page_for_the_code_is_the_same_whether_there_is_an_account() -> None:
    pages = []
    for phone in (NOBODYS, PHONE):
        page = sign_up(phone).get("/accounts/phone/verify/").content.decode()
        pages.append(page.split("<main")[1].split("csrfmiddlewaretoken")[0])
        assert 'value="change"' not in page
    assert pages[0].replace("8888", "") == pages[1].replace("9001", "")


def test_signing_up_takes_over_nobodys_account() -> None:
    enemy = sign_up(PHONE)
    for code in ("", "000000"):
        enemy.post("/accounts/phone/verify/", {"code": code})
    assert not is_signed_in(enemy)
    assert not owner_of("+8619900009001").check_password(THEIRS)


def test_two_who_sign_up_with_one_phone_make_one_account() -> None:
    enemy = sign_up()
    owner = sign_up(password="the owner's own one")
    owner.post("/accounts/phone/verify/", {"code": last_code()})
    codes = [found[0] for _phone, text in MemorySender.sent if (found := re.search(r"\d{6}", text))]
    assert len(codes) == 2
    enemy.post("/accounts/phone/verify/", {"code": codes[0]})
    assert is_signed_in(owner)
    assert not is_signed_in(enemy)
    assert owner_of().check_password("the owner's own one")


# --- whatever was there before the proof ------------------------------------------------------------------------


def squat(phone: str = NOBODYS) -> tuple[Account, CommunityClient]:
    """As it was possible once: an account on another's phone, a password, a second factor, and a session."""
    account = services.make_account(name="不是本人", phone=phone, password=THEIRS)
    TOTP.activate(account, generate_totp_secret())
    enemy = CommunityClient()
    enemy.force_login(account)
    return account, enemy


def test_the_owner_who_signs_in_by_code_shares_the_account_with_nobody(community: Community) -> None:
    account, enemy = squat()
    a_resident("王秀英", phone=NOBODYS)
    assert is_signed_in(enemy)
    owner = sign_in_by_code(NOBODYS)
    assert is_signed_in(owner)
    assert owner.get("/c/nanhu/me/claim/").status_code == 200
    assert "/accounts/login/" in enemy.get("/c/nanhu/me/details/").headers["Location"]
    assert not is_signed_in(sign_in_by_password(NOBODYS, THEIRS))
    assert not is_signed_in(sign_in_by_password(account.username, THEIRS))
    assert not Authenticator.objects.filter(user=account).exists()
    account.refresh_from_db()
    assert account.is_proved
    assert not account.has_usable_password()


def test_a_password_from_before_opens_nothing_but_the_page_for_the_code() -> None:
    account, _enemy = squat()
    Authenticator.objects.all().delete()
    burglar = sign_in_by_password(account.username, THEIRS)
    assert not is_signed_in(burglar)
    assert burglar.get("/c/nanhu/me/details/").status_code == 302


def test_who_squats_on_the_future_secretarys_phone_gets_nothing_of_it() -> None:
    account, enemy = squat()
    call_command("community", "secretary", "nanhu", "--name", "向红梅", "--phone", NOBODYS, "--also", stdout=StringIO())
    assert enemy.get("/c/nanhu/workbench/duties/").status_code == 302
    assert not is_signed_in(sign_in_by_password(account.username, THEIRS))
    assert not Authenticator.objects.filter(user=account).exists()
    assert is_signed_in(sign_in_by_code(NOBODYS))


def test_signing_in_by_code_again_drops_nothing(client_of: ClientOf, accounts: dict[str, Account]) -> None:
    """The control: whoever proved the phone before keeps what they set up."""
    elsewhere, before = client_of("resident"), accounts["resident"].password
    sign_in_by_code(PHONE)
    accounts["resident"].refresh_from_db()
    assert accounts["resident"].password == before
    assert elsewhere.get("/c/nanhu/me/details/").status_code == 200


# --- another phone ----------------------------------------------------------------------------------------------


def test_whoever_changes_the_phone_stays_signed_in_here_only_and_the_old_phone_is_told(
    accounts: dict[str, Account],
) -> None:
    here, elsewhere = sign_in_by_code(PHONE), sign_in_by_code(PHONE)
    MemorySender.sent.clear()
    here.post("/accounts/phone/change/", {"phone": NOBODYS})
    here.post("/accounts/phone/verify/", {"code": last_code()})
    run_jobs()
    assert [phone for phone, _text in MemorySender.sent] == [OWNERS, "+8619900009001"]
    assert here.get("/c/nanhu/me/details/").status_code == 200
    assert elsewhere.get("/c/nanhu/me/details/").status_code == 302
    assert UserSession.objects.filter(user=accounts["resident"]).count() == 1
    assert owner_of() == accounts["resident"]


# --- a number that has another holder ---------------------------------------------------------------------------

LATER = timedelta(days=91)


def test_whoever_gets_the_number_later_sees_nothing_of_who_had_it(
    accounts: dict[str, Account], resident_of: Callable[[str], Resident]
) -> None:
    owner = sign_in_by_code(PHONE)
    assert "陈桂芳" in owner.get("/c/nanhu/me/details/").content.decode()
    with clock.at(clock.now() + LATER):
        stranger = sign_in_by_code(PHONE)
        assert is_signed_in(stranger)
        assert stranger.get("/c/nanhu/me/details/").status_code == 404
        page = stranger.get("/c/nanhu/me/claim/").content.decode().split("<main")[1]
        assert "陈" not in page
        stranger.post("/c/nanhu/me/claim/", {"name": "陈桂芳", "born_on": "1951-03-09"})
        assert stranger.get("/c/nanhu/me/details/").status_code == 404
        assert owner.get("/c/nanhu/me/details/").status_code == 302
        assert not is_signed_in(sign_in_by_password("resident", settings.DEMO_PASSWORD))
        stranger.post("/c/nanhu/me/claim/", {"name": "陈桂芳", "born_on": "1951-03-08"})  # it was her, after all
        assert stranger.get("/c/nanhu/me/details/").status_code == 200


def test_three_guesses_through_the_page_are_counted_although_each_request_is_one_transaction(here: Community) -> None:
    resident = a_resident("王秀英", phone=NOBODYS)
    stranger = sign_up()
    stranger.post("/accounts/phone/verify/", {"code": last_code()})
    for year in (1960, 1961, 1962):
        answer = stranger.post("/c/nanhu/me/claim/", {"name": "王秀英", "born_on": f"{year}-01-02", "_once": str(year)})
        assert answer.status_code == 302
    right = stranger.post("/c/nanhu/me/claim/", {"name": "王秀英", "born_on": "1950-01-02", "_once": "right"})
    assert right.status_code == 409
    assert "born_on" not in right.content.decode()
    resident.refresh_from_db()
    assert resident.account_id is None


def test_who_signs_in_often_enough_is_not_asked(accounts: dict[str, Account]) -> None:
    """The control."""
    now = clock.now()
    for days in (80, 160, 240):
        with clock.at(now + timedelta(days=days)):
            assert sign_in_by_code(PHONE).get("/c/nanhu/me/details/").status_code == 200


def test_a_second_factor_shows_that_it_is_still_the_same_person(accounts: dict[str, Account]) -> None:
    TOTP.activate(accounts["resident"], generate_totp_secret())
    with clock.at(clock.now() + LATER):
        browser = sign_in_by_code(PHONE)
        assert not is_signed_in(browser)  # who only has the number stands here
        browser.post("/accounts/2fa/authenticate/", {"code": code_for(accounts["resident"])})
        assert browser.get("/c/nanhu/me/details/").status_code == 200


def test_every_community_lets_go_of_the_number(accounts: dict[str, Account], neighbour: Community) -> None:
    with in_community(neighbour):
        services.link_account(resident=a_resident("陈桂芳"), account=accounts["resident"], by=system())
    with clock.at(clock.now() + LATER):
        sign_in_by_code(PHONE)
    assert not Resident.everywhere.filter(account=accounts["resident"]).exists()  # in whatever community


# --- duties and records -----------------------------------------------------------------------------------------


def test_neither_a_duty_nor_a_record_goes_to_an_account_nobody_proved() -> None:
    account, _enemy = squat()
    with pytest.raises(services.NotProved):
        services.give_duty(account=account, role=Role.STAFF, by=system())
    with pytest.raises(services.NotProved):
        services.link_account(resident=a_resident(), account=account, by=system())
    for who in (account.username, NOBODYS):
        assert queries.find_account(who) is None


def test_an_account_that_is_no_longer_active_gets_neither(accounts: dict[str, Account]) -> None:
    Account.objects.filter(pk=accounts["outsider"].pk).update(is_active=False)
    with pytest.raises(services.NotProved):
        services.give_duty(account=accounts["outsider"], role=Role.STAFF, by=system())


def test_the_committee_reads_why(client_of: ClientOf) -> None:
    squat()
    page = client_of("secretary").post("/c/nanhu/workbench/duties/new/", {"who": NOBODYS, "role": "staff"})
    assert page.status_code == 422
    assert str(services.NoSuchAccount()) in page.content.decode()


@pytest.mark.parametrize("held", ["record", "duty"])
def test_what_was_written_past_the_program_is_named(held: str, here: Community, accounts: dict[str, Account]) -> None:
    assert verify.check() == []
    account, _enemy = squat()
    if held == "record":
        Resident.objects.filter(account=accounts["resident"]).update(account=account)
    else:
        Duty.objects.filter(account=accounts["staff"]).update(account=account)
    (fault,) = verify.unproved_accounts()
    assert fault in verify.check()
    assert held in fault.what


def test_the_database_refuses_a_proof_without_a_phone() -> None:
    with pytest.raises(IntegrityError, match="account_proved_has_phone"), transaction.atomic():
        Account.objects.create_user("somebody", phone_verified=True)
