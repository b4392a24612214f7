"""The second factor of staff belongs to whom the committee meant: it is set up with an invitation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings

from weiyifang.communities.models import Community
from weiyifang.core import clock, timeline
from weiyifang.core.actors import Actor, system
from weiyifang.core.models import OnceRecord
from weiyifang.core.tenancy import in_community, source_of
from weiyifang.people import services
from weiyifang.people.models import Account, Duty
from weiyifang.people.roles import Role
from weiyifang.people.testing import ClientOf, CommunityClient
from weiyifang.people.tests.test_sign_in import PHONE, totp
from weiyifang.people.tests.test_whose_account import sign_in_by_code

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("accounts", "quiet")]
SET_UP, SHOW = "/accounts/2fa/totp/activate/", "/accounts/invitation/"
PASSKEY = "/accounts/2fa/webauthn/add/"
BENCH, DUTIES = "/c/nanhu/workbench/", "/c/nanhu/workbench/duties/"
CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}")


@pytest.fixture(autouse=True)
def strict() -> Iterator[None]:
    """Staff need a second factor, as where real people live."""
    with override_settings(STAFF_TOTP=True):
        yield


@pytest.fixture
def giver(client_of: ClientOf, accounts: dict[str, Account]) -> CommunityClient:
    """The secretary, at work."""
    TOTP.activate(accounts["secretary"], generate_totp_secret())
    return client_of("secretary")


def reauthenticated(browser: CommunityClient, path: str) -> CommunityClient:
    """Whoever has a password types it in before a second factor is set up."""
    to = browser.get(path).headers.get("Location", "")
    if to.startswith("/accounts/reauthenticate/"):
        browser.post(to, {"password": settings.DEMO_PASSWORD})
    return browser


def set_up(browser: CommunityClient) -> None:
    reauthenticated(browser, SET_UP)
    assert browser.get(SET_UP).status_code == 200
    browser.post(SET_UP, {"code": totp(browser.session["mfa.totp.secret"])})


def opens(browser: CommunityClient) -> bool:
    return bool(browser.get(BENCH).status_code == 200)


def give(giver: CommunityClient, who: str = PHONE, role: str = "staff") -> str:
    """The invitation, as the page that follows shows it."""
    page = giver.post(f"{DUTIES}new/", {"who": who, "role": role, "sure": "1", "_once": "give"}, follow=True)
    found = CODE.search(page.content.decode())
    assert found
    return found[0]


def test_a_duty_comes_with_an_invitation_and_that_opens_the_workbench(giver: CommunityClient) -> None:
    code = give(giver)
    browser = sign_in_by_code(PHONE)
    assert browser.get(BENCH).headers["Location"] == SET_UP
    assert browser.get(SET_UP).headers["Location"].startswith(SHOW)
    answer = browser.post(SHOW, {"code": f" {code.lower()} ", "next": SET_UP})
    assert answer.headers["Location"] == SET_UP
    set_up(browser)
    assert opens(browser)


def test_who_has_the_phone_and_the_password_but_no_invitation_sets_nothing_up(
    giver: CommunityClient, accounts: dict[str, Account]
) -> None:
    give(giver)
    thief = sign_in_by_code(PHONE)
    for path in (SET_UP, PASSKEY):
        assert thief.get(path).headers["Location"].startswith(SHOW)
        assert thief.post(path, {"code": "123456", "credential": "{}"}).headers["Location"].startswith(SHOW)
    assert thief.post(SHOW, {"code": "AAAA-BBBB-CCCC"}).status_code == 422
    assert not opens(thief)
    assert not Authenticator.objects.filter(user=accounts["resident"]).exists()


def test_a_second_factor_from_before_the_duty_does_not_count(
    giver: CommunityClient, accounts: dict[str, Account]
) -> None:
    """Whoever had the phone for an hour set up an authenticator, and waits for the duty to come."""
    thief = sign_in_by_code(PHONE)
    set_up(thief)
    assert Authenticator.objects.filter(user=accounts["resident"]).exists()
    code = give(giver)
    assert not Authenticator.objects.filter(user=accounts["resident"]).exists()
    assert not opens(thief)
    owner = sign_in_by_code(PHONE)
    owner.post(SHOW, {"code": code})
    set_up(owner)
    assert opens(owner)
    assert thief.get("/c/nanhu/me/details/").status_code == 302  # who waited without one is signed out


def test_an_invitation_is_good_once(giver: CommunityClient, accounts: dict[str, Account]) -> None:
    code = give(giver)
    first, second = sign_in_by_code(PHONE), sign_in_by_code(PHONE)
    for browser in (first, second):
        browser.post(SHOW, {"code": code})
    set_up(first)
    assert opens(first)
    assert second.get(SET_UP).status_code == 302
    Authenticator.objects.filter(user=accounts["resident"]).delete()
    third = sign_in_by_code(PHONE)
    assert third.post(SHOW, {"code": code}).status_code == 422


def test_it_is_over_after_seven_days_and_after_five_wrong_ones(giver: CommunityClient) -> None:
    code = give(giver)
    browser = sign_in_by_code(PHONE)
    with clock.at(clock.now() + timedelta(days=7, minutes=1)):
        assert sign_in_by_code(PHONE).post(SHOW, {"code": code}).status_code == 422
    for _attempt in range(5):
        browser.post(SHOW, {"code": "AAAA-BBBB-CCCC"})
    assert browser.post(SHOW, {"code": code}).status_code == 422


def test_four_wrong_ones_are_forgiven(giver: CommunityClient) -> None:
    """The control: what came first did not use it up."""
    code = give(giver)
    browser = sign_in_by_code(PHONE)
    for _attempt in range(4):
        browser.post(SHOW, {"code": "AAAA-BBBB-CCCC"})
    assert browser.post(SHOW, {"code": code}).status_code == 302


def test_what_was_shown_is_void_when_another_is_made_before_it_is_used(
    giver: CommunityClient, accounts: dict[str, Account], here: Community
) -> None:
    browser = sign_in_by_code(PHONE)
    browser.post(SHOW, {"code": give(giver)})
    services.invite(account=accounts["resident"], by=system())
    set_up(browser)
    assert not Authenticator.objects.filter(user=accounts["resident"]).exists()
    assert not opens(browser)


def test_a_lost_second_factor_is_replaced_by_somebody_else(
    giver: CommunityClient, accounts: dict[str, Account], here: Community
) -> None:
    TOTP.activate(accounts["staff"], generate_totp_secret())
    thief = CommunityClient()
    thief.force_login(accounts["staff"])
    assert opens(thief)
    duty = Duty.objects.get(account=accounts["staff"])
    page = giver.post(f"{DUTIES}{duty.pk}/invitation/", {"_once": "again"}, follow=True)
    code = CODE.search(page.content.decode())
    assert code
    assert thief.get(BENCH).status_code == 302
    assert not Authenticator.objects.filter(user=accounts["staff"]).exists()
    browser = CommunityClient()
    browser.post("/accounts/login/", {"login": "staff", "password": settings.DEMO_PASSWORD})
    browser.post(SHOW, {"code": code[0]})
    set_up(browser)
    assert opens(browser)
    assert next(entry.verb for entry in timeline.of(source_of(duty))) == "StaffInvited"


def test_nobody_invites_themselves(
    giver: CommunityClient, accounts: dict[str, Account], cast: dict[str, Actor], here: Community
) -> None:
    duty = Duty.objects.get(account=accounts["secretary"])
    assert giver.post(f"{DUTIES}{duty.pk}/invitation/").status_code == 403
    assert Authenticator.objects.filter(user=accounts["secretary"]).exists()
    with pytest.raises(services.OwnInvitation):
        services.invite(account=accounts["secretary"], by=cast["secretary"])


def test_without_a_duty_there_is_nothing_to_invite_to(accounts: dict[str, Account], cast: dict[str, Actor]) -> None:
    with pytest.raises(services.NothingToOpen):
        services.invite(account=accounts["resident"], by=cast["secretary"])
    browser = sign_in_by_code(PHONE)
    assert browser.get(SHOW).headers["Location"] == SET_UP
    set_up(browser)  # and a resident sets one up without


def test_nobody_takes_the_second_factor_of_another_communitys_staff(
    accounts: dict[str, Account], cast: dict[str, Actor], neighbour: Community
) -> None:
    with in_community(neighbour):
        services.give_duty(account=accounts["outsider"], role=Role.STAFF, by=system())
    TOTP.activate(accounts["outsider"], generate_totp_secret())
    services.give_duty(account=accounts["outsider"], role=Role.VOLUNTEER, by=cast["secretary"])
    with pytest.raises(services.WorksElsewhereToo):
        services.invite(account=accounts["outsider"], by=cast["secretary"])
    assert Authenticator.objects.filter(user=accounts["outsider"]).exists()


def test_it_is_kept_as_nothing_that_could_be_typed_in(giver: CommunityClient, accounts: dict[str, Account]) -> None:
    code = give(giver)
    account = Account.objects.get(pk=accounts["resident"].pk)
    assert code not in str(vars(account))
    assert code.replace("-", "") not in str(vars(account))
    answers = OnceRecord.everywhere.all()  # in whatever community
    assert not [row for row in answers if code.encode() in bytes(row.body)]


def test_it_is_shown_once(giver: CommunityClient, accounts: dict[str, Account], here: Community) -> None:
    code = give(giver)
    duty = Duty.objects.get(account=accounts["resident"], role=Role.STAFF)
    page = giver.get(f"{DUTIES}{duty.pk}/invitation/").content.decode()
    assert code not in page
    assert not CODE.search(page)


def test_the_page_of_duties_says_who_waits_for_one(
    giver: CommunityClient, accounts: dict[str, Account], here: Community
) -> None:
    TOTP.activate(accounts["staff"], generate_totp_secret())
    page = giver.get(DUTIES).content.decode()
    duties = {duty.account_id: duty.pk for duty in Duty.objects.all()}
    assert f"{duties[accounts['accountant'].pk]}/invitation/" in page
    assert f"{duties[accounts['secretary'].pk]}/invitation/" not in page  # oneself


def test_recovery_codes_still_open_it(giver: CommunityClient) -> None:
    browser = sign_in_by_code(PHONE)
    browser.post(SHOW, {"code": give(giver)})
    set_up(browser)
    shown = browser.get("/accounts/2fa/recovery-codes/", follow=True).content.decode()
    codes = re.findall(r"\b[0-9a-f]{8}\b", shown)
    assert codes, shown
    lost = sign_in_by_code(PHONE)
    lost.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert opens(lost)


def test_the_terminal_prints_one_and_makes_another(community: Community, accounts: dict[str, Account]) -> None:
    said = StringIO()
    phone = "139 0000 7001"
    call_command("community", "secretary", "nanhu", "--name", "向红梅", "--phone", phone, "--also", stdout=said)
    first = CODE.search(said.getvalue())
    call_command("community", "invite", "nanhu", "--phone", phone, stdout=said)
    second = CODE.findall(said.getvalue())[-1]
    assert first
    browser = sign_in_by_code(phone)
    assert browser.post(SHOW, {"code": first[0]}).status_code == 422
    assert browser.post(SHOW, {"code": second}).status_code == 302
    set_up(browser)
    assert browser.get(DUTIES).status_code == 200
    with pytest.raises(CommandError):
        call_command("community", "invite", "nanhu", "--phone", PHONE, stdout=said)  # who has no duty


def test_where_staff_need_none_nobody_is_asked(client_of: ClientOf, accounts: dict[str, Account]) -> None:
    with override_settings(STAFF_TOTP=False):
        browser = client_of("secretary")
        answer = browser.post(f"{DUTIES}new/", {"who": PHONE, "role": "staff", "sure": "1"})
        assert answer.headers["Location"] == DUTIES
        assert "/invitation/" not in browser.get(DUTIES).content.decode()
        assert sign_in_by_code(PHONE).get(BENCH).status_code == 200
