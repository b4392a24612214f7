"""How much somebody may send, known from the head of their request: who is signed in, and what the address takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, connection
from django.http import Http404
from django.urls import resolve

from weiyifang.communities.middleware import PREFIX, community_at
from weiyifang.core.tenancy import in_community
from weiyifang.core.web.bodies import Allowed
from weiyifang.core.web.door import seen
from weiyifang.people.authentication import SessionStore
from weiyifang.people.middleware import actor_of

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

FORM = 2 * 1024 * 1024  # bytes, for whoever is signed in: an article with its text many times over
PROGRAM = 256 * 1024  # bytes of JSON
FILES = settings.FILES_MOST + 2 * 1024 * 1024  # bytes, where `page(files=True)`, from whoever may open it

URLS = "config.community_urls"


def allowed(environ: WSGIEnvironment) -> Allowed:
    """What the request with this head may bring. Asked only when it wants to bring more than anybody may."""
    request = seen(environ)
    match, key = PREFIX.match(request.path_info), request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if match is None or not key:
        return Allowed()
    try:
        with in_community(community_at(match["slug"])):
            return _in_community(request, key, "/" + request.path_info.removeprefix(match[0]))
    except (Http404, DatabaseError):
        return Allowed()  # Django will say what is wrong
    finally:
        connection.close()  # no request of Django's: nobody else gives it back


def _in_community(request: WSGIRequest, key: str, path: str) -> Allowed:
    request.session = SessionStore(key)
    request.user = get_user(request)
    if not request.user.is_authenticated:
        return Allowed()
    view: Any = resolve(path, URLS).func
    if getattr(view, "files", False) and view.rule(actor_of(request)):
        return Allowed(FILES, files=True)
    return Allowed(PROGRAM if path.startswith("/api/") else FORM)
