"""The calendar somebody brings: the events that can be read, and each that cannot, by name.

Several components of one UID are one event: the one with the highest SEQUENCE (then the youngest) is what holds, and
those with a RECURRENCE-ID stand for one of its dates, or with RANGE=THISANDFUTURE for all from there on.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from icalendar import Event, vText

from weiyifang.core import clock
from weiyifang.core.refusals import Refused
from weiyifang.core.text import writable
from weiyifang.timetable.ical.lines import Block, blocks
from weiyifang.timetable.ical.writing import CalendarEvent
from weiyifang.timetable.ical.zones import UnknownZoneError, Zones
from weiyifang.timetable.recurrence import BadRule, expand, steps_until

MOST_BYTES = 1_000_000
MOST_EVENTS = 2_000
MOST_OCCURRENCES = 5_000
MOST_STEPS = 1_000_000  # of all repetitions of a file, days or weeks or whatever a rule counts in: some seconds
_TIMES = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")


class BadCalendar(Refused):
    """Not iCalendar, or cut off."""

    sentence = _("This is not a calendar file (.ics), or it is damaged. Export it again and try once more.")
    status = 422


class CalendarTooLarge(BadCalendar):
    """More than the program reads at once."""

    sentence = _("This calendar is too large. Export a shorter time and try once more.")


@dataclass(frozen=True)
class BadEvent:
    """An event that was left out: where it begins in the file, and why."""

    line: int
    uid: str
    title: str
    reason: str


@dataclass(frozen=True)
class Reading:
    """What a calendar holds. `events` in order of time, repeated ones date by date."""

    events: Sequence[CalendarEvent]
    bad: Sequence[BadEvent]


class _Bad(Exception):
    """Why one event is left out."""

    def __init__(self, reason: str | Promise) -> None:
        self.reason = str(reason)
        super().__init__(self.reason)


@dataclass(frozen=True)
class _Moment:
    """A time on a wall clock; `is_day`: a whole day was written."""

    wall: datetime
    zone: tzinfo
    is_day: bool

    @property
    def at(self) -> datetime:
        return self.wall.replace(tzinfo=self.zone).astimezone(UTC)

    def on_clock_of(self, zone: tzinfo) -> datetime:
        return self.wall if self.is_day else self.at.astimezone(zone).replace(tzinfo=None)

    def means(self, wall: datetime, zone: tzinfo, *, is_day: bool) -> bool:
        """Whether it names that date of a series: a day names every time of the day."""
        mine = self.on_clock_of(zone)
        return mine.date() == wall.date() if self.is_day or is_day else mine == wall


@dataclass(frozen=True, kw_only=True)
class _Written:
    """One component."""

    line: int
    component: Any
    zones: Zones
    start: _Moment
    length: timedelta
    event: CalendarEvent
    instead_of: _Moment | None
    and_future: bool
    rank: tuple[Any, ...]

    @property
    def is_repeated(self) -> bool:
        return "RRULE" in self.component or "RDATE" in self.component


def parse(
    data: bytes,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    most_bytes: int = MOST_BYTES,
    most_events: int = MOST_EVENTS,
    most_occurrences: int = MOST_OCCURRENCES,
) -> Reading:
    """The events of a calendar; repeated ones one by one, from `since` to `until` (a month ago to a year from now).

    Whole days run from midnight to midnight, times without a zone are local. Each date of a repeated event has a uid
    of its own, made of the event's and the date's; an event without UID gets one made of what it says. Raises
    `BadCalendar` for what is no calendar at all and `CalendarTooLarge`; what is wrong with one event spoils no other.
    """
    if len(data) > most_bytes:
        raise CalendarTooLarge()
    since = since or clock.now() - timedelta(days=31)
    until = until or clock.now() + timedelta(days=366)
    try:
        found = blocks(data, ("VEVENT", "VTIMEZONE"))
    except ValueError as error:
        raise BadCalendar() from error
    zones = Zones([block for block in found if block.name == "VTIMEZONE"])
    events = [block for block in found if block.name == "VEVENT"]
    if len(events) > most_events:
        raise CalendarTooLarge()
    reader = _Reader(zones, since, until, most_occurrences)
    reader.read(events)
    return Reading(
        sorted(reader.good.values(), key=lambda event: (event.starts_at, event.uid)),
        sorted(reader.bad, key=lambda event: event.line),
    )


class _Reader:
    def __init__(self, zones: Zones, since: datetime, until: datetime, most: int) -> None:
        self.zones, self.since, self.until, self.most = zones, since, until, most
        self.steps = MOST_STEPS
        self.good: dict[str, CalendarEvent] = {}
        self.bad: list[BadEvent] = []

    def read(self, events: Iterable[Block]) -> None:
        by_uid: dict[str, list[_Written]] = defaultdict(list)
        for block in events:
            try:
                written = _written(_component(block), block.line, self.zones)
                by_uid[written.event.uid].append(written)
            except Exception as error:  # whatever the library stumbles over is this event's fault alone
                self._leave_out(block.line, block.told("UID"), block.told("SUMMARY"), error)
        for several in by_uid.values():
            for written in self._series(several):
                try:
                    for event in self._dates(written, several):
                        self.good[event.uid] = event
                except (BadRule, ValueError, TypeError, AttributeError, KeyError, OverflowError, _Bad) as error:
                    self._leave_out(written.line, written.event.uid, written.event.title, error)
                if len(self.good) > self.most:
                    raise CalendarTooLarge()

    def _leave_out(self, line: int, uid: str, title: str, error: Exception) -> None:
        match error:
            case _Bad():
                reason = error.reason
            case UnknownZoneError():
                reason = str(_("the time zone “%(zone)s” is not known") % {"zone": str(error)[:60]})
            case BadRule():
                reason = str(error)
            case _:
                reason = str(_("its time or its repetition cannot be read"))
        self.bad.append(BadEvent(line, writable(uid)[:200], writable(title)[:60], reason))

    def _series(self, several: list[_Written]) -> list[_Written]:
        """What holds of the components of one UID: the event and what stands for single dates of it, that last."""
        holding: dict[tuple[object, ...], _Written] = {}
        for one in sorted(several, key=lambda one: one.rank):
            key = (one.instead_of.at if one.instead_of else None,)
            other = holding.get(key)
            if other and other.rank == one.rank and _said(other) != _said(one):
                why = _Bad(_("another event has the same UID and says otherwise"))
                self._leave_out(one.line, one.event.uid, one.event.title, why)
            else:
                holding[key] = one
        several[:] = holding.values()
        return sorted(holding.values(), key=lambda one: one.instead_of is not None)

    def _dates(self, one: _Written, series: Sequence[_Written]) -> Iterator[CalendarEvent]:
        """The dates of an event, those that another component stands for left out; or the one date it stands for."""
        main = next((other for other in series if other.instead_of is None), None)
        if one.instead_of is not None:
            yield replace(one.event, uid=_uid_of_date(one.event.uid, _planned(one.instead_of, main)))
        elif not one.is_repeated:
            if not any(_stands_for(other, one.start.wall, one) for other in series):
                yield one.event
        else:
            yield from self._repeated(one, series)

    def _repeated(self, one: _Written, series: Sequence[_Written]) -> Iterator[CalendarEvent]:
        changes = sorted((other for other in series if other.and_future), key=lambda other: _from(other).at)
        for wall in self._walls(one):
            moment = _Moment(wall, one.start.zone, one.start.is_day)
            if any(_stands_for(other, wall, one) for other in series):
                continue
            event = replace(one.event, starts_at=moment.at, ends_at=moment.at + one.length)
            for change in changes:
                if _from(change).at <= moment.at:  # the wall clock's difference: nine o'clock stays nine
                    moved = wall + (
                        change.start.on_clock_of(one.start.zone) - _from(change).on_clock_of(one.start.zone)
                    )
                    at = replace(moment, wall=moved).at
                    event = replace(change.event, starts_at=at, ends_at=at + change.length)
            if self.since <= event.ends_at and event.starts_at <= self.until:
                yield replace(event, uid=_uid_of_date(one.event.uid, moment.at))

    def _walls(self, one: _Written) -> list[datetime]:
        """The dates of a repeated event, on its own wall clock."""
        component, start, zone = one.component, one.start.wall, one.start.zone
        walls = {start}
        last = self.until.astimezone(zone).replace(tzinfo=None)
        for rule in _listed(component, "RRULE"):
            if text := rule.to_ical().decode():  # some programs write an empty rule for "not repeated"
                walls |= self._expanded(text, start, last, zone)
        walls |= {moment.on_clock_of(zone) for moment in _moments(component, "RDATE", one.zones)}
        without = list(_moments(component, "EXDATE", one.zones))
        days = {moment.on_clock_of(zone).date() for moment in without if moment.is_day or one.start.is_day}
        times = {moment.on_clock_of(zone) for moment in without}
        return sorted(wall for wall in walls if wall not in times and wall.date() not in days)

    def _expanded(self, text: str, start: datetime, last: datetime, zone: tzinfo) -> set[datetime]:
        """The dates of a rule, as long as there are steps left for this file."""
        if self.steps <= 0:
            raise _Bad(_("the repetitions of this calendar take too long to count"))
        found: set[datetime] = set()
        try:
            for wall in expand(text, start, last, zone):
                found.add(wall)
        except BadRule:
            self.steps -= MOST_STEPS // 10  # it may have counted for centuries and found nothing
            raise
        self.steps -= steps_until(text, start, last) + len(found)
        return found


def _component(block: Block) -> Any:
    if not block.is_whole:
        raise _Bad(_("it is damaged: its end is missing"))
    if not block.is_legible:
        raise _Bad(_("its letters cannot be read"))
    return Event.from_ical("\r\n".join([*block.lines, ""]))


def _written(component: Any, line: int, zones: Zones) -> _Written:
    for name, _error in component.errors:
        if str(name).upper() in _TIMES:
            raise ValueError(name)
    if "DTSTART" not in component:
        raise _Bad(_("it does not say when it begins"))
    start = _moment(component["DTSTART"], zones)
    length = _length(component, start, zones)
    title = _text(component, "SUMMARY")
    sequence = _sequence(component)
    return _Written(
        line=line,
        component=component,
        zones=zones,
        start=start,
        length=length,
        event=CalendarEvent(
            uid=_text(component, "UID") or _made_up_uid(component),
            title=title,
            starts_at=start.at,
            ends_at=start.at + length,
            place=_text(component, "LOCATION"),
            description=_text(component, "DESCRIPTION"),
            url=_text(component, "URL"),
            sequence=sequence,
            cancelled=_text(component, "STATUS").upper() == "CANCELLED",
        ),
        instead_of=_moment(component["RECURRENCE-ID"], zones) if "RECURRENCE-ID" in component else None,
        and_future="RECURRENCE-ID" in component
        and component["RECURRENCE-ID"].params.get("RANGE", "").upper() == "THISANDFUTURE",
        rank=(sequence, max(_stamp(component, "LAST-MODIFIED"), _stamp(component, "DTSTAMP"))),
    )


def _said(one: _Written) -> tuple[object, ...]:
    rules = [rule.to_ical() for name in ("RRULE", "RDATE", "EXDATE") for rule in _listed(one.component, name)]
    return (one.event, rules)


def _from(change: _Written) -> _Moment:
    assert change.instead_of is not None
    return change.instead_of


def _stands_for(other: _Written, wall: datetime, main: _Written) -> bool:
    if other.instead_of is None:
        return False
    return other.instead_of.means(wall, main.start.zone, is_day=main.start.is_day)


def _planned(instead_of: _Moment, main: _Written | None) -> datetime:
    """The moment that a RECURRENCE-ID names: of a day, the time of day is the event's own."""
    if main is None or instead_of.is_day == main.start.is_day:
        return instead_of.at
    day = instead_of.on_clock_of(main.start.zone).date()
    return replace(main.start, wall=datetime.combine(day, main.start.wall.time())).at


