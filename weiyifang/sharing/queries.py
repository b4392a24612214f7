"""Reads worth a name: what is free when, who has it, and how much somebody has."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain, islice
from uuid import UUID

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from weiyifang.core import clock
from weiyifang.core.tenancy import homes_with, id_in
from weiyifang.organizations import queries as organizations
from weiyifang.sharing.models import Booking, BookingQuerySet, BookingState, Closure, Handover, Kind, Resource
from weiyifang.timetable import queries as timetable
from weiyifang.timetable.subjects import Span, Subject

BOOKING, CLOSURE = "sharing.booking:", "sharing.closure:"
GRACE = timedelta(hours=1)  # after its time, before somebody is told that it should be back
LOOKS_AHEAD, LEAST = 28, timedelta(hours=1)  # how many days the next hours are looked for in, and how long they are
MOST_OFFERED = 3  # other rooms, and other times


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A span in the week of a thing, as everybody may see it. `booking`: for those who may see more."""

    starts_at: datetime
    ends_at: datetime
    who: str  # the organization's name; "" for a resident or an activity
    pieces: int = 0  # of a stock; 0: all of it
    reason: str = ""  # it is closed: why
    source: str = ""
    sequence: int = 0  # of a booking: how often it was moved


def listed(words: str = "", kind: str = "") -> QuerySet[Resource]:
    """What can be borrowed, rooms first, by name; searched and of one kind if asked."""
    rows = Resource.objects.lent().matching(words)
    if kind in Kind.values:
        rows = rows.filter(kind=kind)
    return rows.order_by("-kind", "name", "number")


