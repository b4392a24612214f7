"""Whoever tries again and again is stopped: per phone, per account, per address, whatever they change in between."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.test import override_settings

from weiyifang.core.server.jobs import run_jobs
from weiyifang.people import limits
from weiyifang.people.models import Account
from weiyifang.people.sms import MemorySender
from weiyifang.people.testing import CommunityClient
from weiyifang.people.tests.test_sign_in import PHONE, ask_for_code, code_for, is_signed_in, last_code

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("accounts", "quiet")]


def messages_sent() -> int:
    run_jobs()
    return len(MemorySender.sent)


def try_password(login: str, password: str, address: str = "127.0.0.1", **headers: str) -> CommunityClient:
    client = CommunityClient(REMOTE_ADDR=address, headers=headers)
    client.post("/accounts/login/", {"login": login, "password": password})
    return client


# --- messages ---------------------------------------------------------------------------------------------------


def test_a_code_can_be_asked_for_three_times_a_minute() -> None:
    for _attempt in range(6):
        ask_for_code(CommunityClient(), PHONE)
    assert messages_sent() == 3
    ask_for_code(CommunityClient(), "199 0000 9002")  # another person is not held up
    assert messages_sent() == 4


def test_a_phone_is_one_phone_however_it_is_written_and_from_wherever_it_is_asked_for() -> None:
    spellings = (
        "19900009001",
        "199 0000 9001",
        "199-0000-9001",
        "+8619900009001",
        "86 199 0000 9001",
        "１９９０００００９００１",
    )
    for number, spelling in enumerate(spellings):
        ask_for_code(CommunityClient(REMOTE_ADDR=f"203.0.113.{number}"), spelling)
    assert messages_sent() == 3


def test_asking_for_new_digits_counts_as_asking(browser: CommunityClient) -> None:
    ask_for_code(browser, PHONE)
    for _attempt in range(6):
        browser.post("/accounts/login/code/confirm/", {"action": "resend"})
    assert messages_sent() <= 3


def test_one_address_cannot_send_codes_to_everybody() -> None:
    for number in range(30):
        ask_for_code(CommunityClient(), f"199 0000 70{number:02}")
    assert messages_sent() == 20


def test_an_address_is_not_what_the_visitor_says_it_is() -> None:
    for number in range(30):
        ask_for_code(CommunityClient(headers={"X-Forwarded-For": f"203.0.113.{number}"}), f"199 0000 70{number:02}")
    assert messages_sent() == 20


@override_settings(PROXIES=1)
def test_behind_a_proxy_of_ours_each_visitor_has_an_address_of_their_own() -> None:
    for number in range(30):
        ask_for_code(CommunityClient(headers={"X-Forwarded-For": f"203.0.113.{number}"}), f"199 0000 70{number:02}")
    assert messages_sent() == 30


@override_settings(PROXIES=1)
def test_what_stands_before_the_proxys_own_word_counts_for_nothing() -> None:
    for number in range(30):
        said = {"X-Forwarded-For": f"203.0.113.{number}, 198.51.100.7"}
        ask_for_code(CommunityClient(headers=said), f"199 0000 70{number:02}")
    assert messages_sent() == 20


def test_making_accounts_is_limited_too() -> None:
    for number in range(30):
        CommunityClient().post(
            "/accounts/signup/", {"phone": f"199 0000 71{number:02}", "password1": "a long enough one"}
        )
    assert messages_sent() == 20


def test_three_wrong_codes_end_the_attempt(browser: CommunityClient) -> None:
    ask_for_code(browser, PHONE)
    right = last_code()
    wrong = "000000" if right != "000000" else "111111"
    for _attempt in range(3):
        browser.post("/accounts/login/code/confirm/", {"code": wrong})
    browser.post("/accounts/login/code/confirm/", {"code": right})
    assert not is_signed_in(browser)


# --- passwords and second factors -------------------------------------------------------------------------------


def test_guessing_a_password_is_stopped() -> None:
    for number in range(5):
        try_password("secretary", f"guess {number}", address=f"203.0.113.{number}")
    assert not is_signed_in(try_password("secretary", settings.DEMO_PASSWORD, address="203.0.113.200"))
    assert is_signed_in(try_password("staff", settings.DEMO_PASSWORD, address="203.0.113.200"))


def test_four_wrong_passwords_are_forgiven() -> None:
    """The control of the test above."""
    for number in range(4):
        try_password("secretary", f"guess {number}", address=f"203.0.113.{number}")
    assert is_signed_in(try_password("secretary", settings.DEMO_PASSWORD, address="203.0.113.200"))


def test_one_address_cannot_try_a_password_on_everybody() -> None:
    for number in range(10):
        try_password(f"name{number}", "spring2026", **{"X-Forwarded-For": f"203.0.113.{number}"})
    assert not is_signed_in(try_password("staff", settings.DEMO_PASSWORD))
    assert is_signed_in(try_password("staff", settings.DEMO_PASSWORD, address="203.0.113.9"))


def test_the_second_factor_cannot_be_guessed_either(accounts: dict[str, Account]) -> None:
    TOTP.activate(accounts["staff"], generate_totp_secret())
    for number in range(5):
        guesser = try_password("staff", settings.DEMO_PASSWORD, address=f"203.0.113.{number}")
        guesser.post("/accounts/2fa/authenticate/", {"code": "000000"})
    right = try_password("staff", settings.DEMO_PASSWORD, address="203.0.113.200")
    right.post("/accounts/2fa/authenticate/", {"code": code_for(accounts["staff"])})
    assert not is_signed_in(right)


def test_whoever_is_right_uses_up_nothing_of_others_behind_the_same_address(
    accounts: dict[str, Account], rf: Any
) -> None:
    for number in range(30):
        request = rf.post("/accounts/2fa/authenticate/")
        limits.count(request, "login_failed", f"colleague {number}")
        limits.forget(request, "login_failed", f"colleague {number}")
    for _wrong in range(limits.RULES["login_failed"][0].minute):
        limits.count(rf.post("/"), "login_failed", f"colleague {_wrong}")
    with pytest.raises(limits.TooOften):  # the control
        limits.count(rf.post("/"), "login_failed", "one more")
