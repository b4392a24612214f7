"""No page of an account says anything that django-allauth wrote: each is ours, in our words, in both languages."""

from __future__ import annotations

import html
import re
from gettext import GNUTranslations
from pathlib import Path

import allauth
import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.http import HttpRequest

from weiyifang.people.models import Account
from weiyifang.people.testing import ClientOf, CommunityClient

THEIRS = Path(allauth.__file__).parent
OURS = Path(settings.BASE_DIR) / "templates"
NOT_SHOWN = {  # pages of ways that are not open here, and why
    "account/email": "nobody has an e-mail address here",
    "account/verif": "nobody has an e-mail address here",
    "account/password_reset": "whoever forgot the password signs in with a message",
    "account/signup_by_passkey": "an account begins with a phone",
    "account/confirm_email": "nobody has an e-mail address here",
    "account/confirm_password_reset": "whoever forgot the password signs in with a message",
    "account/snippets/": "said on pages of theirs only",
    "account/messages/": "of e-mail addresses; the others are ours",
    "account/base_": "they only say which page they stand on",
    "mfa/base_": "they only say which page they stand on",
    "mfa/totp/base": "they only say which page they stand on",
    "mfa/recovery_codes/base": "they only say which page they stand on",
    "mfa/recovery_codes/download": "it holds the codes and no word",
    "mfa/webauthn/base": "they only say which page they stand on",
    "mfa/webauthn/signup_form": "an account begins with a phone",
    "mfa/webauthn/snippets/login_script": "it holds no word",
    "mfa/trust": "no device is trusted for longer",
    "usersessions/base_": "they only say which page they stand on",
}
FOLDERS = ("account", "mfa", "usersessions")
PAGES = (
    *("2fa/", "2fa/totp/activate/", "2fa/totp/deactivate/", "2fa/recovery-codes/", "2fa/recovery-codes/generate/"),
    *("2fa/webauthn/", "2fa/webauthn/add/", "2fa/webauthn/keys/<pk>/edit/", "2fa/webauthn/keys/<pk>/remove/"),
    *("2fa/reauthenticate/", "2fa/webauthn/reauthenticate/", "reauthenticate/", "sessions/", "logout/"),
    *("password/change/", "password/set/", "phone/change/", "inactive/"),
)
NEEDS_A_REAL_KEY = {
    "2fa/webauthn/add/",
    "2fa/webauthn/reauthenticate/",
}  # of whoever has a key; only a browser makes one
FOR_VISITORS = ("login/", "login/code/", "signup/")
VALUE = re.compile(r'(?:value|placeholder|alt|title|aria-label)="([^"]*)"')
LONG = {"zh-hans": 5, "en": 14}  # letters of a sentence that nobody says by chance
WORD = re.compile(r"<[^>]*>|\s+")


def pages_of_theirs() -> list[str]:
    folder = THEIRS / "templates"
    found = [path.relative_to(folder).as_posix() for one in FOLDERS for path in (folder / one).rglob("*.*")]
    return sorted(name for name in found if "/email/" not in name and not name.startswith(tuple(NOT_SHOWN)))


def their_sentences() -> dict[str, list[str]]:
    """By language: all that allauth says in it."""
    said: dict[str, list[str]] = {"zh-hans": [], "en": []}
    with (THEIRS / "locale/zh_Hans/LC_MESSAGES/django.mo").open("rb") as file:
        catalogue: dict[object, str] = GNUTranslations(file)._catalog  # type: ignore[attr-defined]  # no other way
    for english, chinese in catalogue.items():
        words = english[0] if isinstance(english, tuple) else str(english)
        said["en"].append(words)
        said["zh-hans"].append(chinese)
    return {
        "zh-hans": [words for words in said["zh-hans"] if words and "%" not in words],
        "en": [words for words in said["en"] if words and "%" not in words],
    }


def our_words() -> str:
    folders = (Path(settings.BASE_DIR) / one for one in ("locale", "weiyifang"))
    return "".join(path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("django.po"))


@pytest.mark.parametrize("name", pages_of_theirs())
def test_every_page_that_can_be_seen_is_ours(name: str) -> None:
    assert name.startswith("account/messages/") or (OURS / name).is_file(), f"{name} is still as allauth ships it"


@pytest.fixture
def passkey(accounts: dict[str, Account]) -> Authenticator:
    """The resident has an app and codes, the volunteer a passkey and no password, staff nothing."""
    TOTP.activate(accounts["resident"], generate_totp_secret())
    RecoveryCodes.activate(accounts["resident"])
    accounts["volunteer"].set_unusable_password()
    accounts["volunteer"].save()
    key = {"name": "我的手机", "credential": {}}
    return Authenticator.objects.create(user=accounts["volunteer"], type=Authenticator.Type.WEBAUTHN, data=key)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_says_a_sentence_of_theirs(
    client_of: ClientOf, accounts: dict[str, Account], passkey: Authenticator, language: str
) -> None:
    ours = our_words()
    theirs = [words for words in their_sentences()[language] if f'"{words}"' not in ours]
    assert len(theirs) > 50
    found, seen = [], set()
    of_keys = tuple(page for page in PAGES if page.startswith("2fa/webauthn/") and page not in NEEDS_A_REAL_KEY)
    for who, pages in (
        ("resident", PAGES),
        ("volunteer", (*of_keys, "password/set/")),
        ("staff", PAGES),
        ("visitor", FOR_VISITORS),
    ):
        browser = client_of(who)
        browser.cookies["django_language"] = language
        if who != "visitor":
            prove_now(browser, accounts[who])
        for page in pages:
            answer = browser.get(f"/accounts/{page.replace('<pk>', str(passkey.pk))}")
            if answer.status_code == 200:
                seen.add(page)
                page_itself = answer.content.decode()
                said = html.unescape(WORD.sub(" ", page_itself))
                filled_in = {html.unescape(value) for value in VALUE.findall(page_itself)}
                found += [f"{page}: {words}" for words in filled_in.intersection(theirs)]
                found += [f"{page}: {words}" for words in theirs if len(words) >= LONG[language] and words in said]
    assert not found
    assert {*PAGES, *FOR_VISITORS} - seen <= NEEDS_A_REAL_KEY


def prove_now(browser: CommunityClient, account: Account) -> None:
    """They showed a moment ago that it is them."""
    request = HttpRequest()
    request.session = browser.session
    record_authentication(request, account, method="password", reauthenticated=True)
    request.session.save()
