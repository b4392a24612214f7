"""People and talents: what becomes of somebody's record, or of an organization, means for what is asked of talents."""

from __future__ import annotations

from weiyifang.core.actors import system
from weiyifang.core.tenancy import id_in
from weiyifang.organizations.events import OrganizationDissolved
from weiyifang.people.events import ConsentWithdrawn, PersonErased, ResidentLeft
from weiyifang.people.models import NEUTRAL_NAME, Purpose
from weiyifang.talents import services as talents


def hold(fact: ResidentLeft) -> None:
    """Before anything of theirs ends: what is open with them is locked before rooms and calendars (docs/adr/0025)."""
    talents.hold(resident_id=id_in(fact.subject))


def end(fact: ResidentLeft | PersonErased) -> None:
    """Somebody no longer lives here, or is forgotten: off the list, and what is open with them is closed."""
    talents.end_for(resident_id=id_in(fact.subject), by=system())


def consent_withdrawn(fact: ConsentWithdrawn) -> None:
    """The yes to being shown as a talent is taken back."""
    if fact.purpose == Purpose.TALENTS:
        talents.take_off_resident(resident_id=id_in(fact.subject), by=system())


def organization_gone(fact: OrganizationDissolved) -> None:
    """Nobody is left who waits for what the organization asked."""
    talents.end_for_organization(source=fact.subject, by=system())


def forget(fact: PersonErased) -> None:
    """A person is forgotten: their words and their thanks go, counts stay. What is open is held until `end`."""
    talents.forget_person(resident_id=id_in(fact.subject), name=fact.name, instead=NEUTRAL_NAME, by=system())
