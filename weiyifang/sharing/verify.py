"""The promises of this package, recomputed from the rows, and its rows told again from their facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from uuid import UUID

from django.db.models import Q

from weiyifang.core import facts
from weiyifang.core.facts import Row, Says, Told
from weiyifang.core.faults import Fault
from weiyifang.core.tenancy import id_in, source_of
from weiyifang.files.verify import album_faults
from weiyifang.sharing import events, queries, verify_rounds
from weiyifang.sharing.models import (
    LIVE,
    OPEN,
    Booking,
    BookingState,
    Closure,
    Handover,
    Resource,
    ResourceState,
)
from weiyifang.timetable import queries as timetable
from weiyifang.timetable.models import Allocation, AllocationState
from weiyifang.timetable.rooms import normal


def check() -> list[Fault]:
    """What is broken in the community at hand; empty when every promise holds."""
    return [
        *_resources(),
        *_parts(),
        *_bookings(),
        *_calendar(),
        *_stocks(),
        *_handovers(),
        *_missing(),
        *verify_rounds.check(),
        *album_faults(Resource.objects.all(), check="sharing"),
        *album_faults(Handover.objects.all(), check="sharing"),
    ]


def _resources() -> Iterator[Fault]:
    """A thing is lent, or no more, as the facts say, and is found by its name."""
    wanted = facts.due(
        {
            events.ResourceAdded: lambda fact: {"number": fact.values["number"], "state": ResourceState.LENT},
            events.ResourceRetired: lambda _fact: {"state": ResourceState.RETIRED},
            events.ResourceReopened: lambda _fact: {"state": ResourceState.LENT},
        }
    )
    rows = list(facts.every(Resource, "number", "state", "name", "key"))
    yield from facts.compare(rows, wanted, check="sharing.resources", untold="nobody added it")
    for row in rows:
        if row.key != normal(row.name):
            yield Fault.of(row, check="sharing.resources", what="is not found by its name")


def _parts() -> Iterator[Fault]:
    """What a room is made of here, the timetable knows."""
    known: dict[UUID, set[UUID]] = defaultdict(set)
    for whole_id, part_id in timetable.every_part():
        known[whole_id].add(part_id)
    told: dict[UUID, set[UUID]] = defaultdict(set)
    for row in Resource.objects.exclude(whole=None).select_related("whole"):
        assert row.whole is not None
        told[row.whole.subject.id].add(row.subject.id)
    for whole_id in known.keys() | told.keys():
        if known[whole_id] != told[whole_id]:
            where = f"timetable.Part {whole_id}"
            yield Fault(check="sharing.parts", where=where, what="is made of other parts than the rooms say")


def _all(state: str) -> Says:
    def said(fact: Told) -> list[tuple[str, Row]]:
        return [(f"sharing.booking:{pk}", {"state": state}) for pk in fact.values["bookings"]]

    return said


def _bookings() -> Iterator[Fault]:
    """A booking stands as the facts say, for whom they say."""

    def made(fact: Told) -> list[tuple[str, Row]]:
        row = {
            "resource_id": fact.id("resource_id"),
            "organization": fact.values["organization"],
            "resident_id": fact.id("resident_id"),
            "state": BookingState.BOOKED if fact.values["is_sure"] else BookingState.ASKED,
        }
        return [(f"sharing.booking:{pk}", row) for pk in fact.values["bookings"]]

    def moved(fact: Told) -> list[tuple[str, Row]]:
        return [(f"sharing.booking:{pk}", {"resource_id": fact.id("resource_id")}) for pk in fact.values["bookings"]]

    wanted = facts.due(
        {
            events.BookingsMade: made,
            events.BookingsMoved: moved,
            events.BookingsApproved: _all(BookingState.BOOKED),
            events.BookingsRefused: _all(BookingState.REFUSED),
            events.BookingsCancelled: _all(BookingState.CANCELLED),
            events.BookingLapsed: _all(BookingState.LAPSED),
            events.ThingsHandedOver: _all(BookingState.OUT),
            events.ThingsGivenBack: _all(BookingState.BACK),
        }
    )
    rows = facts.every(Booking, "resource", "organization", "resident", "state")
    yield from facts.compare(rows, wanted, check="sharing.bookings", untold="nobody booked it")


def _calendar() -> Iterator[Fault]:
    """What is booked or closed stands in the calendar, at its time, as its thing; and nothing else of ours does."""
    taken: dict[str, list[Allocation]] = defaultdict(list)
    ours = (timetable.taken_for("sharing.booking"), timetable.taken_for("sharing.closure"))
    for one in chain(*(rows.iterator() for rows in ours)):
        taken[one.source].append(one)
    for row in Booking.objects.filter(state__in=LIVE).select_related("resource").iterator():
        if row.state == BookingState.ASKED and row.has_begun:  # a job closes it within a minute
            taken.pop(source_of(row), None)
            continue
        state = AllocationState.HOLD if row.state == BookingState.ASKED else AllocationState.CONFIRMED
        yield from _one(row, row.resource, str(state), taken.pop(source_of(row), []))
    for closure in Closure.objects.filter(ended_at=None).select_related("resource").iterator():
        yield from _one(closure, closure.resource, AllocationState.CONFIRMED, taken.pop(source_of(closure), []))
    for source in sorted(taken):
        yield Fault(check="sharing.calendar", where=source, what="has something in the calendar, and is over")


def _one(row: Booking | Closure, resource: Resource, state: str, there: list[Allocation]) -> Iterator[Fault]:
    own = [one for one in there if one.subject_id == resource.subject.id]
    if not own:
        yield Fault.of(row, check="sharing.calendar", what="does not stand in the calendar")
    elif any((one.starts_at, one.ends_at, one.state) != (row.starts_at, row.ends_at, state) for one in there):
        yield Fault.of(row, check="sharing.calendar", what="stands in the calendar otherwise")


def _stocks() -> Iterator[Fault]:
    """At no moment are more pieces of a stock promised than there are."""
    for stock in Resource.objects.filter(pieces__gt=1):
        for row in Booking.objects.live().filter(resource=stock):
            out = queries.most_out(stock, row.starts_at, row.ends_at)
            if out > stock.there and row.state in OPEN:
                yield Fault.of(row, check="sharing.stocks", what=f"{out} of {stock.there} pieces are promised then")


def _handovers() -> Iterator[Fault]:
    """What is out was handed over, what is back came back, and what came back or is missing is what went out."""
    rows: dict[UUID, dict[bool, Handover]] = defaultdict(dict)
    for one in Handover.objects.all():
        rows[one.booking_id][one.is_back] = one
    moved = (BookingState.OUT, BookingState.BACK)
    for booking in Booking.objects.filter(Q(state__in=moved) | Q(pk__in=list(rows))):
        there = rows.get(booking.pk, {})
        due = {BookingState.OUT: {False}, BookingState.BACK: {False, True}}.get(BookingState(booking.state), set())
        if set(there) != due:
            yield Fault.of(booking, check="sharing.handovers", what="was handed over or taken back otherwise")
        elif len(due) == len(moved) and there[True].pieces + there[True].missing != there[False].pieces:
            yield Fault.of(booking, check="sharing.handovers", what="came back with other pieces than went out")


def _missing() -> Iterator[Fault]:
    """What is missing of a thing did not come back, and was not found since."""
    missing: dict[UUID, int] = defaultdict(int)
    for fact in facts.told(events.ThingsGivenBack, events.PiecesFound):
        if fact.kind == events.PiecesFound.__name__:
            missing[id_in(fact.subject)] -= fact.values["pieces"]
        elif (resource_id := fact.id("resource_id")) is not None:
            missing[resource_id] += fact.values["missing"]
    for row in facts.every(Resource, "missing"):
        if row.missing != missing[row.pk]:
            yield Fault.of(
                row, check="sharing.missing", what=f"{row.missing} pieces are missing, not {missing[row.pk]}"
            )
