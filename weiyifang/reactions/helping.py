"""People and volunteering: what becomes of somebody's record means for where they help."""

from __future__ import annotations

from weiyifang.core.actors import system
from weiyifang.core.tenancy import id_in
from weiyifang.people.events import ConsentWithdrawn, PersonErased, ResidentLeft, ResidentReturned
from weiyifang.people.models import NEUTRAL_NAME, Purpose
from weiyifang.volunteering import services as volunteering


def hold(fact: ResidentLeft) -> None:
    """Before anything of theirs ends: where they help is locked before rooms and calendars (docs/adr/0025)."""
    volunteering.hold(resident_id=id_in(fact.subject))


def sign_off(fact: ResidentLeft | PersonErased) -> None:
    """Somebody no longer lives here, or is forgotten, so they help no more, and what they asked for is not needed."""
    volunteering.leave(resident_id=id_in(fact.subject), by=system())


def hold_saved_time(fact: ResidentReturned) -> None:
    """Before anything comes back: what they left to the community is locked before seats (docs/adr/0025)."""
    volunteering.hold_left(resident_id=id_in(fact.subject))


def bring_saved_time_back(fact: ResidentReturned) -> None:
    """They live here again: time they had left to the community is theirs, as far as it is still there."""
    volunteering.bring_back(resident_id=id_in(fact.subject), by=system())


def consent_withdrawn(fact: ConsentWithdrawn) -> None:
    """The yes to being noted as a volunteer is taken back."""
    if fact.purpose == Purpose.VOLUNTEERING:
        volunteering.sign_off_resident(resident_id=id_in(fact.subject), by=system())


def forget(fact: PersonErased) -> None:
    """A person is forgotten: their words go, counts stay. What they took on is held until `sign_off` gives it back."""
    volunteering.forget_person(resident_id=id_in(fact.subject), name=fact.name, instead=NEUTRAL_NAME, by=system())
