"""Who may do what. Things belong to the committee or to an organization; whoever keeps them says yes or no."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from weiyifang.core.actors import Actor
from weiyifang.people.roles import Permission
from weiyifang.people.rules import acts_for
from weiyifang.sharing.models import Booking, BookingQuerySet, Borrowers, Handover, Resource, ResourceQuerySet


def can_keep_for(actor: Actor, owner: str) -> bool:
    """Add things of `owner` (a source; "" is the committee)."""
    return actor.may(Permission.KEEP_THINGS, within=owner)


def can_keep(actor: Actor, resource: Resource) -> bool:
    """Say what is said about it, close it, decide who gets it."""
    return can_keep_for(actor, resource.owner)


def can_share_out(actor: Actor) -> bool:
    """Open the slots of a season, share them out, book them: whoever lends, and books, for the committee."""
    return actor.may(Permission.KEEP_THINGS) and actor.may(Permission.BOOK_THINGS)


def can_book_for(actor: Actor, organization: str) -> bool:
    """Book in the name of an organization (a source; "" is the committee, for those who may everywhere)."""
    return actor.may(Permission.BOOK_THINGS, within=organization)


def can_book(actor: Actor, resource: Resource, organization: str, resident_id: UUID | None) -> bool:
    """Book this in the name of an organization; or, where it is lent to residents, for oneself or whom one acts for."""
    if organization or resident_id is None:
        return can_book_for(actor, organization)
    return (resource.borrowers == Borrowers.EVERYONE and acts_for(actor, resident_id)) or can_book_for(actor, "")


def is_holder(actor: Actor, booking: Booking) -> bool:
    """Is the booking the actor's to change and to give up?"""
    if booking.organization or booking.resident_id is None:
        return can_book_for(actor, booking.organization)
    return acts_for(actor, booking.resident_id) or can_book_for(actor, "")


def is_own(actor: Actor, booking: Booking) -> bool:
    """Is it for the actor, or an organization of theirs; or did they note it? Others need a reason."""
    scopes = actor.scopes(Permission.BOOK_THINGS) or frozenset()
    asked = actor.account_id is not None and actor.account_id == booking.asked_by_id
    acts = not booking.organization and booking.resident_id is not None and acts_for(actor, booking.resident_id)
    return actor.is_system or asked or acts or booking.organization in scopes


def can_see(actor: Actor, booking: Booking) -> bool:
    """See who has it and what for."""
    return is_holder(actor, booking) or can_keep(actor, booking.resource)


def books_somewhere(actor: Actor) -> bool:
    """Has something to do with bookings at all: residents for themselves, leaders for their organizations, staff."""
    return actor.resident_id is not None or actor.may_somewhere(Permission.BOOK_THINGS)


def sees_usage(actor: Actor) -> bool:
    """What each organization had: whoever lends for the committee, and whoever oversees."""
    return actor.may(Permission.KEEP_THINGS) or actor.may(Permission.SEE_TIMELINE)


def is_public(pk: UUID) -> bool:
    """May everybody see this thing, and so its pictures?"""
    return Resource.objects.filter(pk=pk).exists()


def can_see_pictures(pk: UUID, actor: Actor) -> bool:
    """Everybody."""
    return is_public(pk)


def can_see_handover(pk: UUID, actor: Actor) -> bool:
    """The pictures of how a thing changed hands: whoever has it, and whoever lends it."""
    row = Handover.objects.select_related("booking__resource").filter(pk=pk).first()
    return row is not None and can_see(actor, row.booking)


def keepable_by(actor: Actor) -> ResourceQuerySet:
    """As `can_keep`, for lists."""
    scopes = actor.scopes(Permission.KEEP_THINGS)
    return Resource.objects.all() if scopes is None else Resource.objects.filter(owner__in=scopes)


def held_by(actor: Actor) -> BookingQuerySet:
    """Whose holder the actor is themself: their own, and their organizations'."""
    scopes = actor.scopes(Permission.BOOK_THINGS)
    own = Q(organization__in=scopes) if scopes else Q(pk=None)
    if actor.resident_id is not None:
        own |= Q(organization="", resident_id=actor.resident_id)
    return Booking.objects.filter(own)
