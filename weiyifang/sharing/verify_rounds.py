"""The promises about the slots of a season, recomputed from the sheets, the rows and their facts."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from weiyifang.core import facts, lots
from weiyifang.core.faults import Fault
from weiyifang.sharing import events, season, slots
from weiyifang.sharing.models import Booking, Round, RoundState, Slot


def check() -> Iterator[Fault]:
    """What is broken in the community at hand."""
    yield from _rounds()
    yield from _slots()
    yield from _bookings()


def _rounds() -> Iterator[Fault]:
    """A round stands as the facts say; what was shared out is what comes out of what went in."""
    wanted = facts.due(
        {
            events.RoundOpened: lambda fact: {"number": fact.values["number"], "state": RoundState.OPEN},
            events.RoundSharedOut: lambda _fact: {"state": RoundState.SHARED},
            events.RoundBooked: lambda _fact: {"state": RoundState.BOOKED},
            events.RoundCalledOff: lambda _fact: {"state": RoundState.OFF},
        }
    )
    rows = list(facts.every(Round, "number", "state", "commitment", "seed", "sheet"))
    yield from facts.compare(rows, wanted, check="sharing.rounds", untold="nobody opened it")
    for row in rows:
        if lots.digest(row.seed) != row.commitment:
            yield Fault.of(row, check="sharing.rounds", what="its seed is not the one that was committed to")
        if not row.sheet:
            continue
        sheet = slots.read(row.sheet)
        for what in slots.faults(sheet):
            yield Fault.of(row, check="sharing.rounds", what=what)
        if sheet.commitment != row.commitment:
            yield Fault.of(row, check="sharing.rounds", what="its sheet was made with another seed")
        yield from _given(row, sheet)


def _given(row: Round, sheet: slots.Sheet) -> Iterator[Fault]:
    """The slots are those of the sheet."""
    told = {
        (one.turn, one.ticket, one.rank, one.thing, *season.when(sheet.choice(one)).values()) for one in sheet.given
    }
    found = {
        (one.turn, one.application.ticket, one.rank, one.resource.number, one.weekday, one.begins, one.ends)
        for one in Slot.objects.filter(round=row).select_related("application", "resource")
    }
    if told != found:
        yield Fault.of(row, check="sharing.rounds", what="has other slots than its sheet gives")


def _slots() -> Iterator[Fault]:
    """A slot is booked when its round was, and none with an objection."""
    told = {UUID(pk) for fact in facts.told(events.RoundBooked) for pk in fact.values["slots"]}
    for slot in Slot.objects.all():
        if (slot.series is not None) != (slot.pk in told):
            yield Fault.of(slot, check="sharing.slots", what="is booked otherwise than its round was")


def _bookings() -> Iterator[Fault]:
    """Each booking of a round stands in its result: for whom, of what and when, as it was made; moved, for whom."""
    slots_booked = {one.series: one for one in Slot.objects.exclude(series=None).select_related("application")}
    if not slots_booked:
        return
    made = {
        UUID(pk): (UUID(fact.values["resource_id"]), fact.values["organization"])
        for fact in facts.told(events.BookingsMade)
        for pk in fact.values["bookings"]
    }
    spans = {row.pk: season.spans_of(row, slots.read(row.sheet)) for row in Round.objects.exclude(sheet="")}
    for booking in Booking.objects.filter(series__in=list(slots_booked)).order_by("starts_at", "id"):
        slot = slots_booked[booking.series]
        due = spans[slot.round_id].get((slot.application.ticket, slot.turn), [])
        is_elsewhen = not booking.sequence and (booking.starts_at, booking.ends_at) not in due
        if is_elsewhen or made.get(booking.pk) != (slot.resource_id, slot.application.organization):
            yield Fault.of(booking, check="sharing.slots", what="does not stand in the result of its round")
