"""Reads about the slots of a season: what was wished for, what can be had, what was given."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from weiyifang.core import clock
from weiyifang.core.look import wording
from weiyifang.organizations import queries as organizations
from weiyifang.sharing import allowance, queries, slots
from weiyifang.sharing.models import Application, Booking, Kind, Resource, Round, Slot, Wish, weekly
from weiyifang.timetable import queries as timetable
from weiyifang.timetable.recurrence import Rule
from weiyifang.timetable.subjects import Span

ROUND = "sharing.round:"


def listed() -> QuerySet[Round]:
    """Every round, the newest first."""
    return Round.objects.order_by("-number")


def under_way() -> Round | None:
    """The one that closes first, of those not booked yet."""
    return Round.objects.under_way().first()


def applications_of(round_: Round) -> list[Application]:
    """Those that stand, in the order of their tickets, with their wishes."""
    return list(Application.objects.standing().filter(round=round_).prefetch_related("wishes__resource"))


def who_applied(round_id: UUID) -> dict[str, UUID | None]:
    """The organizations (sources) whose applications stand, each with the account that typed it."""
    return dict(Application.objects.standing().filter(round=round_id).values_list("organization", "asked_by_id"))


def slots_of(round_: Round) -> list[Slot]:
    """What was given, first slots first, in the order drawn."""
    found = {(one.application.ticket, one.turn): one for one in _slots(round_)}
    return [found[one.ticket, one.turn] for one in slots.read(round_.sheet).given] if round_.sheet else []


def _slots(round_: Round) -> QuerySet[Slot]:
    return Slot.objects.filter(round=round_).select_related("application", "resource")


def dates_of(found: Iterable[Slot]) -> dict[UUID, int]:
    """How many dates of each slot were booked, whatever became of them since; by the slot's series."""
    series = [one.series for one in found if one.series is not None]
    return Counter(pk for pk in Booking.objects.filter(series__in=series).values_list("series", flat=True) if pk)


def things_of(round_: Round) -> list[Resource]:
    """What is shared out, by number."""
    ids = round_.things.values("resource")
    return list(Resource.objects.filter(pk__in=ids).select_related("whole").order_by("number"))


def season_dates(round_: Round, weekday: int, begins: time, ends: time) -> list[Span]:
    """When a weekly slot would be: on every such weekday of the season that is no public holiday (as announced)."""
    first = round_.first_day + timedelta(days=(weekday - round_.first_day.isoweekday()) % 7)
    if first > round_.last_day:
        return []
    start = datetime.combine(first, begins)
    length = minutes(ends) - minutes(begins)
    return Rule(rrule="FREQ=WEEKLY", start=start, minutes=length, holidays="skip").between(first, round_.last_day)


def tickets_of(round_: Round, things: Sequence[Resource]) -> tuple[slots.Ticket, ...]:
    """What goes into the sharing out: each application with its choices, and when each can be had.

    However many wish, the calendar is asked once for each thing.
    """
    applications = applications_of(round_)
    of_each = {one.pk: list(_choices(one, things)) for one in applications}
    free = _free(round_, {key[1:] for keys in of_each.values() for key in keys}, things)
    numbers = organizations.named(one.organization for one in applications)
    return tuple(
        slots.Ticket(
            ticket=one.ticket,
            organization=numbers[one.organization].number,
            slots=one.slots,
            has=_has(round_, one.organization),
            choices=tuple(
                slots.Choice(
                    rank=rank,
                    thing=thing,
                    weekday=weekday,
                    begins=minutes(begins),
                    ends=minutes(ends),
                    of=free[thing, weekday, begins, ends][0],
                    dates=free[thing, weekday, begins, ends][1],
                )
                for rank, thing, weekday, begins, ends in of_each[one.pk]
            ),
        )
        for one in applications
    )


Asked = tuple[int, int, time, time]  # a thing's number, a weekday, from and to


def _choices(application: Application, things: Sequence[Resource]) -> Iterator[tuple[int, int, int, time, time]]:
    """Of each wish, in order, the things that would do: by rank and number."""
    for wish in sorted(application.wishes.all(), key=lambda one: one.rank):
        for thing in things:
            if fits(wish, thing):
                yield wish.rank, thing.number, wish.weekday, wish.begins, wish.ends


def fits(wish: Wish, thing: Resource) -> bool:
    """Is it what is wished for, and open then?"""
    is_meant = wish.resource_id == thing.pk if wish.resource_id else wish.kind == thing.kind
    is_open = str(wish.weekday) in thing.weekdays and thing.opens <= wish.begins and wish.ends <= thing.closes
    return is_meant and is_open