def monday(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def taken(resource: Resource, since: datetime, until: datetime) -> list[Taken]:
    """What stands in its calendar in a span, in order of time: bookings, closures, activities, its parts and its whole.

    Three queries, however much it is.
    """
    rows = list(timetable.standing(resource.subject, since, until))
    by_source = {row.source: row for row in rows}  # of a hall and its parts once
    bookings = {
        f"{BOOKING}{pk}": (organization, pieces, sequence)
        for pk, organization, pieces, sequence in Booking.objects.filter(pk__in=_ids(by_source, BOOKING)).values_list(
            "pk", "organization", "pieces", "sequence"
        )
    }
    closures = {
        f"{CLOSURE}{pk}": reason
        for pk, reason in Closure.objects.filter(pk__in=_ids(by_source, CLOSURE)).values_list("pk", "reason")
    }
    names = organizations.named({organization for organization, _pieces, _sequence in bookings.values()})
    found = []
    for source, row in by_source.items():
        organization, pieces, sequence = bookings.get(source, ("", 0, 0))
        found.append(
            Taken(
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                who=names[organization].name if organization in names else "",
                pieces=pieces if resource.is_stock else 0,
                reason=closures.get(source, ""),
                source=source,
                sequence=sequence,
            )
        )
    return found


def _ids(sources: Iterable[str], kind: str) -> list[UUID]:
    return [id_in(source) for source in sources if source.startswith(kind)]


def in_its_way(resource: Resource, starts_at: datetime, ends_at: datetime) -> list[Booking]:
    """The bookings that a closure would call off, of it, its parts and its whole."""
    rows = timetable.standing(resource.subject, starts_at, ends_at)
    ids = _ids(rows.values_list("source", flat=True), BOOKING)
    return list(Booking.objects.open().filter(pk__in=ids).select_related("resource").order_by("id"))


def buffered(resource: Resource, starts_at: datetime, ends_at: datetime) -> Span:
    """With the minutes before and after in which nobody else has it."""
    return starts_at - timedelta(minutes=resource.buffer_before), ends_at + timedelta(minutes=resource.buffer_after)


def most_out(
    resource: Resource,
    starts_at: datetime,
    ends_at: datetime,
    *,
    but_not: Collection[UUID] = (),
    beside: Iterable[Booking] = (),
) -> int:
    """The largest number of pieces of a stock that are promised at one moment of a span, buffers counted on all.

    `beside`: bookings that count too, though they are not stored yet.
    """
    since, until = buffered(resource, starts_at, ends_at)
    around = timedelta(minutes=resource.buffer_before + resource.buffer_after)
    rows = Booking.objects.live().filter(resource=resource, starts_at__lt=until + around, ends_at__gt=since - around)
    steps: list[tuple[datetime, int]] = []
    stored = rows.exclude(pk__in=but_not).values_list("starts_at", "ends_at", "pieces")
    for begins, ends, pieces in chain(stored, ((one.starts_at, one.ends_at, one.pieces) for one in beside)):
        first, last = buffered(resource, begins, ends)
        if first < until and last > since:
            steps += [(first, pieces), (last, -pieces)]
    out = most = 0
    for _at, change in sorted(steps):  # what comes back at a moment can go out at it
        out += change
        most = max(most, out)
    return most


def free_among(
    resources: Sequence[Resource], starts_at: datetime, ends_at: datetime, *, pieces: int = 1
) -> list[Resource]:
    """Those of them that are open and can be had then, in their order. Two queries, and one for each stock."""
    open_then = [one for one in resources if one.is_open(starts_at, ends_at) and one.there >= pieces]
    wanted = [([one.subject], *buffered(one, starts_at, ends_at)) for one in open_then]
    return [
        one
        for one, clashes in zip(open_then, timetable.clashes_of_each(wanted), strict=True)
        if not clashes and (not one.is_stock or most_out(one, starts_at, ends_at) + pieces <= one.there)
    ]


def next_free(resources: Sequence[Resource]) -> dict[Resource, Span]:
    """Of each thing the next hours in the four weeks to come in which it can be had, from one hour on.

    One query. A stock is not looked at: it is seldom out altogether, and how many pieces are wanted decides.
    """
    now, today = clock.now(), clock.today()
    days = [today + timedelta(days=step) for step in range(LOOKS_AHEAD)]
    wanted: dict[Subject, list[Span]] = {}
    for one in resources:
        if not one.is_stock:
            open_days = [day for day in days if str(day.isoweekday()) in one.weekdays]
            spans = [(max(now, clock.local(day, one.opens)), clock.local(day, one.closes)) for day in open_days]
            wanted[one.subject] = [buffered(one, begins, ends) for begins, ends in spans if begins < ends]
    free = timetable.free_spans(wanted)
    found = {}
    for one in resources:
        before, after = timedelta(minutes=one.buffer_before), timedelta(minutes=one.buffer_after)
        gaps = ((since + before, until - after) for since, until in free.get(one.subject.id, ()))
        if gap := next((gap for gap in gaps if gap[1] - gap[0] >= LEAST), None):
            found[one] = gap
    return found


def others_free(resource: Resource, starts_at: datetime, ends_at: datetime, *, pieces: int = 1) -> list[Resource]:
    """Other things of its kind, lent to the same, that can be had at that time: those most like it first."""
    rows = Resource.objects.lent().filter(kind=resource.kind, borrowers=resource.borrowers).exclude(pk=resource.pk)
    alike = sorted(rows, key=lambda one: (one.seats < resource.seats, abs(one.seats - resource.seats), one.number))
    return free_among(alike, starts_at, ends_at, pieces=pieces)[:MOST_OFFERED]


def could_be(booking: Booking, *, without_yes: bool) -> list[Resource]:
    """Other things of its kind that whoever has it could have instead, by name. `without_yes`: those had at once."""
    rows = Resource.objects.lent().filter(kind=booking.resource.kind).exclude(pk=booking.resource_id)
    if not booking.organization and booking.resident_id is not None:
        rows = rows.filter(borrowers=booking.resource.borrowers)
    if without_yes:
        rows = rows.filter(needs_approval=False)
    return list(rows.filter(pieces__gte=booking.pieces).order_by("name", "number"))


def other_times(resource: Resource, starts_at: datetime, ends_at: datetime, *, pieces: int = 1) -> list[Span]:
    """Other times at which the same thing can be had, the nearest first: within a week, when it is open."""
    if resource.is_stock:
        spans = iter(_beside(resource, starts_at, ends_at))
        return list(islice((one for one in spans if free_among([resource], *one, pieces=pieces)), MOST_OFFERED))
    free = timetable.nearest_free(
        [resource.subject],
        starts_at,
        ends_at,
        before=timedelta(minutes=resource.buffer_before),
        after=timedelta(minutes=resource.buffer_after),
        count=4 * MOST_OFFERED,
    )
    good = [span for span in free if resource.is_open(*span) and span != (starts_at, ends_at)]
    return good[:MOST_OFFERED]


def _beside(resource: Resource, starts_at: datetime, ends_at: datetime) -> list[Span]:
    """Times to look at for a stock, the nearest first: right beside its bookings, and the same hour on other days."""
    length, reach = ends_at - starts_at, timedelta(days=7)
    around = timedelta(minutes=resource.buffer_before + resource.buffer_after)
    rows = Booking.objects.live().filter(
        resource=resource, starts_at__gt=starts_at - reach, ends_at__lt=ends_at + reach
    )
    starts = {starts_at + timedelta(days=step) for step in range(-7, 8)}
    for begins, ends in rows.values_list("starts_at", "ends_at"):
        starts |= {ends + around, begins - around - length}
    coming = sorted((one for one in starts if one > clock.now()), key=lambda one: (abs(one - starts_at), one))
    return [(one, one + length) for one in coming if one != starts_at and resource.is_open(one, one + length)]


def minutes_of(organization: str, week: date, *, but_not: Collection[UUID] = ()) -> int:
    """Minutes of rooms and instruments an organization has, or asked for, in the week that begins on this Monday."""
    since, until = clock.day_bounds(week)[0], clock.day_bounds(week + timedelta(days=7))[0]
    rows = Booking.objects.live().filter(
        organization=organization,
        starts_at__gte=since,
        starts_at__lt=until,
        resource__kind__in=(Kind.ROOM, Kind.INSTRUMENT),
    )
    spans = rows.exclude(pk__in=but_not).values_list("starts_at", "ends_at")
    return sum(int((ends - begins).total_seconds()) // 60 for begins, ends in spans)


def booking(pk: UUID) -> Booking:
    """The one with this id, and its thing."""
    return Booking.objects.select_related("resource").get(pk=pk)


def unanswered() -> BookingQuerySet:
    """Asked for, and nobody answered before it would have begun."""
    return Booking.objects.filter(_is_unanswered())


def homes_with_unanswered() -> list[int]:
    """The communities where there is some."""
    return homes_with(Booking.everywhere.filter(_is_unanswered()))  # everywhere: the clock asks once for all


def _is_unanswered() -> Q:
    return Q(state=BookingState.ASKED, starts_at__lte=clock.now())


def overdue() -> BookingQuerySet:
    """Handed over, not back although its time and the hours of the rule are over, and nobody was told yet."""
    return Booking.objects.filter(_is_overdue())


def homes_with_overdue() -> list[int]:
    """The communities where there is some."""
    return homes_with(Booking.everywhere.filter(_is_overdue()))  # everywhere: the clock asks once for all


def _is_overdue() -> Q:
    return Q(state=BookingState.OUT, told_overdue_at=None, ends_at__lt=clock.now() - GRACE)


def going_out() -> BookingQuerySet:
    """What can be handed over today: booked for a time that is not over, the next one first."""
    rows = Booking.objects.filter(
        state=BookingState.BOOKED, starts_at__lt=clock.day_bounds(clock.today())[1], ends_at__gt=clock.now()
    )
    return rows.select_related("resource", "resident").order_by("starts_at", "id")


def handovers_of(booking: Booking) -> list[Handover]:
    """When it went out, and when it came back."""
    return list(Handover.objects.filter(booking=booking).order_by("is_back"))


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What one organization (None: the residents and the committee) had in a year."""

    organization: organizations.Named | None
    rooms: int
    room_minutes: int
    things: int

    @property
    def hours(self) -> int:
        """Of rooms and instruments, whole hours."""
        return self.room_minutes // 60


def usage(since: date, until: date) -> list[Usage]:
    """Per organization what it had and did not give up, beginning on these days; whoever had most first."""
    first, last = clock.day_bounds(since)[0], clock.day_bounds(until)[1]
    had = (BookingState.BOOKED, BookingState.OUT, BookingState.BACK)
    rows = Booking.objects.filter(state__in=had, starts_at__gte=first, starts_at__lt=last)
    is_thing = Q(resource__kind=Kind.EQUIPMENT)
    length = ExpressionWrapper(F("ends_at") - F("starts_at"), output_field=DurationField())
    sums = (
        rows.values("organization")
        .annotate(
            rooms=Count("pk", filter=~is_thing),
            time=Sum(length, filter=~is_thing),
            things=Count("pk", filter=is_thing),
        )
        .order_by("organization")
    )
    names = organizations.named({row["organization"] for row in sums})
    found = [
        Usage(
            organization=names.get(row["organization"]),
            rooms=row["rooms"],
            room_minutes=int((row["time"] or timedelta()).total_seconds()) // 60,
            things=row["things"],
        )
        for row in sums
    ]
    return sorted(
        found, key=lambda one: (-one.room_minutes, -one.things, one.organization.number if one.organization else 0)
    )


def of_series(booking: Booking) -> QuerySet[Booking]:
    """It and those booked together with it, in order of time."""
    rows = (
        Booking.objects.filter(pk=booking.pk)
        if booking.series is None
        else Booking.objects.filter(series=booking.series)
    )
    return rows.select_related("resource").order_by("starts_at", "id")


def with_names(bookings: Iterable[Booking]) -> list[tuple[Booking, str]]:
    """Each with the name of whom it is for: an organization, a resident, or the committee."""
    rows = list(bookings)
    names = organizations.named({one.organization for one in rows if one.organization})
    return [(one, who_of(one, names)) for one in rows]


def who_of(booking: Booking, names: dict[str, organizations.Named]) -> str:
    """For whom it is, in words."""
    if booking.organization:
        found = names.get(booking.organization)
        return found.name if found else _("an organization that is gone")
    return booking.resident.name if booking.resident else _("the residents' committee")
