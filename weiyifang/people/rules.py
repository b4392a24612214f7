"""Who may do what with whose record."""

from __future__ import annotations

from uuid import UUID

from weiyifang.core.actors import Actor
from weiyifang.people.models import ErasureRequest, Relation, Resident
from weiyifang.people.roles import Permission


def can_see_residents(actor: Actor) -> bool:
    """Names, addresses and masked numbers of everybody."""
    return actor.may(Permission.SEE_RESIDENTS)


def can_manage_residents(actor: Actor) -> bool:
    return actor.may(Permission.MANAGE_RESIDENTS)


def can_read_sensitive(actor: Actor) -> bool:
    """Phones and identity numbers, with a reason each time."""
    return actor.may(Permission.SEE_SENSITIVE)


def can_give_duties(actor: Actor) -> bool:
    return actor.may(Permission.GIVE_DUTIES)


def can_publish_consent_texts(actor: Actor) -> bool:
    return actor.may(Permission.PUBLISH_CONSENT_TEXTS)


def is_self(actor: Actor, resident: Resident) -> bool:
    """Is this the actor's own record?"""
    return actor.resident_id is not None and actor.resident_id == resident.pk


def can_take_back_erasure(actor: Actor, request: ErasureRequest) -> bool:
    """The person always; for what the desk asked, everybody at the desk: to stop it must be easy, it undoes nothing."""
    if actor.resident_id == request.resident_id:
        return True
    return not request.is_own_wish and can_manage_residents(actor)


def acts_for(actor: Actor, resident_id: UUID) -> bool:
    """May the actor act for this resident: themselves, or one whose guardian or proxy they are? (At most one query.)"""
    if actor.resident_id is None:
        return False
    return actor.resident_id == resident_id or (
        Relation.objects.acting().filter(resident_id=resident_id, helper_id=actor.resident_id).exists()
    )
