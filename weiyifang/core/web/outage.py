"""The database is away for a moment, or the disk takes nothing more: one sentence, and a page that reloads.

Whatever an outage meets on its way (a session, a page, a program's request), the answer is 503 and says when to come
again; a page that was only asked for is tried once more before that. In the log an outage is a sentence a minute,
however many meet it.
"""

from __future__ import annotations

import errno
import logging
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from weiyifang.core.web import incidents
from weiyifang.core.web.door import is_program

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

SAFE = frozenset({"GET", "HEAD"})
AGAIN = 5  # seconds until a page reloads, or a program may ask again
ROOM = 20_000_000  # bytes; less is none: PostgreSQL takes 16 MB at a time
SAID_EVERY = 60.0  # seconds between two lines in the log about the same outage
MARK = "outage"  # the attribute of a response that tells of one

# SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html
GONE = frozenset({"57P01", "57P02", "57P03", "57P05", "53300"})  # it stops, crashed, starts, or has too many clients
NO_ROOM = frozenset({"25006", "53100", "58030"})  # read-only, full, unreadable
BUSY = frozenset({"55P03", "40P01", "40001"})  # lock_timeout, deadlock, serialization: undone, and may be tried again
NO_ROOM_WORDS = ("No space left on device", "Read-only file system")  # while connecting there is no SQLSTATE
NO_ROOM_ERRNO = frozenset({errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EIO})


class Outage(Enum):
    """What is out of order; the value is the code that programs get."""

    AWAY = "away"
    NO_ROOM = "no_room"
    BUSY = "busy"  # only for this request: it waited too long for a row, or crosswise with another

    @property
    def sentence(self) -> Any:
        """For people."""
        return SENTENCES[self]

    @property
    def logged(self) -> str:
        """For the log."""
        return LOGGED[self]


SENTENCES = {
    Outage.AWAY: _("Our books are being opened again; that takes a moment. What was confirmed to you is safe."),
    Outage.NO_ROOM: _("Our disk takes nothing new at the moment, so nothing can be saved. What was saved is safe."),
    Outage.BUSY: _("Many people want the same at this moment. Nothing of yours was done yet: please try again."),
}
LOGGED = {
    Outage.AWAY: "The database does not answer",
    Outage.NO_ROOM: "The disk is full or read-only: nothing can be written",
    Outage.BUSY: "Somebody waited too long for a row, or two for each other",
}


def of(error: BaseException | None) -> Outage | None:
    """Which outage an exception comes from; None: from none. It may be wrapped in others."""
    for one in _chain(error):
        if isinstance(one, OSError) and one.errno in NO_ROOM_ERRNO:
            return Outage.NO_ROOM
        if isinstance(one, psycopg.Error):
            state = one.sqlstate or ""
            if state in NO_ROOM or any(words in str(one) for words in NO_ROOM_WORDS):
                return Outage.NO_ROOM
            if state in BUSY:
                return Outage.BUSY
            is_cut_off = isinstance(one, psycopg.OperationalError) and not state
            if is_cut_off or state in GONE or state.startswith("08"):
                return Outage.AWAY
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen = 0
    while error is not None and seen < 20:
        yield error
        seen, error = seen + 1, error.__cause__ or error.__context__


def reason(error: BaseException | None) -> str:
    """The first line of what PostgreSQL or the system says."""
    told = next((one for one in _chain(error) if isinstance(one, OSError | psycopg.Error)), error)
    return str(told).strip().partition("\n")[0]


def is_out_of_room(folder: Path) -> bool:
    """Whether nothing more can be written there. Cheap."""
    try:
        disk = os.statvfs(folder)
    except OSError:  # the disk itself is gone
        return True
    return bool(disk.f_flag & os.ST_RDONLY) or disk.f_bavail * disk.f_frsize < ROOM


# --- answers ---------------------------------------------------------------------------------------------------


def handler500(request: HttpRequest) -> HttpResponseBase:
    """Django calls it for whatever nobody expected, inside the `except` block."""
    found = of(sys.exc_info()[1])
    return incidents.answer(request) if found is None else answer(found, request.method or "", request.path)


def answer(outage: Outage, method: str, path: str) -> HttpResponse:
    """What a person, a program or a load balancer gets meanwhile. Asks no database."""
    response: HttpResponse
    if is_program(path) or path == "/health/":
        response = JsonResponse({"ok": False, "code": outage.value, "detail": str(outage.sentence)})
    else:
        response = HttpResponse(get_template("503.html").render(_words(outage, method)))
    response.status_code = 503
    response.headers["Retry-After"] = str(AGAIN)
    response.headers["Cache-Control"] = "no-store"
    setattr(response, MARK, outage)
    return response


def _words(outage: Outage, method: str) -> dict[str, Any]:
    """In every language: who speaks which is not asked now."""
    sides = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            sides.append({"code": code, "title": str(_("One moment, please")), "said": str(outage.sentence)})
    return {"sides": sides, "seconds": AGAIN if method in SAFE else 0}


class OneMoreTry:
    """The WSGI application outside all others: what only asks is tried again when its connection was cut."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] in SAFE:
            begun: list[tuple[Any, ...]] = []
            response = self._asked(environ, lambda *head: begun.append(head))  # type: ignore[arg-type]  # as a server calls it, less what is not asked
            if getattr(response, MARK, None) is not Outage.AWAY:
                start_response(*begun[-1])
                return response
            response.close()  # type: ignore[attr-defined]  # a server closes what can be closed
        return self._asked(environ, start_response)

    def _asked(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """What stands in front of Django raises; Django itself answers."""
        try:
            return self.application({**environ}, start_response)  # Django decodes the address in place
        except DatabaseError as error:
            found = of(error)
            if found is None:
                raise
            response = answer(found, environ["REQUEST_METHOD"], environ["PATH_INFO"])
            logger.warning("%s", found.logged, exc_info=error)
            start_response("503 Service Unavailable", list(response.items()))
            return response


# --- the log ---------------------------------------------------------------------------------------------------

logger = logging.getLogger(__name__)


class OneSentence(logging.Filter):
    """Of all records that come from an outage, one line a minute; it says how many others there were."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._said: dict[Outage, tuple[float, int]] = {}  # when a line was last written, and how many were not since

    def filter(self, record: logging.LogRecord) -> bool:
        """As `logging` asks."""
        error = record.exc_info[1] if record.exc_info else None
        found = of(error)
        if found is None:
            return True
        now = self._clock()
        at, others = self._said.get(found, (-SAID_EVERY, 0))
        if now < at + SAID_EVERY:
            self._said[found] = (at, others + 1)
            return False
        self._said[found] = (now, 0)
        more = f" ({others} more since the last such line)" if others else ""
        record.msg, record.args = f"{found.logged}: {reason(error)}{more}", ()
        record.exc_info = record.exc_text = None
        record.ours = True  # as `core.server.logs` asks: no value of anybody's is in it
        return True
