"""How often somebody may try, by the minute, the hour and the day; the figures are all on this page.

`count` counts a try and raises `TooOften` when it is one too many; then nothing is counted. Counters are rows that
nothing throws away before their time (`Tally`), all of a try changed by one statement that is committed at once: of a
hundred tries at the same moment as many pass as may, and what becomes of the request changes nothing about it.

**A stranger uses up what is a stranger's.** What somebody may do at one phone or name is less from one network than
from all together. And a device on which somebody has signed in before (`devices`) has counters of its own for that
phone or name, whatever strangers do with theirs.

What django-allauth limits is counted here too (`instead_of_allauth`): it asks by the names of its actions, and those
that have no rule of their own get `ANY_OTHER`.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network
from typing import Any, NamedTuple

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.core.internal import ratelimit
from django.conf import settings
from django.db import connection, transaction
from django.http import Http404, HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy, ngettext

from weiyifang.communities.middleware import PREFIX, community_at
from weiyifang.communities.models import Community
from weiyifang.core import clock
from weiyifang.core.refusals import Refused
from weiyifang.core.web.visitor import address_in
from weiyifang.people import devices

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FOR_STRANGERS = 0.8  # of the short messages of a day; the rest is for devices that are known


class TooOften(Refused):
    """One try too many. `wait`: seconds until the next may succeed."""

    sentence = gettext_lazy("That was tried very often. Please wait %(wait)s and try again.")
    status = 429

    def __init__(self, wait: int) -> None:
        self.wait = wait
        super().__init__(wait=in_words(wait))


class NoMoreMessages(TooOften):
    """What the platform may send in a day, or in an hour, is used up."""

    sentence = gettext_lazy(
        "So many codes were asked for that no more can be sent for %(wait)s. "
        "Sign in with your password, or call the committee."
    )


class By(NamedTuple):
    """A counter: whose tries it counts, and how many it lets pass in a span that begins with the first of them."""

    whose: Sequence[str]  # of "address", "network", "community", "what" (the phone, name or account), "device"
    minute: int
    hour: int
    day: int


# A whole mobile network may be one address.
RULES: dict[str, Sequence[By]] = {
    "message": (  # short messages: they cost money, and disturb whoever gets them
        By(("address",), 20, 200, 600),
        By(("network",), 60, 600, 2_000),
        By(("what", "network"), 3, 6, 10),
        By(("what",), 6, 15, 25),
        By(("community",), 300, 600, 2_000),  # a flood that comes over one community leaves the others theirs
    ),
    "message, known": (By(("what", "device"), 3, 6, 10),),
    "code": (  # typing one in; each has three tries of its own as well
        By(("address",), 30, 300, 1_000),
        By(("what", "network"), 6, 12, 20),
        By(("what",), 12, 30, 50),
        By(("community",), 300, 3_000, 10_000),
    ),
    "code, known": (By(("what", "device"), 6, 12, 20),),
    "password": (  # wrong ones: a right one is taken back
        By(("address",), 10, 100, 300),
        By(("what", "network"), 5, 20, 40),
        By(("what",), 20, 60, 200),
    ),
    "password, known": (By(("what", "device"), 5, 20, 40),),
    "login_failed": (By(("address",), 10, 100, 300), By(("what",), 5, 20, 40)),  # second factors, behind a password
    "login": (By(("address",), 30, 500, 3_000),),
    "signup": (By(("address",), 20, 100, 300),),
    "change_phone": (By(("what",), 3, 10, 20),),
    "reauthenticate": (By(("what",), 10, 60, 200),),
    "request_login_code": (),  # counted as messages, when they are sent
    "verify_phone": (),
}
ANY_OTHER = (By(("address",), 30, 500, 3_000),)


@dataclass(frozen=True)
class Tries:
    """Tries that were counted, to be taken back when they were right (allauth calls it a usage)."""

    keys: Sequence[str] = ()

    def rollback(self) -> None:
        """It was no wrong try after all."""
        if self.keys:
            _run(_TAKE_BACK, [list(self.keys)])


def count(request: HttpRequest, rule: str, what: str = "") -> Tries:
    """Count a try by `request` at `what`: a phone, a sign-in name or an account's id. Raises `TooOften`."""
    return _count(_counters(request, rule, what))


