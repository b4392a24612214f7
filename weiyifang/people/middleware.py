from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from weiyifang.core.actors import Actor
from weiyifang.core.web.access import refusal_page
from weiyifang.core.web.versions import seen_in
from weiyifang.people import queries, working_day
from weiyifang.people.actors import actor_for
from weiyifang.people.limits import TooOften
from weiyifang.people.models import Account
from weiyifang.people.roles import Permission

SET_UP = "/accounts/2fa/totp/activate/"  # outside any community, so not by `reverse`; asks for the invitation first


class ActorMiddleware:
    """Gives a request inside a community its `actor`, found when first asked for.

    Whoever may open the workbench but has no second factor has no rights yet, and is led to set one up
    (settings.STAFF_TOTP).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request, "community", None) is not None:
            request.actor = SimpleLazyObject(lambda: _actor_at_work(request))  # type: ignore[attr-defined]  # what the middleware is for
        elif request.path_info.startswith("/accounts/"):
            _end_of_the_day(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        if getattr(request, "community", None) is None or not request.path_info.startswith("/workbench/"):
            return None
        actor: Actor = request.actor  # type: ignore[attr-defined]  # the middleware put it there
        if actor.is_visitor or not actor.lacks_second_factor:
            return None
        messages.info(request, _("Your duty needs a second factor before the workbench opens. It takes two minutes."))
        return HttpResponseRedirect(SET_UP)


class TooOftenMiddleware:
    """One try too many, anywhere in a sign-in: the sentence, and when to come back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return refusal_page(request, error) if isinstance(error, TooOften) else None


def _actor_at_work(request: HttpRequest) -> Actor:
    """As `actor_of`; who is at work is noted, and signed out at the end of the day."""
    account = request.user if isinstance(request.user, Account) else None
    actor = actor_of(request)
    if account is not None and actor.is_visitor:
        _sign_out(request, account)
    elif actor.may_somewhere(Permission.OPEN_WORKBENCH):
        working_day.note(request)
    return replace(actor, seen=seen) if (seen := seen_in(request)) else actor


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in a request that has its `user`: without rights as long as a second factor is missing, a visitor when
    somebody on duty has not signed in today.
    """
    account = request.user if isinstance(request.user, Account) else None
    actor = actor_for(account)
    if account is None or not actor.may_somewhere(Permission.OPEN_WORKBENCH):
        return actor
    if working_day.is_over(request.session):
        return actor_for(None)
    if not settings.STAFF_TOTP:
        return actor
    if queries.has_second_factor(account.pk):
        return replace(actor, proof_is_old=working_day.proof_is_old(request, account))
    return replace(actor, rights={}, lacks_second_factor=True)


def _end_of_the_day(request: HttpRequest) -> None:
    """The same on the pages of one's account, outside any community."""
    account = request.user if isinstance(request.user, Account) else None
    if account and working_day.is_over(request.session) and queries.opens_some_workbench(account.pk):
        _sign_out(request, account)


def _sign_out(request: HttpRequest, account: Account) -> None:
    logout(request)
    request.was_account_id = account.pk  # type: ignore[attr-defined]  # remembered with the request
    messages.info(request, _("Your working session has ended. Please sign in again."))
