from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from weiyifang.core.access import refusal_page
from weiyifang.core.actors import Actor
from weiyifang.people import queries
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
            request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        if getattr(request, "community", None) is None or not request.path_info.startswith("/workbench/"):
            return None
        actor: Actor = request.actor  # type: ignore[attr-defined]
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


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in a request that has its `user`: without rights as long as a second factor is missing."""
    account = request.user if isinstance(request.user, Account) else None
    actor = actor_for(account)
    if account is None or not settings.STAFF_TOTP or not actor.may_somewhere(Permission.OPEN_WORKBENCH):
        return actor
    if queries.has_second_factor(account.pk):
        return actor
    return replace(actor, rights={}, lacks_second_factor=True)
