"""A calendar that others subscribe to or open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils import timezone
from icalendar import Calendar, Event

from weiyifang.core import clock
from weiyifang.core.text import writable

PRODUCT = "-//Weiyifang//Weiyifang//ZH"


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
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-timezone", timezone.get_default_timezone_name())
    if name:
        calendar.add("x-wr-calname", writable(name))
    for event in events:
        calendar.add_component(_component(event))
    return bytes(calendar.to_ical())


def _component(event: CalendarEvent) -> Event:
    component = Event()
    component.add("uid", writable(event.uid))
    component.add("dtstamp", (event.changed_at or clock.now()).astimezone(UTC))
    component.add("dtstart", event.starts_at.astimezone(UTC))
    component.add("dtend", event.ends_at.astimezone(UTC))
    component.add("summary", writable(event.title))
    component.add("sequence", event.sequence)
    component.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    for name, text in (("location", event.place), ("description", event.description), ("url", event.url)):
        if text:
            component.add(name, writable(text))
    return component