def _free(round_: Round, asked: set[Asked], things: Sequence[Resource]) -> dict[Asked, tuple[int, tuple[str, ...]]]:
    """Of each: on how many dates it would be, and on which of them nothing stands in its way."""
    found: dict[Asked, tuple[int, tuple[str, ...]]] = {}
    for thing in things:
        dates = {one: season_dates(round_, *one[1:]) for one in sorted(asked) if one[0] == thing.number}
        wanted = [([thing.subject], *queries.buffered(thing, *span)) for spans in dates.values() for span in spans]
        clashes = iter(timetable.clashes_of_each(wanted))
        for one, spans in dates.items():
            found[one] = (len(spans), tuple(f"{wording.as_day(span[0])}" for span in spans if not next(clashes)))
    return found


def _has(round_: Round, organization: str) -> int:
    """The most minutes a week an organization has booked already, in any week of the season."""
    since, until = clock.day_bounds(queries.monday(round_.first_day))[0], clock.day_bounds(round_.last_day)[1]
    weeks: dict[date, int] = defaultdict(int)
    rows = Booking.objects.live().filter(
        organization=organization,
        starts_at__gte=since,
        starts_at__lt=until,
        resource__kind__in=(Kind.ROOM, Kind.INSTRUMENT),
    )
    for begins, ends in rows.values_list("starts_at", "ends_at"):
        weeks[queries.monday(wording.as_day(begins))] += int((ends - begins).total_seconds()) // 60
    return max(weeks.values(), default=0)


def week_minutes(round_: Round) -> int:
    """How much an organization may have in a week: the least that a rule of the season says."""
    length = (round_.last_day - round_.first_day).days
    days = [round_.first_day + timedelta(days=step) for step in (*range(0, length, 7), length)]
    return 60 * min(allowance.rule_on(day).week_hours for day in days)


def things_in_sheet(things: Sequence[Resource]) -> tuple[slots.Thing, ...]:
    """With what they are made of, as far as it is shared out as well."""
    return tuple(
        slots.Thing(
            number=one.number,
            before=one.buffer_before,
            after=one.buffer_after,
            parts=tuple(part.number for part in things if part.whole_id == one.pk),
        )
        for one in things
    )


def minutes(moment: time) -> int:
    """Since midnight."""
    return 60 * moment.hour + moment.minute


def when(choice: slots.Choice) -> dict[str, Any]:
    """Weekday, from and to, as a slot's row keeps them."""
    return {"weekday": choice.weekday, "begins": _clock(choice.begins), "ends": _clock(choice.ends)}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one organization got. `given`: with how many dates were booked of each."""

    application: Application
    organization: organizations.Named | None
    place: int  # in the order drawn
    given: list[tuple[Slot, int]]


def outcomes(round_: Round) -> list[Outcome]:
    """The result as everybody may see it, in the order drawn; empty before."""
    if not round_.sheet:
        return []
    order = slots.read(round_.sheet).order
    by_ticket = {one.ticket: one for one in Application.objects.filter(round=round_, ticket__in=order)}
    found = slots_of(round_)
    booked, names = dates_of(found), organizations.named(one.organization for one in by_ticket.values())
    return [
        Outcome(
            application=by_ticket[ticket],
            organization=names.get(by_ticket[ticket].organization),
            place=place,
            given=[(one, booked[one.series] if one.series else 0) for one in found if one.application.ticket == ticket],
        )
        for place, ticket in enumerate(order, start=1)
    ]


def spans_of(round_: Round, sheet: slots.Sheet) -> dict[tuple[int, int], list[Span]]:
    """Of each slot that was given, by ticket and turn: when it is."""
    return {
        (one.ticket, one.turn): [
            (clock.local(day, _clock(choice.begins)), clock.local(day, _clock(choice.ends))) for day in choice.days
        ]
        for one in sheet.given
        for choice in (sheet.choice(one),)
    }


def _clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


def with_names(found: Iterable[Application]) -> list[tuple[Application, str]]:
    """Each with its organization's name."""
    rows = list(found)
    names = organizations.named(one.organization for one in rows)
    return [(one, names[one.organization].name if one.organization in names else "") for one in rows]


def what(wish: Wish) -> str:
    """What is wished for, in words."""
    if wish.resource is not None:
        return str(wish.resource)
    return _("any room") if wish.kind == Kind.ROOM else _("any instrument")


def wishes_of(application: Application) -> list[tuple[int, str]]:
    """In order: the rank, and what is wished for when."""
    rows = sorted(application.wishes.all(), key=lambda one: one.rank)
    return [(one.rank, f"{what(one)} · {weekly(one.weekday, one.begins, one.ends)}") for one in rows]
