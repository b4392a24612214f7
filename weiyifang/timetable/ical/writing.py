"""A calendar that others subscribe to or open.

The lines are put together here: a phone asks for a thousand dates in one go, again and again, and the library, which
makes an object of every value, takes ten times as long. What goes out is read back with it (`tests/test_ical.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils import timezone

from weiyifang.core import clock
from weiyifang.core.text import writable

PRODUCT = "-//Weiyifang//Weiyifang//ZH"
MOST = 75  # bytes of a line, its end not counted (RFC 5545, 3.1)
LONGEST_LETTER = 4  # bytes in UTF-8
STAMP = "\0"  # which no text holds (`text.writable`)
_SPECIAL = re.compile(r"[\\;,\r\n]")
_PLAIN = str.maketrans(dict.fromkeys("-:"))
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
    return stamped(unstamped(events, name=name))


def unstamped(events: Iterable[CalendarEvent], *, name: str = "") -> bytes:
    """As `feed`, with `STAMP` where an event does not say when it was changed: the same whenever it is asked for."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines.append(f"X-WR-TIMEZONE:{timezone.get_default_timezone_name()}")
    if name:
        lines.append(_folded(f"X-WR-CALNAME:{_text(name)}"))
    for event in events:
        lines += (
            "BEGIN:VEVENT",
            _folded(f"UID:{_text(event.uid)}"),
            f"DTSTAMP:{_moment(event.changed_at) if event.changed_at else STAMP}",
            f"DTSTART:{_moment(event.starts_at)}",
            f"DTEND:{_moment(event.ends_at)}",
            _folded(f"SUMMARY:{_text(event.title)}"),
            f"SEQUENCE:{event.sequence}",
            f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}",
        )
        if event.place:
            lines.append(_folded(f"LOCATION:{_text(event.place)}"))
        if event.description:
            lines.append(_folded(f"DESCRIPTION:{_text(event.description)}"))
        if event.url:
            lines.append(_folded(f"URL:{writable(event.url).translate(_IN_ONE_LINE)}"))
        lines.append("END:VEVENT")
    lines += ("END:VCALENDAR", "")
    return "\r\n".join(lines).encode()


def stamped(data: bytes) -> bytes:
    """With the moment at hand where `unstamped` left it open."""
    return data.replace(STAMP.encode(), _moment(clock.now()).encode())


def _text(said: str) -> str:
    clean = writable(said)
    return clean.translate(_ESCAPED) if _SPECIAL.search(clean) else clean


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC).isoformat()[:19].translate(_PLAIN)}Z"


def _folded(line: str) -> str:
    """Too long, it goes on in lines that begin with a space, and no letter is cut in two."""
    if len(line) <= MOST and (line.isascii() or len(line) * LONGEST_LETTER <= MOST):
        return line
    rest = line.encode()
    if len(rest) <= MOST:
        return line
    pieces, room = list[str](), MOST
    while len(rest) > room:
        end = room
        while rest[end] & 0xC0 == 0x80:  # in the middle of a letter
            end -= 1
        pieces.append(rest[:end].decode())
        rest, room = rest[end:], MOST - 1
    return "\r\n ".join([*pieces, rest.decode()])
