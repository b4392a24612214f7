"""What ends without its holder: nobody answered, an organization ended, the thing is closed, a person is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from weiyifang.core import clock, timeline
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.forgetting import write_over
from weiyifang.core.tenancy import source_of
from weiyifang.sharing import events, queries
from weiyifang.sharing.models import (
    Application,
    Booking,
    BookingState,
    Closure,
    Handover,
    Round,
    RoundState,
    Slot,
)
from weiyifang.sharing.services.rows import fact, free, locked


@transaction.atomic
def lapse_due(*, by: Actor) -> int:
    """What nobody answered before it would have begun is over; returns how much. `BookingLapsed` for each."""
    rows = list(locked(queries.unanswered()))
    free(rows, BookingState.LAPSED, "", by)
    for row in rows:
        announce(fact(events.BookingLapsed, [row]), by=by)
    return len(rows)


@transaction.atomic
def give_up_of(*, organization: str = "", resident_id: UUID | None = None, by: Actor) -> int:
    """Everything to come of an organization that ended, or of a resident who left for themselves: it is free again.

    Returns how many. Announces `BookingsCancelled` for each thing.
    """
    if organization:
        _withdraw_wishes_of(organization, by)
    whose = Q(organization=organization) if organization else Q(organization="", resident_id=resident_id)
    rows = list(locked(Booking.objects.to_come().open().filter(whose)))
    free(rows, BookingState.CANCELLED, "", by)
    for resource_id in sorted({row.resource_id for row in rows}):
        some = [row for row in rows if row.resource_id == resource_id]
        announce(fact(events.BookingsCancelled, some, by_holder=True, reason=""), by=by)
    return len(rows)


def _withdraw_wishes_of(organization: str, by: Actor) -> None:
    """It applies for no slots any more."""
    asks = Application.objects.standing().filter(organization=organization, round__state=RoundState.OPEN)
    rounds = Round.objects.filter(pk__in=asks.values("round")).select_for_update().order_by("id")
    for round_ in list(rounds):
        row = asks.get(round=round_)
        row.withdrawn_at = clock.now()
        row.save(update_fields=["withdrawn_at"])
        announce(
            events.SlotWishesWithdrawn(
                subject=source_of(round_),
                number=round_.number,
                title=round_.title,
                application_id=row.pk,
                organization=organization,
            ),
            by=by,
        )


@transaction.atomic
def call_off(rows: Sequence[Booking], reason: str, *, by: Actor) -> None:
    """Part of closing a thing: take it from whoever has it, and say why. Announces `BookingsCancelled` for each."""
    held = list(locked(Booking.objects.open().filter(pk__in=[row.pk for row in rows])))
    free(held, BookingState.CANCELLED, reason, by)
    for row in held:
        announce(fact(events.BookingsCancelled, [row], by_holder=False, reason=reason), by=by)


@transaction.atomic
def forget_purposes(*, resident_id: UUID, name: str, instead: str) -> None:
    """A person is forgotten: what they wanted things for goes, that they had them stays; others' words name nobody."""
    write_over(Round.objects.all(), "title", "about", "reason", name=name, instead=instead)
    write_over(Application.objects.all(), "purpose", name=name, instead=instead)
    write_over(Slot.objects.all(), "objection", name=name, instead=instead)
    mine = Booking.objects.filter(resident_id=resident_id)
    write_over(Closure.objects.all(), "reason", name=name, instead=instead)
    timeline.forget_remarks([source_of(row) for row in mine.only("id", "community")])
    mine.update(purpose="", reason="")
    write_over(Booking.objects.all(), "purpose", "reason", name=name, instead=instead)
    write_over(Handover.objects.all(), "note", name=name, instead=instead)
