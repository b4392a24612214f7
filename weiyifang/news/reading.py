"""Who reads: from a request to a reader's key, and the counts that wait in this process for their statement.

A page is answered without touching the database for its count: `note` puts (article, day, reader) into a buffer, and
one thread writes what waits every `PAUSE` seconds with one statement (`services.record_reads`). The thread runs where
pages are served (`start`, called by `config.wsgi`); a stop writes what is left.
"""

from __future__ import annotations

import hashlib
import logging
import re
import threading
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from multiprocessing.util import Finalize
from secrets import token_urlsafe
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import DatabaseError, IntegrityError, connection
from django.http import HttpRequest, HttpResponseBase

from weiyifang.core import clock
from weiyifang.core.tenancy import current_community_id, in_community
from weiyifang.core.web import outage
from weiyifang.news.services.counting import Opening, record_reads

PAUSE = 0.5  # seconds a count waits at most: what a kill -9 can lose
FULL = 100_000  # counts kept while the database does not answer; what comes then is lost, and said so in the log
LONGEST_AGENT = 400  # letters of it that are looked at and remembered
COOKIE = "device"
COOKIE_AGE = 180 * 24 * 3600  # seconds
LONGEST_COOKIE = 100  # letters: ours has 70
AHEAD = re.compile("prefetch|prerender|preview", re.IGNORECASE)
AHEAD_HEADERS = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")  # today's and those before

logger = logging.getLogger(__name__)


# --- who reads -------------------------------------------------------------------------------------------------


def reader_key(who: str, day: date) -> bytes:
    """16 bytes that stand for `who` in the community at hand on this day, and for nobody on any other."""
    message = f"{current_community_id()}:{day.isoformat()}:{who}".encode()
    return hashlib.blake2b(message, key=_secret(settings.SECRET_KEY), digest_size=16).digest()


@lru_cache
def _secret(key: str) -> bytes:
    return hashlib.sha256(b"who reads:" + key.encode()).digest()


@lru_cache
def robots() -> tuple[tuple[str, ...], re.Pattern[str]]:
    """The names of robots, as the package `crawler-user-agents` keeps them: words, and patterns where words do not do.

    Looking for each word takes a tenth of the time that one large pattern does.
    """
    from crawleruseragents import CRAWLER_USER_AGENTS_DATA

    patterns = [one["pattern"] for one in CRAWLER_USER_AGENTS_DATA]
    words = [one for one in patterns if re.fullmatch(r"(?:[^\\^$.|?*+()\[{]|\\\W)+", one)]
    others = sorted({*patterns} - {*words})
    return tuple(re.sub(r"\\(\W)", r"\1", word) for word in words), re.compile("|".join(others))


@lru_cache(maxsize=10_000)
def is_program(agent: str) -> bool:
    """Does this User-Agent belong to a program that crawls, watches or previews?

    Every browser calls itself Mozilla (Opera's small one does not); robots of good manners leave their address.
    """
    if not agent.startswith(("Mozilla/", "Opera/")) or "+http" in agent:
        return True
    words, patterns = robots()
    return any(word in agent for word in words) or patterns.search(agent) is not None


def looks_ahead(request: HttpRequest) -> bool:
    """Does a browser fetch the page before somebody asks for it?"""
    return any(AHEAD.search(request.META.get(name, "")) for name in AHEAD_HEADERS)


