"""The facts this package announces: past tense, ids and plain values. What follows is written in `reactions`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event, Remark, Title

# --- about something that is lent (subject `sharing.resource:<id>`) ---------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ResourceFact(Event):
    words = _("something to borrow changed")

    number: int
    name: Title


@dataclass(frozen=True, kw_only=True)
class ResourceAdded(ResourceFact):
    words = _("is to be borrowed now")

    kind: str


@dataclass(frozen=True, kw_only=True)
class ResourceEdited(ResourceFact):
    words = _("changed what is said about it")

    changed: tuple[str, ...]  # names of the fields


@dataclass(frozen=True, kw_only=True)
class ResourceRetired(ResourceFact):
    words = _("is lent no more")


@dataclass(frozen=True, kw_only=True)
class ResourceReopened(ResourceFact):
    words = _("is lent again")


@dataclass(frozen=True, kw_only=True)
class ResourceClosed(ResourceFact):
    """Whoever had booked it then gets a `BookingsCancelled`."""

    words = _("was closed for some time")

    closure_id: UUID
    starts_at: datetime
    ends_at: datetime
    reason: Remark


@dataclass(frozen=True, kw_only=True)
class ClosureEnded(ResourceFact):
    words = _("can be had again")

    closure_id: UUID


@dataclass(frozen=True, kw_only=True)
class PiecesFound(ResourceFact):
    words = _("missing pieces were found")

    pieces: int


# --- about bookings (subject `sharing.booking:<id>`, the first of them) -----------------------------------------


@dataclass(frozen=True, kw_only=True)
class BookingsFact(Event):
    """`bookings`: all it is about, of one series; their first is the subject."""

    words = _("bookings changed")

    resource_id: UUID
    bookings: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class BookingsMade(BookingsFact):
    """`is_sure`: had at once; else somebody has to say yes first. `organization`: a source, or "" for a resident."""

    words = _("booked")

    is_sure: bool
    organization: str
    resident_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class BookingsApproved(BookingsFact):
    words = _("said yes to a booking")


@dataclass(frozen=True, kw_only=True)
class BookingsRefused(BookingsFact):
    words = _("said no to a booking")

    reason: Remark


@dataclass(frozen=True, kw_only=True)
class BookingsMoved(BookingsFact):
    """`resource_id`: what they are of from now on, which may be another thing than before."""

    words = _("moved a booking")


@dataclass(frozen=True, kw_only=True)
class BookingsCancelled(BookingsFact):
    """`by_holder`: given up by whoever had it; else it was taken from them, and they have to know."""

    words = _("called a booking off")

    by_holder: bool
    reason: Remark


@dataclass(frozen=True, kw_only=True)
class BookingLapsed(BookingsFact):
    """Nobody answered before it would have begun."""

    words = _("nobody answered a booking in time")


@dataclass(frozen=True, kw_only=True)
class ThingsHandedOver(BookingsFact):
    words = _("handed something over")

    pieces: int
    condition: str


@dataclass(frozen=True, kw_only=True)
class ThingsGivenBack(BookingsFact):
    words = _("took something back")

    pieces: int
    missing: int
    condition: str


@dataclass(frozen=True, kw_only=True)
class BookingOverdue(BookingsFact):
    """Handed over, and not back in time. Told once."""

    words = _("something should be back")


# --- about the slots of a season (subject `sharing.round:<id>`) --------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class RoundFact(Event):
    words = _("the slots of a season changed")

    number: int
    title: Title


@dataclass(frozen=True, kw_only=True)
class RoundOpened(RoundFact):
    words = _("opened the applications for slots of a season")

    first_day: date
    last_day: date
    closes_at: datetime


@dataclass(frozen=True, kw_only=True)
class SlotsWishedFor(RoundFact):
    """Also when wishes were changed: the ticket stays."""

    words = _("applied for slots of a season")

    application_id: UUID
    organization: str
    ticket: int


@dataclass(frozen=True, kw_only=True)
class SlotWishesWithdrawn(RoundFact):
    words = _("withdrew an application for slots of a season")

    application_id: UUID
    organization: str


@dataclass(frozen=True, kw_only=True)
class RoundSharedOut(RoundFact):
    words = _("shared out the slots of a season")

    applications: int
    slots: int


@dataclass(frozen=True, kw_only=True)
class SlotObjectedTo(RoundFact):
    """It is not booked."""

    words = _("noted an objection to a slot")

    slot_id: UUID
    reason: Remark


@dataclass(frozen=True, kw_only=True)
class SlotObjectionEnded(RoundFact):
    words = _("took back an objection to a slot")

    slot_id: UUID


@dataclass(frozen=True, kw_only=True)
class RoundBooked(RoundFact):
    """`slots`: those that were booked; of each a `BookingsMade` tells."""

    words = _("booked the slots of a season")

    slots: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class RoundCalledOff(RoundFact):
    words = _("called off the slots of a season")

    reason: Remark
