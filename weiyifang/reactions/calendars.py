"""People and calendars: who is gone has none that a phone could fetch."""

from __future__ import annotations

from weiyifang.calendars import services as calendars
from weiyifang.core.actors import system
from weiyifang.core.tenancy import id_in
from weiyifang.organizations.events import OrganizationDissolved
from weiyifang.people.events import PersonErased, ResidentLeft


def end(fact: ResidentLeft | PersonErased) -> None:
    """Somebody no longer lives here, or is forgotten: their addresses open nothing."""
    calendars.end_for(resident_id=id_in(fact.subject), by=system())


def end_of_organization(fact: OrganizationDissolved) -> None:
    """An organization ends: so do the addresses of its calendar, whoever made them."""
    calendars.end_for_organization(source=fact.subject, by=system())
