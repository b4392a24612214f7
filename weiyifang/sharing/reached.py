"""Whom things that are lent reach: whoever had one handed over to them, or for whom it was noted."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from weiyifang.people.reaching import Reached
from weiyifang.sharing.models import Booking, BookingState


def _had_it() -> QuerySet[Booking]:
    """For themselves: what an organization borrows is the organization's, whoever fetched it."""
    return Booking.objects.filter(state__in=(BookingState.OUT, BookingState.BACK), organization="")


REACHED = (Reached(code="sharing", words=_("borrowed a room or a thing"), rows=_had_it, moment="starts_at"),)
