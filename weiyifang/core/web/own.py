"""A page for everybody, and the places in it that are somebody's own. See docs/adr/0032.

A page that may be kept (`core.web.kept`) is made for nobody: with a request that carries no session, no account, no
cookie but the look, and an actor who is a visitor. What in it is somebody's own stands in `{% own "name" %}`, made
anew for each reader, from what the place's `Fill` says of this one reader. So what is kept cannot hold
anything of a person: it was made where there was none. All fills stand in one table (`weiyifang.portal.own`).

Where a page is not kept (in a test, for a draft) the same tags are filled at once, by the same fills.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from secrets import token_hex
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIRequest
from django.middleware.csrf import get_token
from django.template import Context
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString

from weiyifang.core.actors import Actor
from weiyifang.core.web.pages import Chrome, surround

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.template import NodeList
    from django.template.base import Template

    from weiyifang.core.look.care import Look
    from weiyifang.core.web.access import PageRequest

# of a request, what a page may depend on that is made for nobody: its address, and its languages
KNOWN = (
    *("REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL"),
    *("HTTP_HOST", "HTTP_ACCEPT_LANGUAGE", "wsgi.url_scheme"),
)
COOKIE_NEEDED = "CSRF_COOKIE_NEEDS_UPDATE"  # Django's sign that a form's token was made


@dataclass(frozen=True)
class Reader:
    """Who reads, and what the page for everybody knows (its context: to be read, never changed)."""

    request: HttpRequest
    page: Mapping[str, Any]
    chrome: Chrome
    of: str = ""  # what the place says it is about

    @property
    def actor(self) -> Actor | None:
        """None outside any community."""
        return getattr(self.request, "actor", None)


Fill = Callable[[Reader], Mapping[str, Any] | None]  # what the place's template gets; None: as everybody has it

_fills: dict[str, Fill] = {}


def fill_with(fills: Mapping[str, Fill]) -> None:
    """Register the places. The highest floor does, in one table."""
    _fills.update(fills)


def names() -> Iterable[str]:
    """Of all places."""
    return _fills.keys()


def theirs(
    name: str, request: HttpRequest | None, context: Mapping[str, Any], of: str = ""
) -> Mapping[str, Any] | None:
    """What fills a place on a page that is made for this reader alone."""
    chrome = context.get("chrome")
    return None if request is None or not chrome else _fills[name](Reader(request, context, chrome, of))


@dataclass(frozen=True)
class Spot:
    """A place on a page that was made for nobody, in the order in which places are made."""

    name: str
    nodelist: NodeList
    template: Template
    nobodys: str  # what stands there for everybody else
    of: str = ""

    def filled(self, reader: Reader, values: Mapping[str, Any]) -> str:
        """What stands there for this reader."""
        own = _fills[self.name](replace(reader, of=self.of) if self.of else reader)
        if own is None:
            return self.nobodys
        context = Context({**values, **own})
        with context.render_context.push_state(self.template), context.bind_template(self.template):
            return self.nodelist.render(context)


@dataclass
class Making:
    """What is noted while a page is made for nobody: its context, and its spots."""

    context: Mapping[str, Any] = field(default_factory=dict)
    spots: list[Spot] = field(default_factory=list)
    mark: str = field(default_factory=lambda: token_hex(8))  # nobody's text can hold it

    def note(self, spot: Spot) -> SafeString:
        """Remember the spot; gives what marks it in the text."""
        self.spots.append(spot)
        return SafeString(f"\x02{self.mark}{len(self.spots) - 1}\x03")

    def parts(self, text: str) -> list[str | int]:
        """The text, and between its pieces the numbers of the spots."""
        pieces = re.split(f"\x02{self.mark}(\\d+)\x03", text)
        return [int(piece) if place % 2 else piece for place, piece in enumerate(pieces)]


def making(request: HttpRequest | None) -> Making | None:
    """What is noted, when this request is nobody's."""
    return getattr(request, "making", None)


class ForEachAlone(Exception):
    """There is no page for everybody: each reader gets one of their own."""


def nobodys(request: PageRequest, look: Look, *, duties: bool = False) -> PageRequest:
    """A request for the same page that is nobody's. It has no session: whoever asks for one gets an AttributeError.

    `duties`: its actor is nobody with the roles and rights of whoever asks.
    """
    from weiyifang.core.look import care

    environ = {name: request.META[name] for name in KNOWN if name in request.META}
    made = WSGIRequest({**environ, "HTTP_COOKIE": f"{care.COOKIE}={look}", "wsgi.input": io.BytesIO()})
    here = cast("PageRequest", made)
    here.path, here.path_info = request.path, request.path_info
    here.urlconf, here.resolver_match = request.urlconf, request.resolver_match
    here.community, here.user = request.community, AnonymousUser()
    here.actor = Actor(community_id=request.community.pk)
    if duties:
        here.actor = replace(here.actor, roles=request.actor.roles, rights=request.actor.rights)
    here.LANGUAGE_CODE = getattr(request, "LANGUAGE_CODE", "")
    here.making = Making()  # type: ignore[attr-defined]  # this thread's own
    return here


def filled(parts: Iterable[str | int], spots: Iterable[Spot], context: Mapping[str, Any], request: PageRequest) -> str:
    """The page as this reader gets it."""
    chrome = surround(request)
    token = SimpleLazyObject(lambda: get_token(request))
    values = {**context, "request": request, "user": request.user, "chrome": chrome, "csrf_token": token}
    reader = Reader(request, context, chrome)
    texts = [spot.filled(reader, values) for spot in spots]
    return "".join([texts[part] if isinstance(part, int) else part for part in parts])
