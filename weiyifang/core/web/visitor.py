"""Who asks: the address of the visitor, settled once and in one place, before anything looks at it.

`Settled` stands in front of everything else (`config.wsgi`), so what answers in front of Django sees the same address.
Whatever a request claims about addresses, hosts and schemes (`X-Forwarded-…`, `Forwarded`, `X-Real-IP`) is taken out of
it. What is left: `REMOTE_ADDR` is the other end of the connection or, where proxies of ours stand in front
(settings.PROXIES), what the outermost of them said; the scheme is https where settings.HTTPS says that all come by TLS.

**A header's name must tell who wrote it.** WSGI writes `X-Forwarded-For` and `X_Forwarded_For` alike, and granian keeps
the last: a visitor who sends the second overwrites what the proxy said in the first, and nothing here can tell. So
behind granian nothing is believed until settings.PROXY_HEADER names a header nobody else can write: `Forwarded` (RFC
7239) has no hyphen, and no other name is written like it; `X-Forwarded-For`, where the proxy lets no name with an
underscore through (as nginx does). See docs/operations.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING, Any, TypeAlias

from django.conf import settings

from weiyifang.core.web.door import drop_broken

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

Address: TypeAlias = IPv4Address | IPv6Address

LONGEST = 100  # letters of a text that is looked at, and remembered
SETTLED = "weiyifang.visitor"  # no header is written like this
CLAIMS = (
    "HTTP_FORWARDED",
    *(
        f"HTTP_X_FORWARDED_{what}"
        for what in ("FOR", "PROTO", "HOST", "PORT", "BY", "SERVER", "SSL", "PREFIX", "SCHEME")
    ),
    *("HTTP_X_FORWARDED", "HTTP_X_REAL_IP", "HTTP_X_CLIENT_IP", "HTTP_CLIENT_IP", "HTTP_TRUE_CLIENT_IP"),
)
FORWARDED = "Forwarded"  # what settings.PROXY_HEADER may be
X_FORWARDED_FOR = "X-Forwarded-For"
MERGES_NAMES = "Granian"  # the server that writes both alike; others drop the second

_FOR = re.compile(r'(?:^|;)\s*for\s*=\s*("[^"]*"|[^;]*)', re.IGNORECASE)
_COMMAS = re.compile(r',(?=(?:[^"]*"[^"]*")*[^"]*$)')  # outside quotes
_V4_PORT = re.compile(r"([0-9.]+)(?::[0-9]+)?")
_V6_PORT = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::[0-9]+)?")


class Settled:
    """The WSGI application in front of `application`."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        settle(environ)
        return self.application(environ, start_response)


def settle(environ: dict[str, Any]) -> None:
    """Leave in the environment what is true of the visitor, and nothing that is only claimed. Once is enough."""
    if SETTLED in environ:
        return
    environ[SETTLED] = True
    drop_broken(environ)
    said = _said(environ) if settings.PROXIES else ""
    asked_by_django = (settings.SECURE_PROXY_SSL_HEADER or ("",))[0]  # ours is empty: settings.HTTPS says it
    for name in CLAIMS:
        if name in environ and name != asked_by_django:
            del environ[name]
    address = address_in(said) or address_in(environ.get("REMOTE_ADDR", ""))
    if address is not None:
        environ["REMOTE_ADDR"] = str(address)
    if settings.HTTPS:
        environ["wsgi.url_scheme"] = "https"


def address_in(text: str) -> Address | None:
    """The address in a text like `203.0.113.7`, `203.0.113.7:1234`, `"[2001:db8::7]:1234"`, `::ffff:203.0.113.7`."""
    return _address_in(text) if len(text) <= LONGEST else None


@lru_cache(maxsize=1_000)
def _address_in(text: str) -> Address | None:
    text = text.strip().strip('"')
    port = _V4_PORT.fullmatch(text) or _V6_PORT.fullmatch(text)
    try:
        address = ip_address(port[1] if port else text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _said(environ: dict[str, Any]) -> str:
    """What the outermost of our proxies said; "" when it said nothing that we may believe.

    Each adds one at the end. What stands before these is what the visitor says, and may be anything.
    """
    said: Sequence[str] = []
    if settings.PROXY_HEADER == FORWARDED:
        said = [_for(one) for one in _COMMAS.split(environ.get("HTTP_FORWARDED", ""))]
    elif settings.PROXY_HEADER == X_FORWARDED_FOR or environ.get("SERVER_SOFTWARE") != MERGES_NAMES:
        said = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
    return said[-settings.PROXIES] if len(said) >= settings.PROXIES else ""


def _for(element: str) -> str:
    found = _FOR.search(element)
    return found[1] if found else ""
