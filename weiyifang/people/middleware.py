from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from weiyifang.people.actors import actor_for
from weiyifang.people.models import Account


class ActorMiddleware:
    """Gives a request inside a community its `actor`, found when first asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request, "community", None) is not None:
            request.actor = SimpleLazyObject(lambda: actor_for(_account(request)))  # type: ignore[attr-defined]
        return self.get_response(request)


def _account(request: HttpRequest) -> Account | None:
    return request.user if isinstance(request.user, Account) else None
