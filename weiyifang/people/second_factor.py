"""Setting up a second factor. Whoever is on duty shows an invitation first; everybody else needs none."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django import forms
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from weiyifang.core.refusals import Refused
from weiyifang.people import queries, services
from weiyifang.people.allauth_adapter import stay_signed_in
from weiyifang.people.forms import InvitationForm
from weiyifang.people.middleware import SET_UP
from weiyifang.people.models import Account

SHOWN = "invitation"  # where the session keeps which one was shown


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """Show the invitation that came with a duty."""
    account = _account(request)
    onward = get_next_redirect_url(request) or SET_UP
    if not queries.needs_invitation(account.pk):
        return HttpResponseRedirect(onward)
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            request.session[SHOWN] = services.show_invitation(account=account, code=form.cleaned_data["code"])
        except Refused as refused:
            form.add_error("code", str(refused))
        else:
            return HttpResponseRedirect(onward)
    return render(
        request, "account/invitation.html", {"form": form, "onward": onward}, status=422 if form.errors else 200
    )


class WithInvitation:
    """Before allauth's view: was the invitation shown? With its work: is it used up, in the same transaction?"""

    request: HttpRequest
    how: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        has_shown = not request.user.is_authenticated or SHOWN in request.session
        if not has_shown and queries.needs_invitation(_account(request).pk):
            return _ask_for_invitation(request)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # the view it is mixed into has it
        return response

    def form_valid(self, form: forms.Form) -> HttpResponse:
        account = _account(self.request)
        try:
            with transaction.atomic():
                is_used = services.use_invitation(account=account, shown=self.request.session.get(SHOWN, ""))
                response: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # the view it is mixed into has it
        except services.NotTheInvitation:
            self.request.session.pop(SHOWN, None)
            return _ask_for_invitation(self.request)
        self.request.session.pop(SHOWN, None)
        record_authentication(self.request, account, method="mfa", type=self.how)
        if is_used:
            stay_signed_in(self.request, account)
        return response


class ActivateTotp(WithInvitation, ActivateTOTPView):
    how = "totp"


class AddPasskey(WithInvitation, AddWebAuthnView):
    how = "webauthn"


def _ask_for_invitation(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(f"/accounts/invitation/?{urlencode({'next': request.path})}")


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


activate_totp = ActivateTotp.as_view()
add_passkey = AddPasskey.as_view()
