"""Devices on which somebody has signed in before: strangers cannot use up what such a device may try.

A device carries a signed cookie with a number of its own and, as HMACs, the phones and names that were signed in on it.
It opens nothing: it only says which counters are asked (`limits`). Whoever uses a device after its owner has them too.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from secrets import token_urlsafe

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

COOKIE = "known"
AGE = 180 * 24 * 3600  # seconds since the last sign-in
MOST = 8  # phones and names of one device: a family's
SALT = "weiyifang.people.devices"


def known(request: HttpRequest, what: str) -> str:
    """The number of this device, when `what` (a phone or a sign-in name) was signed in on it before; else ""."""
    device, marks = _read(request)
    return device if _mark(device, what) in marks else ""


def remember(request: HttpRequest, response: HttpResponseBase, whats: Iterable[str]) -> None:
    """Somebody with these phones and names has signed in here."""
    device, marks = _read(request)
    device = device or token_urlsafe(12)
    new = [_mark(device, what) for what in whats if what]
    marks = [*new, *(mark for mark in marks if mark not in new)][:MOST]
    response.set_cookie(
        COOKIE,
        signing.dumps([device, *marks], salt=SALT),
        max_age=AGE,
        path="/accounts/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        device, *marks = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE)
    except signing.BadSignature:
        return "", []
    return device, marks


def _mark(device: str, what: str) -> str:
    digest = salted_hmac(SALT, f"{device}\0{what}", algorithm="sha256").digest()
    return urlsafe_b64encode(digest[:12]).decode()
