"""Hand a thing over, take it back, count what is missing, and say when it should be back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, states
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce
from weiyifang.core.look.wording import as_day
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.files.arranging import Wanted, arrange
from weiyifang.sharing import events, queries, rules
from weiyifang.sharing.models import BOOKING_FLOW, Booking, BookingState, Condition, Handover, Resource
from weiyifang.timetable import services as timetable

MOST_PICTURES = 3


class NotItsDay(Refused):
    """Handed over before the day on which it is booked, or after its time."""

    sentence = _("It is handed over from the day on which it is booked until its time is over. Move the booking first.")


class MoreThanBooked(Refused):
    """More pieces handed over than were booked."""

    sentence = _("%(booked)d pieces are booked, so no more can be handed over. Change the booking first.")
    status = 422


class DoesNotAddUp(Refused):
    """What is back and what is missing is not what was handed over."""

    sentence = _(
        "%(out)d pieces were handed over; %(back)d are back and %(missing)d noted as missing. Count again: the two "
        "have to make what was handed over."
    )
    status = 422


class NotSoManyMissing(Refused):
    """More pieces found than are missing."""

    sentence = _("Only %(missing)d pieces are missing.")
    status = 422


@transaction.atomic
def hand_over(
    *,
    booking: Booking,
    pieces: int = 1,
    condition: str = Condition.GOOD,
    note: str = "",
    pictures: Wanted | None = None,
    by: Actor,
) -> Handover:
    """It goes out, as it is. Raises `NotItsDay`, `MoreThanBooked`. Announces `ThingsHandedOver`."""
    row = _held(booking, by)
    now = clock.now()
    if row.state == BookingState.BOOKED and not (clock.today() >= as_day(row.starts_at) and now < row.ends_at):
        raise NotItsDay()
    if not 1 <= pieces <= row.pieces:
        raise MoreThanBooked(booked=row.pieces)
    states.move(row, BookingState.OUT, flow=BOOKING_FLOW)
    made = Handover(booking=row, pieces=pieces, **_said(condition, note), noted_by_id=by.account_id)
    arrange(made, pictures, by=by, most=MOST_PICTURES)
    made.save(force_insert=True)
    announce(
        events.ThingsHandedOver(**_of(row), pieces=pieces, condition=made.condition),
        by=by,
    )
    return made


@transaction.atomic
def take_back(
    *,
    booking: Booking,
    pieces: int = 1,
    missing: int = 0,
    condition: str = Condition.GOOD,
    note: str = "",
    pictures: Wanted | None = None,
    by: Actor,
) -> Handover:
    """It is back, as it is; its time is free again. Pieces that are `missing` are not lent until they are found.

    Raises `DoesNotAddUp`. Announces `ThingsGivenBack`.
    """
    row = _held(booking, by)
    states.move(row, BookingState.BACK, flow=BOOKING_FLOW)
    out = Handover.objects.get(booking=row, is_back=False).pieces
    if min(pieces, missing) < 0 or pieces + missing != out:
        raise DoesNotAddUp(out=out, back=pieces, missing=missing)
    made = Handover(
        booking=row, is_back=True, pieces=pieces, missing=missing, **_said(condition, note), noted_by_id=by.account_id
    )
    arrange(made, pictures, by=by, most=MOST_PICTURES)
    made.save(force_insert=True)
    if missing:
        Resource.objects.filter(pk=row.resource_id).update(missing=F("missing") + missing)
    timetable.release(source=source_of(row), by=by)
    announce(
        events.ThingsGivenBack(**_of(row), pieces=pieces, missing=missing, condition=made.condition),
        by=by,
    )
    return made


@transaction.atomic
def note_found(*, resource: Resource, pieces: int, by: Actor) -> None:
    """So many missing pieces are there again. Raises `NotSoManyMissing`. Announces `PiecesFound`."""
    row = Resource.objects.select_for_update().get(pk=resource.pk)
    versions.check(row, by)
    require(rules.can_keep(by, row))
    if not 1 <= pieces <= row.missing:
        raise NotSoManyMissing(missing=row.missing)
    row.missing -= pieces
    row.save(update_fields=["missing"])
    announce(
        events.PiecesFound(subject=source_of(row), number=row.number, name=row.name, pieces=pieces),
        by=by,
    )


@transaction.atomic
def tell_overdue(*, by: Actor) -> int:
    """Say once of each that it should be back; returns how many. For a job. Announces `BookingOverdue` for each."""
    rows = list(queries.overdue().select_for_update().order_by("id"))
    for row in rows:
        row.told_overdue_at = clock.now()
        row.save(update_fields=["told_overdue_at"])
        announce(events.BookingOverdue(**_of(row)), by=by)
    return len(rows)


def _held(booking: Booking, by: Actor) -> Booking:
    resource = Resource.objects.select_for_update().get(pk=booking.resource_id)
    row = Booking.objects.select_for_update().get(pk=booking.pk)
    if row.resource_id != resource.pk:  # it moved before it was held
        raise states.StaleState()
    row.resource = resource
    versions.check(row, by)
    require(rules.can_keep(by, resource))
    return row


def _said(condition: str, note: str) -> dict[str, str]:
    return cleaned(Handover, {"condition": condition, "note": note})


def _of(row: Booking) -> dict[str, Any]:
    return {"subject": source_of(row), "resource_id": row.resource_id, "bookings": (row.pk,)}
