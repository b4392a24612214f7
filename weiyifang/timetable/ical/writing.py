"""A calendar that others subscribe to or open.

The lines are put together here: a phone asks for a thousand dates in one go, again and again, and the library, which
makes an object of every value, takes ten times as long. What goes out is read back with it (`tests/test_ical.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils import timezone

from weiyifang.core import clock
from weiyifang.core.text import writable

PRODUCT = "-//Weiyifang//Weiyifang//ZH"
MOST = 75  # bytes of a line, its end not counted (RFC 5545, 3.1)
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\r": "", "\n": "\\n"})
_IN_ONE_LINE = str.maketrans(dict.fromkeys("\r\n", ""))


@dataclass(frozen=True, kw_only=True)
class CalendarEvent:
    """One event; times are aware. `uid` is the same as long as it is the same event, whatever changes about it."""

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    description: str = ""
    url: str = ""
    changed_at: datetime | None = None
    sequence: int = 0
    cancelled: bool = False


def feed(events: Iterable[CalendarEvent], *, name: str = "") -> bytes:
    """A calendar to subscribe to. Moments are in UTC; the same events give the same bytes if `changed_at` is given."""
    return b"".join(_folded(line) for line in _lines(events, name))


def _lines(events: Iterable[CalendarEvent], name: str) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH")
    yield f"X-WR-TIMEZONE:{timezone.get_default_timezone_name()}"
    if name:
        yield f"X-WR-CALNAME:{_text(name)}"
    now = clock.now()
    for event in events:
        yield from ("BEGIN:VEVENT", f"UID:{_text(event.uid)}", f"DTSTAMP:{_moment(event.changed_at or now)}")
        yield f"DTSTART:{_moment(event.starts_at)}"
        yield f"DTEND:{_moment(event.ends_at)}"
        yield f"SUMMARY:{_text(event.title)}"
        yield f"SEQUENCE:{event.sequence}"
        yield f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}"
        if event.place:
            yield f"LOCATION:{_text(event.place)}"
        if event.description:
            yield f"DESCRIPTION:{_text(event.description)}"
        if event.url:
            yield f"URL:{writable(event.url).translate(_IN_ONE_LINE)}"
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def _text(said: str) -> str:
    return writable(said).translate(_ESCAPED)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> bytes:
    """Its bytes, with its end; too long, it goes on in lines that begin with a space, and no letter is cut in two."""
    rest = line.encode()
    if len(rest) <= MOST:
        return rest + b"\r\n"
    pieces, room = list[bytes](), MOST
    while len(rest) > room:
        end = room
        while rest[end] & 0xC0 == 0x80:  # in the middle of a letter
            end -= 1
        pieces.append(rest[:end])
        rest, room = rest[end:], MOST - 1
    return b"\r\n ".join([*pieces, rest]) + b"\r\n"