def count_message(request: HttpRequest, phone: str) -> None:
    """Count a short message that is about to be sent to `phone`. Raises `TooOften`."""
    counters = _counters(request, "message", phone)
    counters[_key("messages", DAY)] = settings.SMS_PER_DAY, DAY, NoMoreMessages
    if not devices.known(request, phone):
        most = int(settings.SMS_PER_DAY * FOR_STRANGERS)
        counters[_key("messages to strangers", DAY)] = most, DAY, NoMoreMessages
        counters[_key("messages to strangers", HOUR)] = -(-most // 4), HOUR, NoMoreMessages
    _count(counters)


def forget(request: HttpRequest, rule: str, what: str) -> None:
    """What was right ends the count of what was wrong at `what`. At the address, where others may have tried, only
    this one is taken back.
    """
    ended: list[str] = []
    taken_back: list[str] = []
    for by in RULES.get(rule, ANY_OTHER):
        keys = [_key(*_parts(request, rule, by, what), span) for span in (MINUTE, HOUR, DAY)]
        (ended if "what" in by.whose else taken_back).extend(keys)
    _run(_FORGET, [ended])
    Tries(taken_back).rollback()


def in_words(seconds: int) -> str:
    """A time to wait, rounded up: "2 minutes", "3 hours"."""
    minutes = -(-seconds // 60)
    if minutes < 60:
        return ngettext("a minute", "%(count)d minutes", max(minutes, 1)) % {"count": minutes}
    hours = -(-minutes // 60)
    return ngettext("an hour", "%(count)d hours", hours) % {"count": hours}


# --- django-allauth --------------------------------------------------------------------------------------------


def instead_of_allauth() -> None:
    """Count here what allauth limits. Its own counts lie in the cache, under plain addresses."""
    ratelimit.consume, ratelimit.clear = _consume, _clear


def _consume(request: HttpRequest, *, action: str, key: str | None = None, user: Any = None, **options: Any) -> Tries:
    """As allauth's: see `RULES` for the actions. Raises `TooOften`, where allauth's own would answer in many ways."""
    if request.method == "GET" and not options.get("limit_get"):
        return Tries()
    return count(request, action, _what(request, key, user))


def _clear(request: HttpRequest, *, action: str, key: str | None = None, user: Any = None, **options: Any) -> None:
    forget(request, action, _what(request, key, user))


def _what(request: HttpRequest, key: str | None, user: Any) -> str:
    user = user or getattr(request, "user", None)
    return key or str(getattr(user, "pk", None) or "")


# --- counting --------------------------------------------------------------------------------------------------

Counters = dict[str, tuple[int, timedelta, type[TooOften]]]  # by key: how many, in which span, and what is said then

# All take several of these rows in one order, so that none wait for each other crosswise.
_TAKE_BACK = """
UPDATE people_tally SET count = count - 1
 WHERE count > 0 AND key IN (SELECT key FROM people_tally WHERE key = ANY(%s) ORDER BY key FOR UPDATE)"""
_FORGET = """
DELETE FROM people_tally WHERE key IN (SELECT key FROM people_tally WHERE key = ANY(%s) ORDER BY key FOR UPDATE)"""

# A clock that was ahead for a while does not keep somebody out for as long. (A little behind is the next process.)
_COUNT = """
INSERT INTO people_tally AS kept (key, count, until)
SELECT key, 1, until FROM unnest(%(keys)s::text[], %(untils)s::timestamptz[]) AS one (key, until) ORDER BY key
ON CONFLICT (key) DO UPDATE SET (count, until) = (
  SELECT CASE WHEN goes_on THEN kept.count + 1 ELSE 1 END, CASE WHEN goes_on THEN kept.until ELSE excluded.until END
    FROM (SELECT kept.until > %(now)s AND kept.until < excluded.until + interval '5 minutes' AS goes_on) AS span)
RETURNING key, count, until"""


def _counters(request: HttpRequest, rule: str, what: str) -> Counters:
    name = f"{rule}, known"
    if name not in RULES or not devices.known(request, what):
        name = rule
    return {
        _key(*_parts(request, name, by, what), span): (most, span, TooOften)
        for by in RULES.get(name, ANY_OTHER)
        for span, most in ((MINUTE, by.minute), (HOUR, by.hour), (DAY, by.day))
    }


def _parts(request: HttpRequest, rule: str, by: By, what: str) -> list[str]:
    """Whose tries are counted there."""
    who = {"what": what, "device": devices.known(request, what), **_places(request)}
    if "community" in by.whose:
        community = came_for(request)
        who["community"] = str(community.pk) if community else ""
    return [rule, *(f"{part} {who[part]}" for part in by.whose)]


def _count(counters: Counters) -> Tries:
    """Count once more everywhere, or nowhere."""
    if not counters:
        return Tries()
    now = clock.now()
    untils = [now + span for _most, span, _refused in counters.values()]
    with transaction.atomic(durable=True):
        rows = _run(_COUNT, {"keys": list(counters), "untils": untils, "now": now})
        over = [(until, counters[key][2]) for key, number, until in rows if number > counters[key][0]]
        if over:
            until, refused = max(over, key=lambda one: one[0])
            raise refused(wait=max(1, int((until - now).total_seconds())))
    return Tries(list(counters))


def _key(*parts: str | timedelta) -> str:
    """44 characters that tell nobody what was counted."""
    digest = salted_hmac("weiyifang.people.limits", "\0".join(map(str, parts)), algorithm="sha256").digest()
    return urlsafe_b64encode(digest).decode()


def _places(request: HttpRequest) -> dict[str, str]:
    """Where a request comes from: a household has 2⁶⁴ addresses of IPv6."""
    address = address_in(request.META.get("REMOTE_ADDR", ""))
    if address is None:
        return {"address": "?", "network": "?"}
    own, wide = (32, 24) if address.version == 4 else (64, 48)
    return {
        name: str(ip_network((address, bits), strict=False)) for name, bits in (("address", own), ("network", wide))
    }


def came_for(request: HttpRequest) -> Community | None:
    """Over whose pages somebody came to sign in, by the page they want to go on to."""
    under_way = getattr(request, "session", {}).get(LOGIN_SESSION_KEY) or {}
    onward = request.POST.get("next") or request.GET.get("next") or under_way.get("redirect_url") or ""
    match = PREFIX.match(onward)
    try:
        return community_at(match["slug"]) if match else None
    except Http404:
        return None


def _run(statement: str, values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []
