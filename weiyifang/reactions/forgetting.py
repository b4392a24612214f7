"""A person asked to be forgotten: every topic that keeps something of theirs lets it go; tallies stay."""

from __future__ import annotations

from weiyifang.activities import services as activities
from weiyifang.core.actors import system
from weiyifang.core.tenancy import id_in
from weiyifang.fund import services as fund
from weiyifang.organizations import services as organizations
from weiyifang.people.events import PersonErased


def forget_giver(fact: PersonErased) -> None:
    fund.forget_giver(resident_id=id_in(fact.subject), by=system())


def forget_member(fact: PersonErased) -> None:
    organizations.forget_person(resident_id=id_in(fact.subject), by=system())


def forget_notes(fact: PersonErased) -> None:
    activities.forget_notes(resident_id=id_in(fact.subject))
