"""Rows of bookings: held, let go of, and told of."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models

from weiyifang.core import states
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import source_of
from weiyifang.sharing import events
from weiyifang.sharing.models import BOOKING_FLOW, Booking, BookingState
from weiyifang.timetable import services as timetable


def locked(rows: models.QuerySet[Booking]) -> models.QuerySet[Booking]:
    """The rows, held, in the one order."""
    return rows.select_related(None).select_for_update().order_by("id")


def free(rows: Sequence[Booking], state: BookingState, reason: str, by: Actor) -> None:
    """Move them there and let go of their time."""
    states.move_all(rows, state, flow=BOOKING_FLOW, reason=reason)
    for row in rows:
        timetable.release(source=source_of(row), by=by)


def fact(kind: type[events.BookingsFact], rows: Sequence[Booking], **more: object) -> events.BookingsFact:
    """A fact about all of them; their first is its subject."""
    first = rows[0]
    return kind(subject=source_of(first), resource_id=first.resource_id, bookings=tuple(row.pk for row in rows), **more)
