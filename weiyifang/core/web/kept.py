"""Pages kept for a few seconds: `@page(anyone, kept=SECONDS)` asks for it. See docs/adr/0012 and 0032.

`KeptPages` stands in front of Django (`config.wsgi`), one in each process that answers pages, and gives visitors the
page as it was kept. Whoever carries a session goes on to Django, which knows who that is, and fills what is their own
into the same page (`core.web.own`). Whoever carries a message gets the page made anew. What makes pages differ is in
the key: host, scheme, address, language and look. A page that sets a cookie (a form's token does) is never kept.

**Room for real addresses.** Anybody can invent addresses: whatever stands behind the `?`, and any port and any
capitals in the host, open a page and are keys of their own. Those have a small share of the memory to themselves, in
which they push out each other; the pages at their own addresses have the rest (`is_plain`).

**Never a page that was taken back.** A fact whose `outdates_pages` is set counts the community's changes on, in its own
transaction (`core.outdating`). A page is kept together with the count it was made under, and answered only while the
count is the same. Asking for the count each time would cost more than the rest, so a process trusts it for `LEASE`; and
the request that made the change is answered after the lease has run out everywhere. When the one who withdrew an
article learns that it is withdrawn, no process shows it any more.

What is not a fact of that kind (a seat taken, a gift, a read) may be as old as the page: at most `kept` + `GRACE`.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from weiyifang.core import outdating
from weiyifang.core.look import care
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import in_community
from weiyifang.core.web import outage, own, typed
from weiyifang.core.web.door import language, seen

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from weiyifang.core.web.access import PageRequest

GRACE = 0.5  # seconds an old page may be answered while one request makes it anew
LIMIT, LIMIT_BYTES = 1_000, 64 * 1024 * 1024  # pages at their own addresses in one process, and all of them together
ODD_LIMIT, ODD_LIMIT_BYTES = 100, 8 * 1024 * 1024  # the same of addresses that anybody can invent
LONGEST = 500  # letters of whatever a page's key is made of: what is longer is no address of ours, and made anew
ASKED = "weiyifang.asked"  # where the request carries its `Asked`
MESSAGES = "messages"  # the cookie of django.contrib.messages

EACH_TIME = "weiyifang.each time"  # where nobody's request carries what is to be done for each answer

EachTime = Callable[[HttpRequest, HttpResponseBase], None]
View = Callable[["PageRequest"], HttpResponseBase]
Key = tuple[Hashable, ...]


# --- what a page says about itself -----------------------------------------------------------------------------


@dataclass(kw_only=True)
class Asked:
    """A request that a kept page may answer."""

    key: Key
    share: Share
    is_somebodys: bool = False  # it carries a session
    is_old: bool = False  # the page that is kept has to be made anew
    page: Page | None = None  # what answered it
    readers_own: frozenset[str] = frozenset()  # cookies that `each_time` gave


def answered(request: PageRequest, seconds: float, view: View, *, duties: bool = False) -> HttpResponse | None:
    """The answer out of the page for everybody, kept or made now; None when there is none, and it has to be made for
    this reader alone. `duties`: the page is one for all who have the same.
    """
    asked: Asked | None = request.META.get(ASKED)
    if asked is None or typed.SWITCHED in request.GET:
        return None
    look = care.look_of(request)
    asked.key = (*asked.key[:-1], str(look))
    if duties:
        asked.key += (request.actor.roles, frozenset(request.actor.rights.items()))
    page = asked.share.pages.get(asked.key)
    if page is None or asked.is_old or not page.is_fresh(time.monotonic()):
        try:
            page = _made(own.nobodys(request, look, duties=duties), seconds, view)
        except (Http404, Refused, own.ForEachAlone):
            page = None
        if page is None:
            return None
        asked.share.keep(asked.key, page)
    asked.page = page
    if asked.is_somebodys:
        response = HttpResponse(own.filled(page.parts, page.spots, page.context, request))
    else:
        response = HttpResponse(page.body)
        response.headers["ETag"] = page.etag
        response.headers["Cache-Control"] = "private, no-cache"  # a browser asks each time; often the answer is 304
    if page.each_time is not None:
        page.each_time(request, response)
        asked.readers_own = frozenset(response.cookies)
    return response


def _made(nobodys: PageRequest, seconds: float, view: View) -> Page | None:
    """The page for everybody; None when it is none: it failed, is a file, holds a form's token, or gives a cookie."""
    community_id = nobodys.community.pk
    changes = outdating.changes(community_id)  # before the view reads anything
    response, making = view(nobodys), own.making(nobodys)
    assert making is not None
    if response.status_code != 200 or response.streaming or response.cookies or own.COOKIE_NEEDED in nobodys.META:
        return None
    if "charset=" not in response.headers["Content-Type"]:
        return None
    parts = making.parts(response.content.decode())  # type: ignore[attr-defined]  # it is no stream
    spots = making.spots
    body = "".join([spots[part].nobodys if isinstance(part, int) else part for part in parts]).encode()
    return Page(
        community_id=community_id,
        changes=changes,
        until=time.monotonic() + seconds,
        body=body,
        etag=f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"',
        each_time=nobodys.META.get(EACH_TIME),
        parts=parts,
        spots=spots,
        context=making.context,
    )


def each_time(request: HttpRequest, response: HttpResponseBase, do: EachTime) -> None:
    """Do something about this answer, and about each that is given from what is kept.

    `do` may set cookies on the response; it reads the request, never the page.
    """
    if own.making(request) is not None:
        request.META[EACH_TIME] = do
    else:
        do(request, response)


# --- what is kept ----------------------------------------------------------------------------------------------


@dataclass(kw_only=True)
class Page:
    """A page for everybody: as it goes out to visitors, and in parts, for those whose own is to be filled in."""

    community_id: int
    changes: int
    until: float
    body: bytes
    etag: str
    each_time: EachTime | None = None
    parts: Sequence[str | int] = ()
    spots: Sequence[own.Spot] = ()
    context: Mapping[str, Any] = field(default_factory=dict)
    headers: list[tuple[str, str]] = field(default_factory=list)  # none before a visitor had it
    is_renewed: bool = field(default=False)  # a request is making it anew

    @property
    def weight(self) -> int:
        """Bytes in memory, about: a letter of Chinese takes two."""
        return len(self.body) + sum(2 * len(part) for part in self.parts if isinstance(part, str))

    def is_fresh(self, now: float) -> bool:
        """May it be answered? The first to find it too old makes it anew; the others have `GRACE`."""
        if now >= self.until and not self.is_renewed:
            self.is_renewed = True
            return False
        return now < self.until + GRACE and self.changes == outdating.changes(self.community_id)


class Share:
    """Some of the kept pages: so many, and so many bytes, at most. The one that was made first makes room."""

    def __init__(self, limit: int, limit_bytes: int) -> None:
        self.limit, self.limit_bytes = limit, limit_bytes
        self.pages: dict[Key, Page] = {}
        self._bytes = 0
        self._lock = threading.Lock()

    def keep(self, key: Key, page: Page) -> None:
        """Instead of the one of this address, if there is one."""
        with self._lock:
            self._forget(key)
            self.pages[key] = page
            self._bytes += page.weight
            while len(self.pages) > self.limit or self._bytes > self.limit_bytes:
                self._forget(next(iter(self.pages)))

    def _forget(self, key: Key) -> None:
        page = self.pages.pop(key, None)
        if page is not None:
            self._bytes -= page.weight


class KeptPages:
    """The WSGI application in front of `application`."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application
        self.plain, self.odd = Share(LIMIT, LIMIT_BYTES), Share(ODD_LIMIT, ODD_LIMIT_BYTES)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = _reader(environ)
        if request is None:
            return self._made(environ, start_response)
        share = self.plain if is_plain(request) else self.odd
        asked = Asked(key=_key(request), share=share, is_somebodys=settings.SESSION_COOKIE_NAME in request.COOKIES)
        page = None if asked.is_somebodys else share.pages.get(asked.key)
        if page is not None and page.headers:
            if self._may_show(page):
                return _answer(page, request, start_response)
            asked.is_old = True
        environ[ASKED] = asked
        response = self._made(environ, start_response)
        if asked.page is not None and not asked.is_somebodys and not set(response.cookies) - asked.readers_own:
            asked.page.headers = list(response.items())
        return response

    def _made(self, environ: WSGIEnvironment, start_response: StartResponse) -> HttpResponse:
        """Django's answer; after a change only when no process shows the page from before."""
        response = cast("HttpResponse", self.application(environ, start_response))
        if outdating.happened_here():
            time.sleep(outdating.LEASE)
        return response

    @staticmethod
    def _may_show(page: Page) -> bool:
        try:
            return page.is_fresh(time.monotonic())
        except DatabaseError as error:
            if outage.of(error) is not None:
                raise  # Django would wait for it once more
            return False  # Django will say what is wrong
        finally:
            connection.close()  # no request of Django's: nobody else gives it back


def _reader(environ: WSGIEnvironment) -> WSGIRequest | None:
    """The request, if it opens a page of a community and nothing has to be told on it."""
    if environ["REQUEST_METHOD"] != "GET" or not environ["PATH_INFO"].startswith("/c/") or _is_long(environ):
        return None
    request = seen(environ)
    return None if MESSAGES in request.COOKIES else request


def _is_long(environ: WSGIEnvironment) -> bool:
    """Whether its key would be: a process remembers a thousand of them, whoever made them up."""
    return (
        len(environ["PATH_INFO"]) + len(environ["QUERY_STRING"]) + len(environ.get("HTTP_HOST", "")) > LONGEST
        or len(environ.get("HTTP_ACCEPT_LANGUAGE", "")) > LONGEST
        or len(environ.get("HTTP_COOKIE", "")) > 8 * LONGEST
    )


def _key(request: WSGIRequest) -> Key:
    """Whatever a visitor's page depends on."""
    meta, cookies = request.META, request.COOKIES
    look = _look(cookies.get(care.COOKIE, "")[:10])  # one letter more than the longest
    here = (meta.get("HTTP_HOST", ""), request.scheme or "", request.path_info, meta["QUERY_STRING"])
    return (*here, language(request), look)


def is_plain(request: WSGIRequest) -> bool:
    """Whether nobody can have invented this address: a host as the settings write it, our own port or none, no query.

    (A host that only a pattern such as `.example.org` lets in may be invented, too.)
    """
    host, meta = request.META.get("HTTP_HOST", ""), request.META
    return not meta["QUERY_STRING"] and host.removesuffix(f":{meta.get('SERVER_PORT', '')}") in settings.ALLOWED_HOSTS


@lru_cache(maxsize=1_000)
def _look(cookie: str) -> str:
    return str(care.Look.parse(cookie))


def _answer(page: Page, request: WSGIRequest, start_response: StartResponse) -> Iterable[bytes]:
    headers = page.headers
    if page.each_time is not None:
        response = HttpResponseBase()
        with in_community(page.community_id):
            page.each_time(request, response)
        if response.cookies:
            headers = [*headers, *(("Set-Cookie", one.OutputString()) for one in response.cookies.values())]
    if page.etag in request.META.get("HTTP_IF_NONE_MATCH", ""):
        start_response("304 Not Modified", [one for one in headers if one[0] not in {"Content-Length", "Content-Type"}])
        return []
    start_response("200 OK", headers)
    return [page.body]
