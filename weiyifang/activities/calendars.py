"""From a calendar file to dates of one activity: what each of its events would be here, before anything is done.

An event is known again by its UID, in whichever file it comes: as a date that was brought before, or as one of ours
that somebody took along (`/calendar.ics`). A higher SEQUENCE moves the date; CANCELLED calls it off.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weiyifang.activities.models import Activity, Attendance, Session, SessionState
from weiyifang.activities.services import Date
from weiyifang.activities.services.bookings import booked_for
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.columns import most
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.text import line
from weiyifang.core.web.dates_typed import LAST_YEAR
from weiyifang.timetable import ical
from weiyifang.timetable.queries import clashes_of_each
from weiyifang.timetable.rooms import normal
from weiyifang.timetable.services import Taken
from weiyifang.timetable.subjects import Subject

OURS = "@weiyifang"  # the end of a UID that `views.calendar` gave
MOST = 300  # events looked at in one go; the rest is there when the file is brought again
MOST_NAMED = 100  # of what is wrong or over
LONGEST_PAST_MIDNIGHT = timedelta(hours=12)  # what ends longer after midnight was rather mistyped
WAITS = timedelta(days=1)  # how long a preview may lie open
_MOST_SEQUENCE = 2**31 - 1


class PreviewGone(Refused):
    """What was brought is not this activity's, not this person's, or a day old."""

    sentence = gettext_lazy("What this page knew of your calendar is too old. Choose the file once more.")
    status = 422


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One event, as far as a date needs it. `place`: None where the file says nothing, "" for the activity's own."""

    key: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str | None = None
    is_off: bool = False

    def as_date(self, session: Session | None = None) -> Date:
        """The date it would be; of one that stands, its place stays where the file says none."""
        place = self.place if self.place is not None else (session.place if session else "")
        return Date(
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            place=place,
            calendar_key=self.key,
            calendar_sequence=self.sequence,
        )


