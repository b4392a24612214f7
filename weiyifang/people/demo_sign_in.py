"""In the demo a visitor may be each of the cast with one touch. Where real people live this door is not there."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.decorators import rate_limit
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from weiyifang.people.demo import PARTS, role_name
from weiyifang.people.models import Account

HOW = "demo"  # how the session says it was opened


@dataclass(frozen=True, kw_only=True)
class ToPlay:
    """One of the cast on the sign-in page."""

    key: str
    name: str
    role: str
    url: str


def parts_to_play() -> list[ToPlay]:
    """The cast that lives here; nobody outside the demo."""
    if not settings.DEMO:
        return []
    there = set(Account.objects.filter(username__in=[part.key for part in PARTS]).values_list("username", flat=True))
    return [
        ToPlay(key=part.key, name=part.name, role=role_name(part), url=reverse("demo_sign_in", args=[part.key]))
        for part in PARTS
        if part.key in there
    ]


def only_in_the_demo(request: HttpRequest, key: str) -> HttpResponse:
    """Be one of the cast. 404 outside the demo, whatever the method."""
    if not settings.DEMO:
        raise Http404
    response: HttpResponse = _sign_in(request, key)
    return response


@never_cache
@require_POST
@rate_limit(action="login")  # type: ignore[untyped-decorator]  # allauth has no types
def _sign_in(request: HttpRequest, key: str) -> HttpResponse:
    if key not in {part.key for part in PARTS}:
        raise Http404
    account = get_object_or_404(Account, username=key, is_active=True)
    record_authentication(request, account, method=HOW)
    response: HttpResponse = perform_login(request, Login(user=account, redirect_url=get_next_redirect_url(request)))
    return response
