"""What django-allauth asks us: where a phone is kept, how a code is sent, how a phone is typed, where to go next."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.fields import PhoneField
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from weiyifang.core.refusals import Refused
from weiyifang.core.server.jobs import enqueue
from weiyifang.people import allauth_words, codes, devices, limits, queries, services, tasks
from weiyifang.people.middleware import SET_UP
from weiyifang.people.models import Account
from weiyifang.people.numbers import clean_phone, known_as
from weiyifang.people.secrets import find_keys, seal, unseal


class NeighbourPhoneField(PhoneField):
    """Takes a phone as people here write it: 138 0013 8000 becomes +8613800138000."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(clean_phone(value) if value else value)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused


def stay_signed_in(request: HttpRequest, account: Account) -> None:
    """Everybody was signed out of the account; whoever asked for it goes on."""
    update_session_auth_hash(request, account)
    UserSession.objects.create_from_request(request)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {**DefaultAccountAdapter.error_messages, **allauth_words.ACCOUNT}

    def phone_form_field(self, **kwargs: Any) -> forms.Field:
        field: forms.Field = NeighbourPhoneField(**kwargs)
        return field

    def get_phone(self, user: Account) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone_verified(self, user: Account, phone: str) -> None:
        """A right code was typed in. Whoever changes their phone stays signed in here, and only here."""
        proof = services.prove_phone(account=user, phone=phone)
        request = context.request
        if proof.began_anew:
            asked = _("Nobody signed in with this phone for a long time. Please show once more who you are.")
            messages.info(request, asked)
        if proof.left:
            _send(proof.left, _("Your account has another phone now. If you did not change it, call the committee."))
        if request.user.is_authenticated and request.user.pk == user.pk:
            stay_signed_in(request, user)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Whoever has a second factor shows it: a password may have been looked at over a shoulder."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        best = [method for method in methods if method["id"] != "reauthenticate"] or methods
        return [{**method, "description": allauth_words.WAYS[method["id"]]} for method in best]

    def get_login_stages(self) -> list[str]:
        """As usual, but whoever is new proves the phone before there is an account (`sign_up`); see also `codes`."""
        ours = {
            "allauth.account.stages.PhoneVerificationStage": "weiyifang.people.sign_up.ProvePhoneStage",
            "allauth.account.stages.LoginByCodeStage": "weiyifang.people.codes.CodeStage",
        }
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def get_user_by_phone(self, phone: str) -> Account | None:
        """Of a phone however it is written: the sign-in form hands over what was typed."""
        return Account.objects.filter(phone_key__in=find_keys(known_as(phone))).first()

    def generate_phone_verification_code(self, *, user: Account, phone: str) -> str:
        """What allauth keeps as the code: the handle of one (see `codes`)."""
        limits.count_message(context.request, phone)
        return codes.make()

    def send_verification_code_sms(self, user: Account, phone: str, code: str, **kwargs: Any) -> None:
        sent = {"code": codes.digits(code)}
        _send(phone, _("Your code is %(code)s, good for 3 minutes. Tell it to nobody.") % sent, sent["code"])

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        limits.count_message(context.request, phone)
        codes.make_and_drop()
        _send(phone, _("Somebody tried to sign in with this phone, but it has no account yet. You can make one."))

    def send_account_already_exists_sms(self, phone: str) -> None:
        limits.count_message(context.request, phone)
        codes.make_and_drop()
        _send(phone, _("This phone already has an account: simply sign in."))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a password before it is looked at; a right one is taken back afterwards."""
        login = str(credentials.get("phone") or credentials.get("username") or "")
        self._login_failed_rl_usage = limits.count(request, "password", known_as(login))

    def post_login(self, request: HttpRequest, user: Account, **options: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **options)
        devices.remember(request, response, [user.phone, known_as(user.username)])
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Home, when the person belongs to just one community: to the workbench whoever works there, residents to the
        front page; else to find a community. Staff without a second factor set it up first.
        """
        account = request.user
        if not isinstance(account, Account):
            return "/"
        on_duty = settings.STAFF_TOTP and queries.opens_some_workbench(account.pk)
        if on_duty and not queries.has_second_factor(account.pk):
            return SET_UP
        homes = queries.homes_of(account.pk)
        if len(homes) != 1:
            return "/"
        home = homes[0]
        return f"{home.home_url}workbench/" if queries.works_at_a_desk(account.pk, home) else home.home_url

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)


class MfaAdapter(DefaultMFAAdapter):
    """Second factors are sealed at rest like phones."""

    error_messages = {**DefaultMFAAdapter.error_messages, **allauth_words.SECOND_STEP}

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002  allauth's name
        """What a passkey is called before its owner says so."""
        return _("Passkey %(number)d") % {"number": queries.passkeys_of(user.pk) + 1}

    def get_totp_issuer(self) -> str:
        return _("Weiyifang")


def _send(phone: str, text: str, code: str = "") -> None:
    sealed_code = seal(code) if code else ""
    enqueue(tasks.send_sms, sealed_phone=seal(phone), sealed_text=seal(text), sealed_code=sealed_code)
