"""What a request brings is read before the work on it begins: within a size, within a time. See docs/adr/0022.

`BodyFirst` stands in front of everything (`config.wsgi`). A request has a thread for as long as its bytes come in, but
one of the `AT_WORK` places only once they are there: however many let their bodies trickle, pages are answered. How
much somebody may send is decided from the head alone; what is too much is refused before it is read, or left.
"""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from django.utils.translation import gettext_lazy as _

from weiyifang.core.refusals import Refused
from weiyifang.core.web import door

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

AT_WORK = 16  # requests worked on at the same time by one process; who waits for a shared commit holds no connection
ANYBODY = 64 * 1024  # bytes that anybody may send: the longest form of a visitor is a hundredth of it
PATIENCE = 10  # seconds for a body, and one more for each `SLOWEST` bytes of it
SLOWEST = 32 * 1024
SLOW = 2  # seconds after which a body is counted as slow
SLOW_EACH = 64  # slow bodies of one address at the same time, in one process
LEFT = 48 * 1024 * 1024  # bytes thrown away so that somebody signed in reads why they are too many; no more than this
WHOLE = 32 * 1024 * 1024  # bytes of an answer put together at most, so that a slow reader holds no thread
LINE = "weiyifang.line"  # where the request carries its `Line`


class TooMuch(Refused):
    """The body is longer than this person may send to this address."""

    sentence = _("This is too large: at most %(most)s may be sent here. Make it smaller and try again.")
    status = 413


class NoFilesHere(Refused):
    """A form with files, for a page that takes none (or none from this person)."""

    sentence = _("No files can be sent here. Please sign in, open the page anew and try again.")
    status = 415


class UnknownLength(Refused):
    """The length of the body is not announced. A piece missing at its end would not be noticed."""

    sentence = _("The length of what was sent is not given (Content-Length). Send it in one piece.")
    status = 411


class CutOff(Refused):
    """The body ended early, or came too slowly. Hardly anybody is left to read this."""

    sentence = _("Only a part arrived. Please try again where the connection is better.")
    status = 408


class TooManySlow(Refused):
    """So many bodies trickle in from one address that no further one is waited for."""

    sentence = _("Too many slow uploads come from your network. Please wait a minute and try again.")
    status = 503


class Allowed(NamedTuple):
    """What may be sent with one request."""

    most: int = ANYBODY  # bytes
    files: bool = False  # whether a form with files is taken


class Line(Protocol):
    """The connection a request came on, as the web server hands it over (granian's WSGIProtocol)."""

    def response_iter(self, status: int, headers: list[tuple[str, str]], body: Any) -> None:
        """Answer, from any thread, even while another waits for the body."""


class BodyFirst:
    """The WSGI application in front of `application`. `allowed` is asked about whatever is more than anybody may send.

    It reads no body, and is asked inside a place of work: it may use the database.
    """

    def __init__(self, application: WSGIApplication, allowed: Callable[[WSGIEnvironment], Allowed]) -> None:
        self.application, self.allowed = application, allowed
        self.slow = Slow()
        self._places: SimpleQueue[None] = SimpleQueue()  # the cheapest semaphore there is, and a fair one
        for _place in range(AT_WORK):
            self._places.put(None)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
            try:
                self._read(environ)
            except Refused as refused:
                return door.told(refused, environ, start_response)
        self._places.get()
        try:
            answer = self.application(environ, start_response)
            return answer if type(answer) is list else _whole(answer)
        finally:
            self._places.put(None)

    def _read(self, environ: WSGIEnvironment) -> None:
        """Replace the body by one that is there. Raises a `Refused`."""
        announced = environ.get("CONTENT_LENGTH", "")
        if "HTTP_TRANSFER_ENCODING" in environ or not announced.isdecimal():
            raise UnknownLength()
        length, allowed = int(announced), Allowed()
        is_form_with_files = environ.get("CONTENT_TYPE", "").lower().startswith("multipart/")
        if is_form_with_files or length > ANYBODY:
            self._places.get()
            try:
                allowed = self.allowed(environ)
            finally:
                self._places.put(None)
        if length > allowed.most:
            if allowed.most > ANYBODY and length <= LEFT:
                with self.slow.watched(environ, length):
                    _leave(environ["wsgi.input"], length)
            raise TooMuch(most=_size(allowed.most))
        if is_form_with_files and not allowed.files:
            raise NoFilesHere()
        with self.slow.watched(environ, length):
            body = environ["wsgi.input"].read(length) if length else b""
        if len(body) < length:
            raise CutOff()
        door.look_into(environ, body)
        environ["wsgi.input"] = io.BytesIO(body)