@dataclass(frozen=True, kw_only=True)
class Bad:
    """An event that cannot be read: where it begins in the file, what it is called, and why."""

    line: int
    title: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What a file holds: events still to come, how many are over, what cannot be read, and how many were left out."""

    entries: Sequence[Entry]
    bad: Sequence[Bad] = ()
    over: int = 0
    more: int = 0


@dataclass(frozen=True, kw_only=True)
class Change:
    """A date of ours that the calendar moves or calls off."""

    entry: Entry
    session: Session

    @property
    def key(self) -> str:
        return self.entry.key

    @property
    def place(self) -> str:
        """Where it would be."""
        return self.entry.as_date(self.session).place or self.session.activity.place


@dataclass(frozen=True, kw_only=True)
class Left:
    """An event that becomes nothing, and why."""

    entry: Entry
    why: str


@dataclass(kw_only=True)
class Sorted:
    """What each event would be. None is left out without a word."""

    new: list[Entry] = field(default_factory=list)
    moved: list[Change] = field(default_factory=list)
    off: list[Change] = field(default_factory=list)
    known: list[Left] = field(default_factory=list)
    beside: list[Left] = field(default_factory=list)


def key(uid: str) -> str:
    """By what an event is known again, whatever its program writes into a UID: names and mail addresses among it."""
    if uid.endswith(OURS):
        try:
            return UUID(uid.removesuffix(OURS)).hex
        except ValueError:
            pass
    return hashlib.blake2b(uid.encode(), digest_size=16).hexdigest()


def read(activity: Activity, content: bytes) -> Brought:
    """The events of a file, for dates of this activity. Raises `ical.BadCalendar`."""
    found = ical.parse(content)
    coming = [event for event in found.events if event.ends_at > clock.now()]
    bad = [Bad(line=one.line, title=line(one.title or one.uid), reason=one.reason) for one in found.bad[:MOST_NAMED]]
    return Brought(
        entries=[_entry(activity, event) for event in coming[:MOST]],
        bad=bad,
        over=len(found.events) - len(coming),
        more=max(len(coming) - MOST, 0) + max(len(found.bad) - MOST_NAMED, 0),
    )


def _entry(activity: Activity, event: ical.CalendarEvent) -> Entry:
    place = line(event.place)
    return Entry(
        key=key(event.uid),
        sequence=min(event.sequence, _MOST_SEQUENCE),
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        title=line(event.title)[:80],
        place=(None if not place else "" if normal(place) == normal(activity.place) else place[:200]),
        is_off=event.cancelled,
    )


# --- between the preview and the yes ---------------------------------------------------------------------------


def seal(brought: Brought, activity: Activity, by: Actor) -> str:
    """What was read, to travel with the page: nothing is kept here until somebody says yes."""
    told = {
        "of": _of(activity, by),
        "entries": [
            [one.key, one.sequence, _seconds(one.starts_at), _seconds(one.ends_at), one.title, one.place, one.is_off]
            for one in brought.entries
        ],
        "bad": [[one.line, one.title, one.reason] for one in brought.bad],
        "over": brought.over,
        "more": brought.more,
    }
    return _signer().sign_object(told, compress=True)


def unseal(sealed: str, activity: Activity, by: Actor) -> Brought:
    """The same again. Raises `PreviewGone`."""
    try:
        told: Any = _signer().unsign_object(sealed, max_age=WAITS)
    except (signing.BadSignature, ValueError) as error:
        raise PreviewGone() from error
    if told["of"] != _of(activity, by):
        raise PreviewGone()
    return Brought(
        entries=[
            Entry(
                key=one,
                sequence=sequence,
                starts_at=datetime.fromtimestamp(start, UTC),
                ends_at=datetime.fromtimestamp(end, UTC),
                title=title,
                place=place,
                is_off=is_off,
            )
            for one, sequence, start, end, title, place, is_off in told["entries"]
        ],
        bad=[Bad(line=number, title=title, reason=reason) for number, title, reason in told["bad"]],
        over=told["over"],
        more=told["more"],
    )


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="weiyifang.calendar")


def _of(activity: Activity, by: Actor) -> str:
    return f"{source_of(activity)} {by.account_id}"


def _seconds(moment: datetime) -> float:
    return moment.timestamp()


# --- sorting ---------------------------------------------------------------------------------------------------


def sort(activity: Activity, brought: Brought) -> Sorted:
    """What each event would be for the dates of this activity as they are now. Writes nothing."""
    return _Sorter(activity, brought.entries).sort()


class _Sorter:
    def __init__(self, activity: Activity, entries: Sequence[Entry]) -> None:
        self.activity, self.entries, self.found = activity, entries, Sorted()
        dates = list(Session.objects.filter(activity=activity))
        for one in dates:
            one.activity = activity
        self.by_key = {one.pk.hex: one for one in dates} | {one.calendar_key: one for one in dates if one.calendar_key}
        self.starts = {one.starts_at: one for one in dates if one.state != SessionState.CANCELLED}
        met = [self.by_key[one.key] for one in entries if one.key in self.by_key]
        self.came = Attendance.objects.filter(session__in=met).by_session() if met else {}
        self.clashes = self._clashes()
        self.taken: list[tuple[list[Subject], Entry]] = []  # by those found good so far

    def _clashes(self) -> Mapping[str, list[Any]]:
        """By key, what others have taken then."""
        asked = [one for one in self.entries if not one.is_off and not self._unfit(one)]
        wanted = [(self._booked(one), one.starts_at, one.ends_at) for one in asked]
        own = {one.key: source_of(self.by_key[one.key]) for one in asked if one.key in self.by_key}
        return {
            one.key: [clash for clash in found if clash.source != own.get(one.key)]
            for one, found in zip(asked, clashes_of_each(wanted), strict=True)
        }

    def _booked(self, entry: Entry) -> list[Subject]:
        date = entry.as_date(self.by_key.get(entry.key))
        return booked_for(Session(activity=self.activity, place=date.place))

    def sort(self) -> Sorted:
        for entry in self.entries:
            session = self.by_key.get(entry.key)
            if session is None:
                self._new(entry)
            elif session.state != SessionState.PLANNED:
                self._settled(entry, session)
            elif entry.is_off:
                self._called_off(entry, session)
            else:
                self._again(entry, session)
        return self.found

    def _new(self, entry: Entry) -> None:
        if entry.is_off:
            self._beside(entry, _("It is called off there, and no date here came from it."))
        elif entry.starts_at in self.starts:
            self._known(entry, _("A date stands here at this time."))
        elif why := self._why_not(entry):
            self._beside(entry, why)
        else:
            self.found.new.append(entry)

    def _settled(self, entry: Entry, session: Session) -> None:
        if session.state == SessionState.CANCELLED and not entry.is_off and entry.sequence > _sequence(entry, session):
            self._beside(entry, _("It was called off here. Add it by hand if it is to take place after all."))
        elif session.state == SessionState.CANCELLED:
            self._known(entry, _("It was called off here."))
        else:
            self._known(entry, _("It took place."))

    def _called_off(self, entry: Entry, session: Session) -> None:
        if entry.sequence < _sequence(entry, session):
            self._beside(entry, _("There is a newer version of it here."))
        elif why := self._stuck(session):
            self._beside(entry, why)
        else:
            self.found.off.append(Change(entry=entry, session=session))

    def _again(self, entry: Entry, session: Session) -> None:
        date = entry.as_date(session)
        if (date.starts_at, date.ends_at, date.place) == (session.starts_at, session.ends_at, session.place):
            self._known(entry, _("It is here already."))
        elif entry.sequence <= _sequence(entry, session):
            words = _("It stands here at another time or place, and this is no newer version. Move it by hand.")
            self._beside(entry, words)
        elif self.starts.get(entry.starts_at, session) != session:
            self._beside(entry, _("A date stands here at this time."))
        elif why := self._stuck(session) or self._why_not(entry):
            self._beside(entry, why)
        else:
            self.found.moved.append(Change(entry=entry, session=session))

    def _stuck(self, session: Session) -> str:
        """Why a date can neither be moved nor called off."""
        if session.has_begun:
            return _("It has begun here.")
        return _("People are checked in already.") if self.came.get(session.pk) else ""

    def _why_not(self, entry: Entry) -> str:
        """Why there can be no date then and there; else it is counted among those that may be."""
        if why := self._unfit(entry):
            return why
        if clashes := self.clashes[entry.key]:
            return str(Taken(clashes=clashes[:2]))
        booked = self._booked(entry)
        for subjects, other in self.taken:
            if other.starts_at == entry.starts_at or (_overlap(other, entry) and _meet(subjects, booked)):
                return _("It is at the same time as “%(title)s” in this file.") % {"title": other.title}
        self.taken.append((booked, entry))
        return ""

    @staticmethod
    def _unfit(entry: Entry) -> str:
        """What of the event itself is against a date."""
        begins, ends = timezone.localtime(entry.starts_at), timezone.localtime(entry.ends_at)
        is_long = ends.date() != begins.date() and ends - begins > LONGEST_PAST_MIDNIGHT
        faults = (
            (entry.starts_at <= clock.now(), _("It has begun or is over.")),
            (begins >= ends, _("It does not say when it ends. Add it by hand.")),
            (begins.time() == ends.time() == time.min, _("It takes whole days and names no hours. Add it by hand.")),
            (is_long, _("It takes longer than a day.")),
            (begins.year > LAST_YEAR, _("It is too far ahead.")),
            (
                len(entry.place or "") > most(Session, "place"),
                _("Its place is too long: %(place)s") % {"place": entry.place},
            ),
        )
        return next((words for is_so, words in faults if is_so), "")

    def _known(self, entry: Entry, why: str) -> None:
        self.found.known.append(Left(entry=entry, why=why))

    def _beside(self, entry: Entry, why: str) -> None:
        self.found.beside.append(Left(entry=entry, why=why))


def _sequence(entry: Entry, session: Session) -> int:
    """The SEQUENCE that a date stands for: the event's when it was last followed, or of one of ours its own."""
    return session.calendar_sequence if session.calendar_key == entry.key else session.sequence


def _overlap(one: Entry, other: Entry) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _meet(some: Iterable[Subject], others: Iterable[Subject]) -> bool:
    return any(one.id == other.id and not (one.shared and other.shared) for one in some for other in others)