def _length(component: Any, start: _Moment, zones: Zones) -> timedelta:
    if "DTEND" in component:
        length = _moment(component["DTEND"], zones).at - start.at
    elif "DURATION" in component:
        length = component["DURATION"].dt
    else:
        length = timedelta()
    if length < timedelta():
        raise _Bad(_("it ends before it begins"))
    return length or timedelta(days=int(start.is_day))  # a whole day is no moment


def _moments(component: Any, name: str, zones: Zones) -> Iterator[_Moment]:
    for several in _listed(component, name):
        for one in several.dts:
            value = one.dt[0] if isinstance(one.dt, tuple) else one.dt  # a PERIOD: its start
            yield _wall(value, several.params, zones)


def _listed(component: Any, name: str) -> list[Any]:
    value = component.get(name, [])
    return value if isinstance(value, list) else [value]


def _moment(prop: Any, zones: Zones) -> _Moment:
    return _wall(prop.dt, prop.params, zones)


def _wall(value: date | datetime, params: Any, zones: Zones) -> _Moment:
    """A value as a naive time on the wall clock of its zone; without a zone, ours."""
    here = timezone.get_default_timezone()
    if not isinstance(value, datetime):
        return _Moment(datetime.combine(value, time.min), here, is_day=True)
    zone = value.tzinfo
    if zone is None:
        zone = zones.named(str(params["TZID"])) if params.get("TZID") else here
    return _Moment(value.replace(tzinfo=None), zone, is_day=False)


def _sequence(component: Any) -> int:
    """Nobody's time depends on it: what cannot be read counts as the first version."""
    try:
        return max(int(component.get("SEQUENCE", 0)), 0)
    except (ValueError, TypeError):
        return 0


def _stamp(component: Any, name: str) -> float:
    try:
        return float(component[name].dt.timestamp())
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError):
        return 0.0


def _made_up_uid(component: Any) -> str:
    """The same for the same event, in whichever file it comes."""
    lines = [component[name].to_ical() for name in ("DTSTART", "SUMMARY", "LOCATION") if name in component]
    return hashlib.blake2b(b"\n".join(lines), digest_size=12).hexdigest()


def _uid_of_date(uid: str, moment: datetime) -> str:
    return f"{uid}/{moment:%Y%m%dT%H%M%SZ}"


def _text(component: Any, name: str) -> str:
    value = component.get(name, "")
    value = value[0] if isinstance(value, list) else value
    return writable(str(vText(value))).strip()
