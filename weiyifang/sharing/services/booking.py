"""Ask for it, say yes or no, move it, give it up; one date, or a series of them.

Whatever takes something locks the thing's row first: the pieces of a stock are counted under it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, locks, states
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce
from weiyifang.core.ids import new_id
from weiyifang.core.look import wording
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.organizations import queries as organizations
from weiyifang.people.models import Resident
from weiyifang.sharing import allowance, events, queries, rules
from weiyifang.sharing.models import BOOKING_FLOW, OPEN, Booking, BookingState, Kind, Resource
from weiyifang.sharing.services.rows import fact, free, locked
from weiyifang.timetable import services as timetable
from weiyifang.timetable.subjects import Span


class NotFree(Refused):
    """Taken then. `times`: when else it can be had; `others`: what else can be had then."""

    sentence = _("%(name)s is already taken then (%(when)s).")
    has_times = _("Free instead: %(times)s.")
    has_others = _("Free at that time: %(others)s.")
    has_none = _("Nothing like it is free near that time. Try another day.")

    def __init__(self, *, booking: Booking) -> None:
        self.name, self.when, self._booking = booking.resource.name, (booking.starts_at, booking.ends_at), booking
        super().__init__(name=self.name, when=self.when)

    @cached_property
    def times(self) -> list[Span]:
        """Looked for when somebody wants to know: of a long series few do."""
        return queries.other_times(self._booking.resource, *self.when, pieces=self._booking.pieces)

    @cached_property
    def others(self) -> list[Resource]:
        return queries.others_free(self._booking.resource, *self.when, pieces=self._booking.pieces)

    def __str__(self) -> str:
        said = [str(self.sentence) % {"name": self.name, "when": wording.span(*self.when)}]
        if self.times:
            said.append(str(self.has_times) % {"times": gettext("; ").join(wording.span(*one) for one in self.times)})
        if self.others:
            said.append(str(self.has_others) % {"others": gettext(", ").join(one.name for one in self.others)})
        return " ".join(said if len(said) > 1 else [*said, str(self.has_none)])


class TooFewPieces(NotFree):
    """Of a stock there are not so many left then."""

    sentence = _("There are not so many pieces of %(name)s left then (%(when)s).")


class Closed(Refused):
    """Outside the hours in which it can be had."""

    sentence = _("%(name)s can be had from %(opens)s to %(closes)s on %(days)s. Choose a time within, on one day.")
    status = 422


class Gone(Refused):
    """It is lent no more."""

    sentence = _("%(name)s is lent no more. Look for another one in the list.")


class TooSoon(Refused):
    """In the past, or further ahead than is booked."""

    sentence = _("Choose a time from now on, at most %(days)d days ahead.")
    status = 422


class TooLong(Refused):
    """One booking over more hours than the rule says."""

    sentence = _("One booking is at most %(longest)s long. Make two of it, or talk to the committee.")
    status = 422


class OverTheHours(Refused):
    """The organization has its hours of that week already."""

    sentence = _(
        "In the week from %(week)s this organization has rooms for %(has)s already; it may have %(most)s. "
        "Choose another week, or give something back."
    )


class HasBegun(Refused):
    """It has begun, or is over."""

    sentence = _("It has begun or is over, so it can no longer be changed.")


class WhyNeeded(Refused):
    """Said no, or taken away, without a reason."""

    sentence = _("Say why in a few words: whoever booked it reads it.")
    status = 422


class Scope(models.TextChoices):
    """Which dates of a series are meant."""

    THIS = "this", _("this date only")
    FOLLOWING = "following", _("this and the later ones")
    ALL = "all", _("every date that is still to come")


@dataclass(frozen=True, kw_only=True)
class Missed:
    """A date of a series that cannot be had, and why."""

    starts_at: datetime
    ends_at: datetime
    why: Refused


@dataclass(frozen=True, kw_only=True)
class Series:
    """What a series booked, and each date it could not have."""

    booked: list[Booking] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)


@transaction.atomic
def book(
    *,
    resource: Resource,
    starts_at: datetime,
    ends_at: datetime,
    purpose: str,
    pieces: int = 1,
    organization: str = "",
    resident: Resident | None = None,
    by: Actor,
) -> Booking:
    """Have it from … to …, at once or as soon as somebody says yes.

    Raises `NotFree` (with what is free instead), `TooFewPieces`, `Closed`, `Gone`, `TooSoon`, `TooLong` and
    `OverTheHours`. Announces `BookingsMade`.
    """
    wanted = _wanted(resource, purpose, pieces, organization=organization, resident=resident, by=by)
    booking = _take(wanted, (starts_at, ends_at), by)
    _announce_made([booking], by)
    return booking


@transaction.atomic
def book_series(
    *,
    resource: Resource,
    times: Sequence[Span],
    purpose: str,
    pieces: int = 1,
    organization: str = "",
    resident: Resident | None = None,
    skip_taken: bool = False,
    by: Actor,
) -> Series:
    """As `book`, on many dates: all of them, or with `skip_taken` those that can be had; else none, and why.

    Announces `BookingsMade` once for all.
    """
    wanted = _wanted(resource, purpose, pieces, organization=organization, resident=resident, by=by)
    wanted.series = new_id()
    made, missed = list[Booking](), list[Missed]()
    point = transaction.savepoint()
    for span in sorted(set(times)):
        try:
            made.append(_take(wanted, span, by))
        except Refused as refused:
            missed.append(Missed(starts_at=span[0], ends_at=span[1], why=refused))
    if missed and not skip_taken:
        transaction.savepoint_rollback(point)
        return Series(missed=missed)
    if made:
        _announce_made(made, by)
    return Series(booked=made, missed=missed)


@transaction.atomic
def approve(*, booking: Booking, scope: str = Scope.THIS, by: Actor) -> list[Booking]:
    """Say yes. Raises `states.ForbiddenMove` when nobody asks any more. Announces `BookingsApproved`."""
    rows = _held(booking, scope, by, {BookingState.ASKED})
    require(rules.can_keep(by, rows[0].resource))
    states.move_all(rows, BookingState.BOOKED, flow=BOOKING_FLOW)
    for row in rows:
        timetable.confirm(source=source_of(row), by=by)
    announce(fact(events.BookingsApproved, rows), by=by)
    return rows


@transaction.atomic
def refuse(*, booking: Booking, reason: str, scope: str = Scope.THIS, by: Actor) -> list[Booking]:
    """Say no, and why; the time is free again. Raises `WhyNeeded`. Announces `BookingsRefused`."""
    rows = _held(booking, scope, by, {BookingState.ASKED})
    require(rules.can_keep(by, rows[0].resource))
    free(rows, BookingState.REFUSED, _reason(reason, is_needed=True), by)
    announce(fact(events.BookingsRefused, rows, reason=reason), by=by)
    return rows


@transaction.atomic
def cancel(*, booking: Booking, reason: str = "", scope: str = Scope.THIS, by: Actor) -> list[Booking]:
    """Give it up; or, as its keeper, take it away, and say why. What has begun stays.

    Raises `HasBegun`, `WhyNeeded`. Announces `BookingsCancelled`.
    """
    rows = _held(booking, scope, by)
    require(rules.is_holder(by, rows[0]) or rules.can_keep(by, rows[0].resource))
    is_own = rules.is_own(by, rows[0])
    free(rows, BookingState.CANCELLED, _reason(reason, is_needed=not is_own), by)
    announce(fact(events.BookingsCancelled, rows, by_holder=is_own, reason=reason), by=by)
    return rows


@transaction.atomic
def move(
    *, booking: Booking, starts_at: datetime, ends_at: datetime, pieces: int, scope: str = Scope.THIS, by: Actor
) -> list[Booking]:
    """Have it at another time, or more or fewer pieces of it; the other dates by as much. All of them, or none.

    Nothing that would be as before is changed, or told to anybody: then no dates come back.

    Raises what `book` raises, and `HasBegun`. Announces `BookingsMoved`.
    """
    rows = _held(booking, scope, by)
    this = next(row for row in rows if row.pk == booking.pk)
    require(rules.is_holder(by, this) or rules.can_keep(by, this.resource))
    later, length = starts_at - this.starts_at, ends_at - starts_at
    is_moved = bool(later) or length != this.ends_at - this.starts_at
    if not is_moved and all(row.pieces == pieces for row in rows):
        return []
    if is_moved:
        for row in rows:
            timetable.release(source=source_of(row), by=by)
            row.starts_at += later
            row.ends_at = row.starts_at + length
    ids = [row.pk for row in rows]
    for number, row in enumerate(rows):
        row.pieces = pieces
        _check(row, but_not=ids[number:])
        row.save(update_fields=["starts_at", "ends_at", "pieces"])
        if is_moved:
            _occupy(row, by)
    announce(fact(events.BookingsMoved, rows), by=by)
    return rows


# --- parts ------------------------------------------------------------------------------------------------------


def _wanted(
    resource: Resource, purpose: str, pieces: int, *, organization: str, resident: Resident | None, by: Actor
) -> Booking:
    """What is asked for, without its time. The thing's row is held from now on."""
    require(rules.can_book(by, resource, organization, resident.pk if resident else None))
    organizations.check_source(organization, by=by)
    if organization:
        locks.take("sharing", organization)  # its hours of a week are counted
    resource = Resource.objects.select_for_update().get(pk=resource.pk)
    if not resource.is_lent:
        raise Gone(name=resource.name)
    said = cleaned(Booking, {"purpose": purpose, "pieces": pieces})
    return Booking(
        resource=resource,
        organization=organization,
        resident=resident,
        asked_by_id=by.account_id,
        state=BookingState.ASKED if needs_yes(resource, by) else BookingState.BOOKED,
        **said,
    )


