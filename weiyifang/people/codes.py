"""Six digits sent to a phone: right once, wrong three times, for three minutes.

The session of whoever asked holds a *handle*, the database one row for it. The digits are nowhere: they are made from
the handle each time. A try is counted, in the row and committed, before it is looked at; so of a hundred tries at the
same moment three are looked at, and the right one last in line is too late. Whoever else asks for a code for the same
phone gets a handle of their own, and neither ends this one nor uses up its tries. All tries at one phone are counted
together too, whoever asked (`limits.RULES`), and how many codes are sent is limited (`limits.count_message`).
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import timedelta
from secrets import token_urlsafe

from allauth.account.forms import BaseConfirmCodeForm, ConfirmLoginCodeForm, VerifyPhoneForm
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.flows.phone_verification import (
    PHONE_VERIFICATION_SESSION_KEY,
    PhoneVerificationStageProcess,
)
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStage, LoginStageController
from allauth.core import context
from allauth.core.internal.cryptokit import compare_user_code
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from weiyifang.core import clock
from weiyifang.core.ids import new_id
from weiyifang.core.text import number
from weiyifang.people import limits
from weiyifang.people.models import Account, SentCode

TRIES = 3
DIGITS = 6
SALT = "weiyifang.people.codes"


def make() -> str:
    """The handle of a new code."""
    handle = token_urlsafe(24)
    until = clock.now() + timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
    with transaction.atomic(durable=True):
        SentCode.objects.create(key=_key(handle), tries=TRIES, until=until)
    return handle


def digits(handle: str) -> str:
    """What is sent."""
    number = int.from_bytes(salted_hmac(SALT, handle, algorithm="sha256").digest()[:16])
    return f"{number % 10**DIGITS:0{DIGITS}}"


def is_right(handle: str, typed: str) -> bool:
    """Is this the code of the handle? Uses up a try; a right one uses up the code. An unknown handle has none."""
    key = _key(handle)
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_sentcode SET tries = tries - 1 WHERE key = %s AND tries > 0 AND until > %s RETURNING tries",
            [key, clock.now()],
        )
        counted = cursor.fetchone() is not None
    if not compare_user_code(actual=typed, expected=digits(handle)) or not counted:
        return False
    with transaction.atomic(durable=True):
        return SentCode.objects.filter(key=key).delete()[0] == 1  # of two at once, one


def _key(handle: str) -> str:
    digest = salted_hmac(SALT, f"row {handle}", algorithm="sha256").digest()
    return urlsafe_b64encode(digest).decode()


def _phone(request: HttpRequest) -> str:
    """At whose code somebody is trying: the same with and without an account, or the limit would tell."""
    stage: LoginStage | None = getattr(request, "_login_stage", None)
    under_way = stage.state if stage else request.session.get(PHONE_VERIFICATION_SESSION_KEY)
    return str((under_way or {}).get("phone", ""))


# --- how long an answer takes tells nobody who has an account ---------------------------------------------------


def make_and_drop() -> None:
    """The work of making a code, where nobody gets one."""
    make()


class CodeStage(LoginByCodeStage):
    """Stands in allauth's place among the stages of a sign-in (`AccountAdapter.get_login_stages`)."""

    def __init__(self, controller: LoginStageController, request: HttpRequest, login: Login) -> None:
        super().__init__(controller, request, login)
        if login.user is None and not hasattr(login, "looked_for"):
            login.looked_for = True
            Account.objects.filter(pk=new_id()).first()  # allauth has just looked for the account of the others


def instead_of_allauth() -> None:
    """Asked to send once more, do `send_again`."""
    LoginCodeVerificationProcess.resend = PhoneVerificationStageProcess.resend = send_again


def send_again(process: LoginCodeVerificationProcess | PhoneVerificationStageProcess) -> None:
    """In place of allauth's `resend`, which does nothing for a phone without an account: that could be seen."""
    process.record_resend()
    process.send()
    process.persist()


# --- forms -----------------------------------------------------------------------------------------------------


class _Counted(BaseConfirmCodeForm):
    """Asks here instead of comparing with what is in the session, where allauth keeps the handle as the code."""

    expected_code: str | None

    def clean_code(self) -> str:
        limits.count(context.request, "code", _phone(context.request))
        typed = self.cleaned_data["code"] = number(self.cleaned_data["code"])
        handle: str = self.expected_code or ""
        self.expected_code = typed if is_right(handle, typed) else ""
        code: str = super().clean_code()
        return code


class LoginCodeForm(_Counted, ConfirmLoginCodeForm):
    """settings.ACCOUNT_FORMS["confirm_login_code"]."""


class PhoneCodeForm(_Counted, VerifyPhoneForm):
    """settings.ACCOUNT_FORMS["verify_phone"]."""