def note(request: HttpRequest, response: HttpResponseBase, article_id: UUID) -> None:
    """Count that somebody opened an article. Programs, prefetching browsers and HEAD requests are nobody.

    A signed-in person is one reader on all their devices. A device is known by a cookie we signed; on the day it gets
    the cookie, by its address and browser, so that refusing cookies, or inventing them, does not multiply reads. Two
    phones of one kind behind one address may thus be one reader on their first day: we rather count too few.
    """
    meta = request.META
    agent = meta.get("HTTP_USER_AGENT", "")[:LONGEST_AGENT]
    if request.method != "GET" or is_program(agent) or looks_ahead(request):
        return
    day = clock.today()
    cookie = request.COOKIES.get(COOKIE, "")
    device, _dot, since = (_signed(cookie, signer()) if len(cookie) <= LONGEST_COOKIE else "").partition(".")
    today = day.isoformat().replace("-", "")
    if not device:
        cookie = signer().sign(f"{token_urlsafe(12)}.{today}")
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(COOKIE, cookie, max_age=COOKIE_AGE, samesite="Lax", httponly=True, secure=secure)
    account_id = getattr(getattr(request, "user", None), "pk", None)
    if account_id is not None:
        who = f"account {account_id}"
    elif device and since != today:
        who = f"device {device}"
    else:
        who = f"address {meta.get('REMOTE_ADDR', '')} {agent}"
    counts.add(current_community_id(), Opening(article_id, day, reader_key(who, day)))


@lru_cache(maxsize=10_000)
def _signed(cookie: str, by: Signer) -> str:
    """What we wrote into the cookie; "" for one that is not ours. Remembered: a device opens more than one page."""
    try:
        return by.unsign(cookie)
    except BadSignature:
        return ""


def signer() -> Signer:
    """Signs the cookies of devices; what keys before the present one signed holds, too."""
    return _signer(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache
def _signer(key: str, *before: str) -> Signer:
    return Signer(key=key, fallback_keys=[*before], salt="who reads")


# --- what waits ------------------------------------------------------------------------------------------------


class Counts:
    """Openings that wait to be written, and the thread that writes them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[tuple[int, UUID, date, bytes], int] = {}
        self._some = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, community_id: int, opening: Opening) -> None:
        """Remember one opening."""
        key = (community_id, opening.article_id, opening.day, opening.reader)
        with self._lock:
            if len(self._waiting) >= FULL and key not in self._waiting:
                logger.error("The database does not take read counts; some are lost.")
                return
            self._waiting[key] = self._waiting.get(key, 0) + opening.times
        if not self._some.is_set():
            self._some.set()

    def __len__(self) -> int:
        return len(self._waiting)

    def flush(self) -> int:
        """Write what waits, one statement a community; returns how many new reads that made.

        What cannot be written stays for the next time.
        """
        self._some.clear()  # before taking: what comes in between wakes the thread once more
        with self._lock:
            taken, self._waiting = self._waiting, {}
        by_community: dict[int, list[Opening]] = defaultdict(list)
        for (community_id, article_id, day, reader), times in taken.items():
            by_community[community_id].append(Opening(article_id, day, reader, times))
        reads = 0
        for community_id, openings in by_community.items():
            try:
                with in_community(community_id):
                    reads += record_reads(openings)
            except IntegrityError:
                logger.exception("Reads of an article that does not exist; the batch is dropped")
            except DatabaseError as error:
                logger.warning("Read counts wait for the database: %s", error, exc_info=outage.of(error) and error)
                self._put_back(community_id, openings)
        return reads

    def _put_back(self, community_id: int, openings: Iterable[Opening]) -> None:
        for opening in openings:
            self.add(community_id, opening)

    def start(self) -> None:
        """Write every `PAUSE` seconds from now on, and once more when this process stops (not when it is killed)."""
        if self._thread is None or not self._thread.is_alive():
            self._stop.clear()
            self._thread = threading.Thread(target=self._write, daemon=True, name="reads")
            self._thread.start()
            # runs at the end of an ordinary process and of a forked worker, where atexit does not
            Finalize(None, self.stop, exitpriority=100)

    def stop(self) -> None:
        """Stop the thread and write what is left."""
        self._stop.set()
        self._some.set()
        if self._thread is not None:
            self._thread.join(timeout=5)
        self.flush()

    def _write(self) -> None:
        while not self._stop.is_set():
            self._some.wait()
            self._stop.wait(PAUSE)
            self.flush()
            connection.close()


counts = Counts()
