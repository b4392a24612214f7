"""What a request says is read in one way, and what nobody can have meant is answered before anything works on it.

Several things stand in front of Django (`config.wsgi`) and decide by a request's address, cookies and language. They
ask `seen`: it reads as Django will, because Django reads it, and it changes nothing of what Django gets.

`Door` stands in front of them all. It answers 400 to NUL in an address, a query or a cookie (no text of ours may hold
it, and no database takes it), to another encoding than UTF-8, and to a cookie or a key that came as bytes the web
server cannot pass on: acting without it would do for a stranger what was asked by somebody, or do it twice. A body is
looked into once it is there (`look_into`, called by `core.web.bodies`), a form's fields once Django has taken them
apart (`LookedInto`). A link with Chinese glued to it ("…/activities/3/，快来") leads to what was meant.

**Cookies in Chinese.** Granian hands a header's bytes over as ASCII or not at all (WSGI and RSGI alike; only ASGI gets
them), and a browser sends all cookies in one header: one that another program on the same host has set hides the
session. So the page that refuses mends it: where scripts run it deletes the cookies it can read and we cannot
(`static/js/cookies.js`) and looks again, and nobody is signed out; its button leads to `MEND`, which tells the browser
to delete all (`Clear-Site-Data`, over HTTPS). Acting without the cookies would do for a stranger what somebody asked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.encoding import escape_uri_path, iri_to_uri
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext_lazy as _

from weiyifang.core.refusals import Refused

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

NUL = "\0"
SEEN = "weiyifang.seen"
LONGEST = 500  # letters of a cookie and a header of languages that are remembered
NEEDED = ("HTTP_COOKIE", "HTTP_IDEMPOTENCY_KEY", "HTTP_IF_MATCH")  # what an act must not go on without
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MEND = "/cookies/"

_PROGRAM = re.compile(r"/c/[^/]+/api(?:/|$)")
_PRIVATE = re.compile(r"/accounts/|/c/[-\w]+/(?:me|workbench|api)/")
_TAIL = re.compile(r"[^\x00-\x7f].*", re.DOTALL)  # inside a community no address of ours goes on beyond ASCII
_MARK = re.compile(r"(?=[^\x00-\x7f])\W.*", re.DOTALL)  # its own name may; but no mark, such as ，
_ODD_ESCAPE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([^\"';\s]*)", re.IGNORECASE)
_UTF_8 = frozenset({"utf-8", "utf8", "us-ascii"})


class NotUnderstood(Refused):
    """There is something in it that no text holds: NUL, half a letter."""

    sentence = _("What arrived holds signs that are no text. Look at what you filled in, and send it once more.")
    status = 400


class OnlyUtf8(Refused):
    """The body says it is written in another encoding."""

    sentence = _("What arrived is not written in UTF-8. Send it in UTF-8.")
    status = 415


class CookieUnreadable(Refused):
    """Bytes beyond ASCII in the cookies: the web server hands none of them over, the session's neither."""

    sentence = _(
        "Another site has left a cookie in your browser that we cannot read, so we do not know who you are. Nothing "
        "was done. Delete the cookies of this site in your browser, then sign in again; or call us."
    )
    status = 400


class KeyUnreadable(Refused):
    """What guards against doing something twice is empty, longer than a key, or not ASCII."""

    sentence = _(
        "The key sent with this (Idempotency-Key, If-Match) is empty or cannot be read: a key has 1 to 80 visible "
        "ASCII characters. Nothing was done. Open the page again, or let the program send another key."
    )
    status = 400


# --- reading ---------------------------------------------------------------------------------------------------


def seen(environ: WSGIEnvironment) -> WSGIRequest:
    """The request as Django will read it: `path_info`, `COOKIES`, `scheme`, `META`. Not for its body."""
    request: WSGIRequest | None = environ.get(SEEN)
    if request is None:
        _encode_again(environ)
        kind = _CHARSET.sub("", environ.get("CONTENT_TYPE", ""))  # Django fails on some; `look_at` refuses them
        request = environ[SEEN] = WSGIRequest({**environ, "CONTENT_TYPE": kind})  # it decodes the address in place
    return request


def _encode_again(environ: WSGIEnvironment) -> None:
    """WSGI's address is bytes in the shape of Latin-1 (PEP 3333); what was decoded already becomes that again."""
    path: str = environ.get("PATH_INFO", "")
    if not path.isascii() and any(letter > "\xff" for letter in path):
        environ["PATH_INFO"] = path.encode().decode("latin-1")


def is_program(path: str) -> bool:
    """Whether this is an address of the API: its answers are JSON, whatever happens."""
    return _PROGRAM.match(path) is not None


def language(request: HttpRequest) -> str:
    """What Django's LocaleMiddleware will choose."""
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    accepted = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
    known = _language if len(cookie) + len(accepted) <= LONGEST else _language.__wrapped__
    return known(cookie, accepted)


@lru_cache(maxsize=1_000)
def _language(cookie: str, accepted: str) -> str:
    request = HttpRequest()
    request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = cookie
    request.META["HTTP_ACCEPT_LANGUAGE"] = accepted
    return get_language_from_request(request)


def drop_broken(environ: dict[str, Any]) -> None:
    """Leave no address in the headers that a parser would choke on (`http://[::1`)."""
    for name, instead in (("HTTP_REFERER", ""), ("HTTP_ORIGIN", "null")):  # "null" is nobody's origin (RFC 6454)
        if name in environ:
            try:
                urlsplit(environ[name]).port  # noqa: B018  it parses when asked
            except ValueError:
                environ[name] = instead


# --- looking ---------------------------------------------------------------------------------------------------


class Door:
    """The WSGI application in front of `application`."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            look_at(environ)
        except Refused as refused:
            return told(refused, environ, start_response)
        if seen(environ).path_info == MEND:
            return mended(seen(environ), start_response)
        if meant := without_tail(seen(environ)):
            start_response("302 Found", [("Location", meant), ("Content-Length", "0"), ("Cache-Control", "no-store")])
            return [b""]
        return self.application(environ, start_response)


def look_at(environ: WSGIEnvironment) -> None:
    """Raise a `Refused` for a head that nothing can be done with."""
    request = seen(environ)
    meta = request.META
    query = meta.get("QUERY_STRING", "")
    if NUL in request.path_info or NUL in query or "%00" in query:
        raise NotUnderstood()
    if any(NUL in name or NUL in value for name, value in request.COOKIES.items()):
        raise NotUnderstood()
    charset = _CHARSET.search(environ.get("CONTENT_TYPE", ""))
    if charset and charset[1].lower() not in _UTF_8:
        raise OnlyUtf8()
    lost = lost_in(request)
    if request.path_info != MEND and lost and (request.method not in SAFE or _PRIVATE.match(request.path_info)):
        raise CookieUnreadable() if "HTTP_COOKIE" in lost else KeyUnreadable()


def lost_in(request: WSGIRequest) -> list[str]:
    """What of `NEEDED` was sent and not handed over."""
    return [name for name in NEEDED if name in request.META and not request.META[name].strip("; ")]


def look_into(environ: WSGIEnvironment, body: bytes) -> None:
    """Raise `NotUnderstood` for a program's body with NUL or half a letter in it. (Forms: `LookedInto`.)"""
    if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() in FORMS:
        return
    if b"\0" in body:
        raise NotUnderstood()
    if _ODD_ESCAPE.search(body):
        try:
            told_in_it = json.loads(body)
        except (ValueError, RecursionError):
            return  # no JSON: whoever wants some will say so
        if any(_is_no_text(one) for one in _texts(told_in_it)):
            raise NotUnderstood()


def _is_no_text(text: str) -> bool:
    return NUL in text or any("\ud800" <= letter <= "\udfff" for letter in text)


def _texts(told_in_it: Any) -> Iterator[str]:
    waiting = [told_in_it]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one


class LookedInto:
    """Django's middleware: no form's field with NUL in it reaches a view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for name, values in [*request.GET.lists(), *request.POST.lists()]:
            if NUL in name or any(NUL in str(value) for value in values):
                raise BadRequest("NUL in a field")
        return self.get_response(request)


def without_tail(request: WSGIRequest) -> str:
    """Where a link with words glued to it was meant to lead; "" for every other."""
    path = request.path_info
    if path.isascii() or request.method not in {"GET", "HEAD"} or is_program(path):
        return ""
    name, rest = _split(path)
    meant = _MARK.sub("", name)
    if meant == name:
        meant += _TAIL.sub("", rest).rstrip()
    return escape_leading_slashes(escape_uri_path(meant)) if meant not in {path, "/c/"} else ""


def _split(path: str) -> tuple[str, str]:
    """`/c/<slug>/` and what follows; outside a community only the first slash."""
    named = re.match(r"/c/[^/]+/?|/", path)
    length = named.end() if named else 0
    return path[:length], path[length:]


# --- answers ---------------------------------------------------------------------------------------------------


def told(refused: Refused, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """The refusal as a program or a person reads it, in their language. The connection ends: nothing more is read."""
    request = seen(environ)
    spoken = language(request)
    with translation.override(spoken):
        if is_program(request.path_info):
            kind, said = "application/json", json.dumps({"code": refused.code, "detail": str(refused)})
        elif isinstance(refused, CookieUnreadable):
            again = request.get_full_path() if request.method == "GET" else ""
            around = {"refused": refused, "again": again, "mend": f"{MEND}?{urlencode({'next': again})}"}
            kind, said = "text/html", render_to_string("errors/cookies.html", around)
        else:
            kind, said = "text/html", render_to_string("errors/refused.html", {"refused": refused})
    body = said.encode()
    headers = [
        ("Content-Type", f"{kind}; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Content-Language", spoken),
    ]
    headers += [("Connection", "close"), ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store")]
    if refused.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append(("Retry-After", "60"))
    start_response(f"{refused.status} {HTTPStatus(refused.status).phrase}", headers)
    return [body]


def mended(request: WSGIRequest, start_response: StartResponse) -> Iterable[bytes]:
    """The button of `CookieUnreadable` was pressed: the browser deletes its cookies, if we cannot read them."""
    wanted = request.GET.get("next", "")
    onward = wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "/"
    headers = [("Location", escape_leading_slashes(iri_to_uri(onward))), ("Content-Length", "0")]
    headers += [("Connection", "close"), ("Cache-Control", "no-store")]
    if request.method == "POST" and "HTTP_COOKIE" in lost_in(request):
        headers.append(("Clear-Site-Data", '"cookies"'))
    start_response("303 See Other", headers)
    return [b""]
