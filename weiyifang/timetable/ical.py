"""iCalendar (RFC 5545) out and in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from icalendar import Calendar, Event, vText

from weiyifang.core import clock
from weiyifang.core.refusals import Refused
from weiyifang.timetable.recurrence import BadRule, expand

PRODUCT = "-//Weiyifang//Weiyifang//ZH"
MOST_BYTES = 1_000_000
MOST_EVENTS = 2_000
MOST_OCCURRENCES = 5_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class BadCalendar(Refused):
    """Not iCalendar, or damaged."""

    sentence = _("This is not a calendar file (.ics), or it is damaged. Export it again and try once more.")
    status = 422


class CalendarTooLarge(BadCalendar):
    """More than the program reads at once."""

    sentence = _("This calendar is too large. Export a shorter time and try once more.")


class BadEvent(BadCalendar):
    """One event that cannot be understood."""

    sentence = _("The event “%(title)s” cannot be read: its time or its repetition is wrong. Correct it and try again.")


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
        calendar.add("x-wr-calname", _clean(name))
    for event in events:
        calendar.add_component(_component(event))
    return bytes(calendar.to_ical())


def _component(event: CalendarEvent) -> Event:
    component = Event()
    component.add("uid", _clean(event.uid))
    component.add("dtstamp", (event.changed_at or clock.now()).astimezone(UTC))
    component.add("dtstart", event.starts_at.astimezone(UTC))
    component.add("dtend", event.ends_at.astimezone(UTC))
    component.add("summary", _clean(event.title))
    component.add("sequence", event.sequence)
    component.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    for name, text in (("location", event.place), ("description", event.description), ("url", event.url)):
        if text:
            component.add(name, _clean(text))
    return component


def _clean(text: str) -> str:
    """Characters that no calendar may hold are left out; line ends become one kind."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def parse(
    data: bytes,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    most_bytes: int = MOST_BYTES,
    most_events: int = MOST_EVENTS,
    most_occurrences: int = MOST_OCCURRENCES,
) -> list[CalendarEvent]:
    """The events of a calendar in order of time; repeated ones one by one, from `since` to `until` (a year from now).

    Whole days run from midnight to midnight, times without a zone are local. Each date of a repeated event has a uid
    of its own, made of the event's and the date's. Raises `BadCalendar`, `CalendarTooLarge`, `BadEvent`.
    """
    if len(data) > most_bytes:
        raise CalendarTooLarge()
    since = since or clock.now() - timedelta(days=31)
    until = until or clock.now() + timedelta(days=366)
    components = _components(data)
    if len(components) > most_events:
        raise CalendarTooLarge()
    found: dict[str, CalendarEvent] = {}
    # an event with RECURRENCE-ID stands for one date of another: it comes after, and takes its place
    for component in sorted(components, key=lambda one: "RECURRENCE-ID" in one):
        try:
            for event in _occurrences(component, since, until):
                found[event.uid] = event
                if len(found) > most_occurrences:
                    raise CalendarTooLarge()
        except (BadRule, ValueError, TypeError, AttributeError, KeyError, OverflowError) as error:
            raise BadEvent(title=_text(component, "SUMMARY")[:60]) from error
    return sorted(found.values(), key=lambda event: (event.starts_at, event.uid))


def _components(data: bytes) -> list[Any]:
    try:
        calendars = Calendar.from_ical(_whole(data.decode("utf-8-sig")), multiple=True)
        return [event for calendar in calendars for event in _calendar(calendar).walk("VEVENT")]
    except Exception as error:
        raise BadCalendar() from error


def _whole(text: str) -> str:
    if not text.rstrip().upper().endswith("END:VCALENDAR"):  # the library says nothing when a file was cut off
        raise ValueError("no calendar, or not all of it")
    return text


def _calendar(found: Any) -> Calendar:
    if not isinstance(found, Calendar):
        raise TypeError("not a VCALENDAR")
    return found


def _occurrences(component: Any, since: datetime, until: datetime) -> Iterator[CalendarEvent]:
    start, zone = _wall(component["DTSTART"].dt)
    length = _length(component, start, zone)
    uid = _text(component, "UID")
    base = CalendarEvent(
        uid=uid,
        title=_text(component, "SUMMARY"),
        starts_at=_moment(start, zone),
        ends_at=_moment(start, zone) + length,
        place=_text(component, "LOCATION"),
        description=_text(component, "DESCRIPTION"),
        url=_text(component, "URL"),
        sequence=int(component.get("SEQUENCE", 0)),
        cancelled=_text(component, "STATUS").upper() == "CANCELLED",
    )
    if "RECURRENCE-ID" in component:
        instead_of, of_zone = _wall(component["RECURRENCE-ID"].dt)
        yield replace(base, uid=_uid_of_date(uid, _moment(instead_of, of_zone)))
    elif "RRULE" in component or "RDATE" in component:
        for wall in _walls(component, start, zone, until):
            moment = _moment(wall, zone)
            if since <= moment + length and moment <= until:
                yield replace(base, uid=_uid_of_date(uid, moment), starts_at=moment, ends_at=moment + length)
    else:
        yield base


def _walls(component: Any, start: datetime, zone: tzinfo, until: datetime) -> list[datetime]:
    """The dates of a repeated event, on its own wall clock."""
    walls = {start}
    last = until.astimezone(zone).replace(tzinfo=None)
    for rule in _listed(component, "RRULE"):
        if text := rule.to_ical().decode():  # some programs write an empty rule for "not repeated"
            walls |= set(expand(text, start, last, zone))
    walls |= set(_dates(component, "RDATE", zone))
    return sorted(walls - set(_dates(component, "EXDATE", zone)))


def _dates(component: Any, name: str, zone: tzinfo) -> Iterator[datetime]:
    for several in _listed(component, name):
        for one in several.dts:
            value = one.dt[0] if isinstance(one.dt, tuple) else one.dt  # a PERIOD: its start
            wall, its_zone = _wall(value)
            yield _moment(wall, its_zone).astimezone(zone).replace(tzinfo=None)


def _listed(component: Any, name: str) -> list[Any]:
    value = component.get(name, [])
    return value if isinstance(value, list) else [value]


def _length(component: Any, start: datetime, zone: tzinfo) -> timedelta:
    if "DTEND" in component:
        end, end_zone = _wall(component["DTEND"].dt)
        length = _moment(end, end_zone) - _moment(start, zone)
    elif "DURATION" in component:
        length = component["DURATION"].dt
    else:
        is_day = not isinstance(component["DTSTART"].dt, datetime)
        length = timedelta(days=1) if is_day else timedelta()
    if length < timedelta():
        raise ValueError("ends before it begins")
    return length


def _wall(value: date | datetime) -> tuple[datetime, tzinfo]:
    """A value as a naive time on the wall clock of its zone; without a zone, ours."""
    here = timezone.get_default_timezone()
    if not isinstance(value, datetime):
        return datetime.combine(value, time.min), here
    return value.replace(tzinfo=None), value.tzinfo or here


def _moment(wall: datetime, zone: tzinfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _uid_of_date(uid: str, moment: datetime) -> str:
    return f"{uid}/{moment:%Y%m%dT%H%M%SZ}"


def _text(component: Any, name: str) -> str:
    value = component.get(name, "")
    value = value[0] if isinstance(value, list) else value
    return _clean(str(vText(value))).strip()
