"""Signing in, to the end: by code, by password, with a second factor; and what a burglar meets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.core.server.jobs import run_jobs
from weiyifang.people import services
from weiyifang.people.models import Account
from weiyifang.people.secrets import find_key, unseal
from weiyifang.people.sms import MemorySender
from weiyifang.people.testing import ClientOf, CommunityClient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("accounts", "quiet")]
PHONE = "199 0000 9001"  # of the cast's resident
NOBODYS = "199 0000 8888"


def last_code() -> str:
    """The code in the last message, as the worker sends it."""
    run_jobs()
    match = re.search(r"\d{6}", MemorySender.sent[-1][1])
    assert match, MemorySender.sent[-1]
    return match[0]


def ask_for_code(browser: CommunityClient, phone: str) -> Any:
    return browser.post("/accounts/login/code/", {"phone": phone})


def is_signed_in(browser: CommunityClient) -> bool:
    return "_auth_user_id" in browser.session


def code_for(account: Account) -> str:
    """What the person's app shows now."""
    return totp(unseal(Authenticator.objects.get(user=account, type="totp").data["secret"]))


def totp(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def test_a_resident_signs_in_by_code_and_comes_home(browser: CommunityClient) -> None:
    assert ask_for_code(browser, PHONE).status_code == 302
    run_jobs()
    assert [phone for phone, _text in MemorySender.sent] == ["+8619900009001"]
    answer = browser.post("/accounts/login/code/confirm/", {"code": last_code()})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/c/nanhu/"
    assert is_signed_in(browser)


def test_the_way_asked_for_comes_first(browser: CommunityClient) -> None:
    browser.post("/accounts/login/code/", {"phone": PHONE, "next": "/c/nanhu/me/details/"})
    answer = browser.post("/accounts/login/code/confirm/", {"code": last_code(), "next": "/c/nanhu/me/details/"})
    assert answer.headers["Location"] == "/c/nanhu/me/details/"


def test_a_stranger_learns_nothing_about_who_has_an_account(browser: CommunityClient) -> None:
    known, unknown = CommunityClient(), browser
    answers = [ask_for_code(known, PHONE), ask_for_code(unknown, NOBODYS)]
    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    pages = [client.get(answers[0].headers["Location"]) for client in (known, unknown)]
    texts = [re.sub(r"\d{3} ?\d{4} ?\d{4}|\+86\d+|value=\"[^\"]*\"", "", page.content.decode()) for page in pages]
    assert texts[0] == texts[1]
    passwords = [
        CommunityClient().post("/accounts/login/", {"login": name, "password": "not the right one"})
        for name in ("staff", "nobody")
    ]
    assert passwords[0].status_code == passwords[1].status_code == 200


def test_staff_sign_in_by_name_and_password(browser: CommunityClient) -> None:
    answer = browser.post("/accounts/login/", {"login": "staff", "password": settings.DEMO_PASSWORD})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/c/nanhu/workbench/"


def test_signing_in_again_writes_nothing_to_the_account(accounts: dict[str, Account]) -> None:
    """All communities share that table; but whether somebody ever signed in is known."""
    sign_in = {"login": "staff", "password": settings.DEMO_PASSWORD}
    assert accounts["staff"].last_login is None
    CommunityClient().post("/accounts/login/", sign_in)
    accounts["staff"].refresh_from_db()
    assert accounts["staff"].last_login is not None
    with CaptureQueriesContext(connection) as queries:
        CommunityClient().post("/accounts/login/", sign_in)
    assert any("django_session" in query["sql"] for query in queries)
    assert not [query["sql"] for query in queries if query["sql"].startswith('UPDATE "people_account"')]


def test_signing_in_by_code_writes_the_account_once_a_week(accounts: dict[str, Account]) -> None:
    """What it has to say is when somebody last had the phone in hand, and that may be a week late."""

    def sign_in() -> list[str]:
        browser = CommunityClient()
        ask_for_code(browser, PHONE)
        code = last_code()
        with CaptureQueriesContext(connection) as queries:
            answer = browser.post("/accounts/login/code/confirm/", {"code": code})
        assert answer.status_code == 302
        assert is_signed_in(browser)
        return [query["sql"] for query in queries if '"people_account"' in query["sql"]]

    def wrote(said: list[str]) -> bool:
        return any(sql.startswith("UPDATE") or "FOR UPDATE" in sql for sql in said)

    begin = clock.now()
    with clock.at(begin + timedelta(days=8)):
        assert wrote(sign_in())
    with clock.at(begin + timedelta(days=14)):
        assert not wrote(sign_in())
    with clock.at(begin + timedelta(days=16)):
        assert wrote(sign_in())


def test_somebody_new_makes_an_account_with_their_phone(browser: CommunityClient) -> None:
    answer = browser.post("/accounts/signup/", {"phone": NOBODYS, "password1": "a long enough one"})
    assert answer.status_code == 302
    assert not is_signed_in(browser)
    browser.post("/accounts/phone/verify/", {"code": last_code()})
    assert is_signed_in(browser)
    account = Account.objects.get(phone_key=find_key("+8619900008888"))
    assert account.phone_verified


def test_signing_up_with_a_phone_that_has_an_account_tells_its_owner_only(browser: CommunityClient) -> None:
    fresh = CommunityClient().post("/accounts/signup/", {"phone": NOBODYS, "password1": "a long enough one"})
    taken = browser.post("/accounts/signup/", {"phone": PHONE, "password1": "a long enough one"})
    assert (fresh.status_code, fresh.headers["Location"]) == (taken.status_code, taken.headers["Location"])
    run_jobs()
    to_owner = dict(MemorySender.sent)["+8619900009001"]
    assert not re.search(r"\d{6}", to_owner)
    assert Account.objects.filter(phone_key=find_key("+8619900009001")).count() == 1


def test_neither_queue_nor_session_shows_the_phone(browser: CommunityClient) -> None:
    ask_for_code(browser, PHONE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT args::text FROM procrastinate_jobs")
        jobs = "".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT session_data FROM django_session")
        sessions = [row[0] for row in cursor.fetchall()]
    assert jobs
    assert sessions
    for text in (jobs, *sessions, *map(_opened, sessions)):
        assert "19900009001" not in text


def _opened(session: str) -> str:
    """What anybody who can read the table gets out of a session without the data key."""
    import base64
    import zlib

    payload = session.split(":", maxsplit=1)[0]
    packed = payload.startswith(".")
    raw = base64.urlsafe_b64decode(payload.lstrip(".") + "==")
    return (zlib.decompress(raw) if packed else raw).decode("latin-1")


@pytest.fixture
def strict() -> Iterator[None]:
    """Staff need a second factor, as where real people live."""
    with override_settings(STAFF_TOTP=True):
        yield


@pytest.mark.usefixtures("strict")
def test_staff_set_up_a_second_factor_before_the_workbench_opens(
    browser: CommunityClient, accounts: dict[str, Account]
) -> None:
    invitation = services.invite(account=accounts["staff"], by=system())
    answer = browser.post("/accounts/login/", {"login": "staff", "password": settings.DEMO_PASSWORD})
    assert answer.headers["Location"] == "/accounts/2fa/totp/activate/"
    closed = browser.get("/c/nanhu/workbench/residents/")
    assert closed.headers["Location"] == "/accounts/2fa/totp/activate/"
    assert browser.get("/c/nanhu/").status_code == 200  # everything else stays open
    shows = browser.get("/accounts/2fa/totp/activate/").headers["Location"]
    assert browser.post(shows, {"code": invitation}).headers["Location"] == "/accounts/2fa/totp/activate/"
    again = browser.get("/accounts/2fa/totp/activate/").headers["Location"]
    browser.post(again, {"password": settings.DEMO_PASSWORD})  # who left a phone on the table shall not be locked out
    assert browser.get("/accounts/2fa/totp/activate/").status_code == 200
    browser.post("/accounts/2fa/totp/activate/", {"code": totp(browser.session["mfa.totp.secret"])})
    assert browser.get("/c/nanhu/workbench/residents/").status_code == 200
    stored = Authenticator.objects.get(user=accounts["staff"], type="totp").data["secret"]
    assert code_for(accounts["staff"]) != ""
    assert stored.startswith("gAAAA")  # sealed


@pytest.mark.usefixtures("strict")
def test_afterwards_the_second_factor_is_asked_for(browser: CommunityClient, accounts: dict[str, Account]) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(accounts["staff"], generate_totp_secret())
    answer = browser.post("/accounts/login/", {"login": "staff", "password": settings.DEMO_PASSWORD})
    assert answer.headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_signed_in(browser)
    browser.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert not is_signed_in(browser)
    browser.post("/accounts/2fa/authenticate/", {"code": code_for(accounts["staff"])})
    assert is_signed_in(browser)
    assert browser.get("/c/nanhu/workbench/residents/").status_code == 200


@pytest.mark.usefixtures("strict")
def test_without_it_nothing_behind_a_right_opens_elsewhere_either(client_of: ClientOf) -> None:
    assert client_of("staff").get("/c/nanhu/api/people/residents").status_code == 403
    page = client_of("staff").get("/c/nanhu/me/details/").content.decode()
    assert "/accounts/2fa/totp/activate/" in page


@pytest.mark.usefixtures("strict")
def test_residents_are_not_bothered_with_it(browser: CommunityClient) -> None:
    answer = browser.post("/accounts/login/", {"login": "resident", "password": settings.DEMO_PASSWORD})
    assert answer.headers["Location"] == "/c/nanhu/"


def test_a_lost_phone_is_signed_out_from_another_one(browser: CommunityClient, accounts: dict[str, Account]) -> None:
    lost = CommunityClient()
    for client in (lost, browser):
        client.post("/accounts/login/", {"login": "resident", "password": settings.DEMO_PASSWORD})
        client.get("/c/nanhu/")
    assert UserSession.objects.filter(user=accounts["resident"]).count() == 2
    assert browser.get("/accounts/sessions/").status_code == 200
    browser.post("/accounts/sessions/")
    assert lost.get("/c/nanhu/me/details/").status_code == 302
    assert browser.get("/c/nanhu/me/details/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "login/",
        "login/code/",
        "signup/",
        "logout/",
        "password/change/",
        "phone/change/",
        "reauthenticate/",
        "sessions/",
        "2fa/",
        "2fa/totp/activate/",
        "2fa/webauthn/",
        "2fa/recovery-codes/generate/",
    ],
)
def test_every_account_page_opens_in_our_look(path: str, browser: CommunityClient) -> None:
    browser.post("/accounts/login/", {"login": "staff", "password": settings.DEMO_PASSWORD})
    if path in {"login/", "login/code/", "signup/"}:
        browser = CommunityClient()
    page = browser.get(f"/accounts/{path}", follow=True)
    assert page.status_code in {200, 404}, path
    text = page.content.decode()
    assert "css/tokens.css" in text
    assert 'lang="zh' in text
