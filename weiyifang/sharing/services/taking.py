"""What has to be true before something is had at a time, and the having of it: one date, or many at once.

Who calls these holds the row of the thing from `wanted` on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, locks
from weiyifang.core.actors import Actor
from weiyifang.core.bulk import copy_in
from weiyifang.core.columns import cleaned
from weiyifang.core.look import wording
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import require
from weiyifang.organizations import queries as organizations
from weiyifang.people.models import Resident
from weiyifang.sharing import allowance, queries, rules
from weiyifang.sharing.models import Booking, BookingState, Kind, Resource
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
            said.append(str(self.has_others) % {"others": wording.listed(self.others, "name")})
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


@dataclass(frozen=True, kw_only=True)
class Missed:
    """A date of a series that cannot be had, and why."""

    starts_at: datetime
    ends_at: datetime
    why: Refused


def wanted(
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


def take(asked: Booking, span: Span, by: Actor) -> Booking:
    """One booking like `asked` at a time of its own."""
    booking = _at(asked, span)
    check(booking)
    occupy(booking, by)
    booking.save(force_insert=True)
    return booking


def take_each(asked: Booking, spans: Sequence[Span], by: Actor) -> tuple[list[Booking], list[Missed]]:
    """Bookings like `asked` at each of these times that can be had, in a few statements, and the times that cannot."""
    missed = dict[Span, Refused]()
    open_then = list[Booking]()
    for span in spans:
        booking = _at(asked, span)
        try:
            _check_time(booking)
        except Refused as refused:
            missed[span] = refused
        else:
            open_then.append(booking)
    resource = asked.resource
    got = timetable.allocate_each(
        wanted=[(resource.subject, one.starts_at, one.ends_at, source_of(one)) for one in open_then],
        buffer_before=resource.buffer_before,
        buffer_after=resource.buffer_after,
        held_until_it_begins=asked.state == BookingState.ASKED,
        by=by,
    )
    made = list[Booking]()
    for booking in open_then:
        span = (booking.starts_at, booking.ends_at)
        if source_of(booking) not in got:
            missed[span] = NotFree(booking=booking)
            continue
        try:
            _check_counts(booking, beside=made)
        except Refused as refused:
            timetable.release(source=source_of(booking), by=by)
            missed[span] = refused
        else:
            made.append(booking)
    copy_in(made)
    return made, [Missed(starts_at=span[0], ends_at=span[1], why=missed[span]) for span in spans if span in missed]


def _at(asked: Booking, span: Span) -> Booking:
    """Like `asked`, at a time of its own; not stored yet."""
    return Booking(
        resource=asked.resource,
        organization=asked.organization,
        resident=asked.resident,
        purpose=asked.purpose,
        pieces=asked.pieces,
        asked_by_id=asked.asked_by_id,
        state=asked.state,
        series=asked.series,
        starts_at=span[0],
        ends_at=span[1],
    )


def occupy(booking: Booking, by: Actor) -> None:
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


def check(booking: Booking, *, but_not: Sequence[UUID] = ()) -> None:
    """Everything but whether the calendar is free. The rows of the thing and of its organization are held."""
    _check_time(booking)
    _check_counts(booking, but_not=but_not)


def _check_time(booking: Booking) -> None:
    """What the thing's hours and the rules say of a time, whoever has what."""
    resource, starts_at, ends_at = booking.resource, booking.starts_at, booking.ends_at
    rule = allowance.rule_on(wording.as_day(starts_at))
    if starts_at <= clock.now() or starts_at > clock.now() + timedelta(days=rule.ahead_days):
        raise TooSoon(days=rule.ahead_days)
    if not starts_at < ends_at or not resource.is_open(starts_at, ends_at):
        opens, closes = f"{resource.opens:%H:%M}", f"{resource.closes:%H:%M}"
        raise Closed(name=resource.name, opens=opens, closes=closes, days=days_in_words(resource.weekdays))
    if ends_at - starts_at > timedelta(hours=rule.longest_hours):
        raise TooLong(longest=wording.in_hours(rule.longest_hours))


def _check_counts(booking: Booking, *, but_not: Sequence[UUID] = (), beside: Sequence[Booking] = ()) -> None:
    """What is left of the thing's pieces and of the organization's hours. `beside`: taken with it, not stored yet."""
    resource, starts_at, ends_at = booking.resource, booking.starts_at, booking.ends_at
    if booking.organization and resource.kind != Kind.EQUIPMENT:
        _check_hours(booking, allowance.rule_on(wording.as_day(starts_at)).week_hours, but_not, beside)
    if booking.pieces > resource.there or (
        resource.is_stock
        and queries.most_out(resource, starts_at, ends_at, but_not=but_not, beside=beside) + booking.pieces
        > resource.there
    ):
        raise TooFewPieces(booking=booking)


def _check_hours(booking: Booking, hours: int, but_not: Sequence[UUID], beside: Sequence[Booking]) -> None:
    week = queries.monday(wording.as_day(booking.starts_at))
    has = queries.minutes_of(booking.organization, week, but_not=but_not)
    has += sum(_minutes(one) for one in beside if queries.monday(wording.as_day(one.starts_at)) == week)
    wants = _minutes(booking)
    if has + wants > hours * 60:
        raise OverTheHours(week=wording.day(week, "short"), has=wording.minutes(has), most=wording.in_hours(hours))


def _minutes(booking: Booking) -> int:
    return int((booking.ends_at - booking.starts_at).total_seconds()) // 60


def days_in_words(weekdays: str) -> str:
    """`every day`, or the names of the days."""
    if len(weekdays) == len("1234567"):
        return gettext("every day")
    monday = queries.monday(clock.today())
    return wording.listed(wording.short_weekday(monday + timedelta(days=int(one) - 1)) for one in weekdays)


def hours_in_words(resource: Resource) -> str:
    """`every day 08:00–21:00`."""
    return f"{days_in_words(resource.weekdays)} {resource.opens:%H:%M}–{resource.closes:%H:%M}"