def _leave(body: Any, length: int) -> None:
    """A browser reads the answer only when it has sent all."""
    while length > 0 and (piece := body.read(min(length, ANYBODY))):
        length -= len(piece)


# --- time ------------------------------------------------------------------------------------------------------


class _Coming(NamedTuple):
    """A body on its way."""

    since: float
    until: float
    address: str
    line: Line | None


class Slow:
    """The bodies that are on their way. One thread hangs up on those that take too long."""

    def __init__(self) -> None:
        self._coming: dict[int, _Coming] = {}  # by the thread that waits
        self._some = threading.Event()
        self._start = threading.Lock()
        self._thread: threading.Thread | None = None

    @contextmanager
    def watched(self, environ: WSGIEnvironment, length: int) -> Iterator[None]:
        """While a body of so many bytes is read. Raises `TooManySlow`."""
        now, address, me = time.monotonic(), environ.get("REMOTE_ADDR", ""), threading.get_ident()
        if len(self._coming) >= SLOW_EACH:
            coming = list(self._coming.values())
            if sum(one.address == address and one.since < now - SLOW for one in coming) >= SLOW_EACH:
                raise TooManySlow()
        self._coming[me] = _Coming(now, now + PATIENCE + length / SLOWEST, address, environ.get(LINE))
        if not self._some.is_set():
            self._watch()
        try:
            yield
        finally:
            del self._coming[me]

    def hang_up(self, now: float) -> int:
        """Hang up on whoever took too long until `now`; returns on how many. Their threads are free at once."""
        late = [one for one in list(self._coming.values()) if one.until < now and one.line is not None]
        for one in late:
            assert one.line is not None
            one.line.response_iter(408, [("Content-Length", "1"), ("Connection", "close")], _Broken())
        return len(late)

    def _watch(self) -> None:
        self._some.set()
        with self._start:  # in the process that serves: a thread does not survive a fork
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, daemon=True, name="slow bodies")
                self._thread.start()

    def _run(self) -> None:
        while True:
            self._some.wait()
            time.sleep(1)
            self._some.clear()  # before looking: what comes in between wakes the thread once more
            self.hang_up(time.monotonic())
            if self._coming:
                self._some.set()


class _Broken:
    """An answer that announces a byte and has none: all the server can do about it is to close the connection."""

    def __next__(self) -> bytes:
        raise StopIteration

    def close(self) -> None:
        """Nothing to close."""


# --- answers ---------------------------------------------------------------------------------------------------


def _whole(answer: Iterable[bytes]) -> Iterable[bytes]:
    """In one piece, if it is no longer than `WHOLE`: what remains to be sent then needs no thread."""
    close: Callable[[], None] = getattr(answer, "close", lambda: None)
    pieces, size, rest = [], 0, iter(answer)
    try:
        for piece in rest:
            pieces.append(piece)
            size += len(piece)
            if size > WHOLE:
                return _Streamed(pieces, rest, close)
    except BaseException:
        close()
        raise
    close()
    return pieces


class _Streamed:
    """What was put together already, and what is still to come."""

    def __init__(self, pieces: list[bytes], rest: Iterator[bytes], close: Callable[[], None]) -> None:
        self._pieces, self._rest, self.close = pieces, rest, close

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces
        yield from self._rest


def _size(count: int) -> str:
    return f"{count // 1024 // 1024} MB" if count >= 1024 * 1024 else f"{count // 1024} kB"