def needs_yes(resource: Resource, by: Actor) -> bool:
    """Does somebody have to say yes first? Nobody asks themselves."""
    return resource.needs_approval and not rules.can_keep(by, resource)


def _take(wanted: Booking, span: Span, by: Actor) -> Booking:
    """One booking like `wanted` at a time of its own."""
    booking = Booking(
        resource=wanted.resource,
        organization=wanted.organization,
        resident=wanted.resident,
        purpose=wanted.purpose,
        pieces=wanted.pieces,
        asked_by_id=wanted.asked_by_id,
        state=wanted.state,
        series=wanted.series,
        starts_at=span[0],
        ends_at=span[1],
    )
    _check(booking)
    _occupy(booking, by)
    booking.save(force_insert=True)
    return booking


def _occupy(booking: Booking, by: Actor) -> None:
    """Take its time in the calendar; held until it would begin, while somebody has to say yes. Raises `NotFree`."""
    resource = booking.resource
    try:
        timetable.allocate(
            subjects=[resource.subject],
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
            source=source_of(booking),
            buffer_before=resource.buffer_before,
            buffer_after=resource.buffer_after,
            hold_until=booking.starts_at if booking.state == BookingState.ASKED else None,
            by=by,
        )
    except timetable.Taken as taken:
        raise NotFree(booking=booking) from taken


