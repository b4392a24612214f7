"""What comes with a request and goes with an answer: who asks from where, and what a browser may load for a page.

The policy of every page: nothing but our own files, no inline script, no inline style.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from weiyifang.core.refusals import Refused
from weiyifang.core.web import visitor
from weiyifang.core.web.once import MUTATING

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
NO_STORE = "no-store"
PERMISSIONS = "camera=(self), microphone=(), geolocation=()"


class ContentSecurityPolicy:
    """Adds the policy to every answer that has none of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response


class NoStore:
    """Lets no browser keep what was made for one person: at a shared computer the next one would find it with "back".

    Private is every answer to a request that carries a session, whatever it is and whoever turns out to be behind it;
    every answer that opens one; and what lies under `PRIVATE`. Static files are answered before, and pages that are
    kept for visitors (`core.web.kept`) carry no session. The one exception is what a view calls nobody's (`nobodys`).
    """

    PRIVATE = re.compile(r"/accounts/|/c/[-\w]+/(me|workbench)/")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address, session = request.path_info, settings.SESSION_COOKIE_NAME  # a middleware further in cuts the address
        response = self.get_response(request)
        if getattr(response, "is_nobodys", False) and not response.cookies and not self.PRIVATE.match(address):
            del response.headers["Vary"]  # whoever signs in need not fetch it again
            return response
        if session in request.COOKIES or session in response.cookies or self.PRIVATE.match(address):
            response.headers["Cache-Control"] = NO_STORE
        return response


def nobodys(response: HttpResponse) -> HttpResponse:
    """The same to the last byte for everybody, now and later: it may stay in the browser of whoever is signed in."""
    response.is_nobodys = True  # type: ignore[attr-defined]  # a mark for `NoStore`
    return response


class BehindProxies:
    """Settles who asks (`core.web.visitor`), for a request that did not come through `config.wsgi`: a test's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        visitor.settle(request.META)
        return self.get_response(request)


class FromElsewhere(Refused):
    """A page of another site sent this, with the session of somebody who is signed in here."""

    sentence = _("This was sent by a page of another site. Open our own page and try again.")
    status = 403


def from_here(request: HttpRequest) -> bool:
    """What Django's token is for forms. Browsers say which site's page sends something; programs say nothing."""
    origin = request.headers.get("Origin", "")
    if origin and request.method in MUTATING:
        own = f"{request.scheme}://{request.get_host()}"
        if origin != own and origin not in settings.CSRF_TRUSTED_ORIGINS:
            raise FromElsewhere()
    return True
