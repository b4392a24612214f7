"""Signing up: there is no account before the phone is proved.

What somebody typed waits, sealed, in their session: the phone and the password as it will be kept. The right code makes
the account of it. A phone that has an account gets a message that says so instead of a code; what the page shows and
what the program does on the way is the same.
"""

from __future__ import annotations

from typing import Any

from allauth.account import views
from allauth.account.forms import SignupForm
from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import perform_login
from allauth.account.internal.flows.phone_verification import PhoneVerificationStageProcess
from allauth.account.internal.stagekit import get_pending_stage
from allauth.account.models import Login
from allauth.account.stages import PhoneVerificationStage
from allauth.account.utils import get_next_redirect_url
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from weiyifang.people import services
from weiyifang.people.models import Account

WAITS = "sign_up"  # where it waits in the sign-in that is under way


class SignUpForm(SignupForm):
    """settings.ACCOUNT_FORMS."""

    def try_save(self, request: HttpRequest) -> tuple[None, HttpResponse]:
        """Send a code, and keep what was typed until it comes back."""
        password_hash = make_password(self.cleaned_data.get("password1") or None)
        login = Login(
            phone=self.cleaned_data["phone"],
            signup=True,
            redirect_url=get_next_redirect_url(request),
            state={WAITS: {"password_hash": password_hash, "is_taken": self.account_already_exists}},
        )
        return None, perform_login(request, login)


class SignUp(PhoneVerificationStageProcess):
    """Proving a phone that has no account yet."""

    @property
    def user(self) -> Account | None:
        """Whom a code is for: nobody, when the phone has an account."""
        is_taken = self.stage.login.state[WAITS]["is_taken"]
        return None if is_taken else self.stage.login.user or Account(phone=self.phone)

    @property
    def can_change(self) -> bool:
        """Another phone is another sign-up: a form here would tell whether this one has an account."""
        return False

    @classmethod
    def initiate(cls, *, stage: PhoneVerificationStage, phone: str) -> SignUp:
        stage.state.update(cls.initial_state(user=None, phone=phone))
        stage.state["signup"] = True
        process = cls(stage)
        process.send()
        return process

    @classmethod
    def resume(cls, stage: PhoneVerificationStage) -> SignUp | None:
        started: SignUp | None = cls(stage).abort_if_invalid() if stage.state else None
        return started

    def finish(self) -> None:
        """The right code was typed: now there is an account."""
        self.stage.login.user = services.make_account(
            phone=self.phone, phone_verified=True, password_hash=self.stage.login.state[WAITS]["password_hash"]
        )


class ProvePhoneStage(PhoneVerificationStage):
    """Stands in allauth's place among the stages of a sign-in (`AccountAdapter.get_login_stages`)."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if self.login.user is not None or WAITS not in self.login.state:
            stock: tuple[HttpResponse | None, bool] = super().handle()
            return stock
        SignUp.initiate(stage=self, phone=self.login.phone)
        return HttpResponseRedirect(reverse("account_verify_phone")), True


@method_decorator(login_stage_required(ProvePhoneStage.key, redirect_urlname="account_login"), name="dispatch")
class SignUpView(views._VerifyPhoneSignupView):
    """Six digits make an account."""

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.stage = request._login_stage  # type: ignore[attr-defined]  # allauth's decorator put it there
        self.process = SignUp.resume(self.stage)
        response: HttpResponse
        if self.process is None:
            response = self.stage.abort()
        else:
            response = views._BaseVerifyPhoneView.dispatch(self, request, *args, **kwargs)
        return response


@login_not_required
def verify_phone(request: HttpRequest) -> HttpResponse:
    """The page with the six digits: of somebody who signs up; allauth's own for everybody who has an account."""
    stage = get_pending_stage(request)
    is_new = stage is not None and stage.key == ProvePhoneStage.key and WAITS in stage.login.state
    response: HttpResponse = (SignUpView.as_view() if is_new else views.verify_phone)(request)
    return response