def _check(booking: Booking, *, but_not: Sequence[UUID] = ()) -> None:
    """Everything but whether the calendar is free. The rows of the thing and of its organization are held."""
    resource, starts_at, ends_at = booking.resource, booking.starts_at, booking.ends_at
    rule = allowance.rule_on(wording.as_day(starts_at))
    if starts_at <= clock.now() or starts_at > clock.now() + timedelta(days=rule.ahead_days):
        raise TooSoon(days=rule.ahead_days)
    if not starts_at < ends_at or not resource.is_open(starts_at, ends_at):
        opens, closes = f"{resource.opens:%H:%M}", f"{resource.closes:%H:%M}"
        raise Closed(name=resource.name, opens=opens, closes=closes, days=days_in_words(resource.weekdays))
    if ends_at - starts_at > timedelta(hours=rule.longest_hours):
        raise TooLong(longest=wording.in_hours(rule.longest_hours))
    if booking.organization and resource.kind != Kind.EQUIPMENT:
        _check_hours(booking, rule.week_hours, but_not)
    if booking.pieces > resource.there or (
        resource.is_stock
        and queries.most_out(resource, starts_at, ends_at, but_not=but_not) + booking.pieces > resource.there
    ):
        raise TooFewPieces(booking=booking)


def _check_hours(booking: Booking, hours: int, but_not: Sequence[UUID]) -> None:
    week = queries.monday(wording.as_day(booking.starts_at))
    has = queries.minutes_of(booking.organization, week, but_not=but_not)
    wants = int((booking.ends_at - booking.starts_at).total_seconds()) // 60
    if has + wants > hours * 60:
        raise OverTheHours(week=wording.day(week, "short"), has=wording.minutes(has), most=wording.in_hours(hours))


def days_in_words(weekdays: str) -> str:
    """`every day`, or the names of the days."""
    if len(weekdays) == len("1234567"):
        return gettext("every day")
    monday = queries.monday(clock.today())
    return gettext(", ").join(wording.short_weekday(monday + timedelta(days=int(one) - 1)) for one in weekdays)


def hours_in_words(resource: Resource) -> str:
    """`every day 08:00–21:00`."""
    return f"{days_in_words(resource.weekdays)} {resource.opens:%H:%M}–{resource.closes:%H:%M}"


def _held(booking: Booking, scope: str, by: Actor, among: Iterable[str] = ()) -> list[Booking]:
    """The dates that are meant, with the thing and themselves held, as they are now; this one among them.

    Raises `HasBegun` when this one has, `states.ForbiddenMove` when it is over or not `among` these states.
    """
    if booking.organization:
        locks.take("sharing", booking.organization)
    resource = Resource.objects.select_for_update().get(pk=booking.resource_id)
    rows = list(locked(queries.of_series(booking) if scope != Scope.THIS else Booking.objects.filter(pk=booking.pk)))
    this = next(row for row in rows if row.pk == booking.pk)
    versions.check(this, by)
    if this.state not in OPEN or (among and this.state not in among):
        raise states.ForbiddenMove()
    if this.has_begun:
        raise HasBegun()
    meant = [row for row in rows if row.is_to_come and (not among or row.state in among)]
    if scope == Scope.FOLLOWING:
        meant = [row for row in meant if row.starts_at >= this.starts_at]
    for row in meant:
        row.resource = resource
    return sorted(meant, key=lambda row: (row.starts_at, row.pk))


def _reason(reason: str, *, is_needed: bool) -> str:
    said: str = cleaned(Booking, {"reason": reason})["reason"]
    if is_needed and not said:
        raise WhyNeeded()
    return said


def _announce_made(rows: Sequence[Booking], by: Actor) -> None:
    first = rows[0]
    announce(
        fact(
            events.BookingsMade,
            rows,
            is_sure=first.state == BookingState.BOOKED,
            organization=first.organization,
            resident_id=first.resident_id,
        ),
        by=by,
    )
