"""Rooms and things: what it means for bookings that somebody leaves, or that an organization ends."""

from __future__ import annotations

from weiyifang.core.actors import system
from weiyifang.core.tenancy import id_in
from weiyifang.organizations.events import OrganizationDissolved
from weiyifang.people.events import PersonErased, ResidentLeft
from weiyifang.sharing import services as sharing


def give_up(fact: OrganizationDissolved | ResidentLeft | PersonErased) -> None:
    """What is to come is free for others."""
    if isinstance(fact, OrganizationDissolved):
        sharing.give_up_of(organization=fact.subject, by=system())
    else:
        sharing.give_up_of(resident_id=id_in(fact.subject), by=system())
