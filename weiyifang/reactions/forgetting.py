"""A person is forgotten: every topic that keeps something of theirs lets it go; tallies stay.

What others typed about them (the reason for an answer, what a gift was for) says another name from then on.
"""

from __future__ import annotations

from weiyifang.activities import services as activities
from weiyifang.banking import services as banking
from weiyifang.core.actors import system
from weiyifang.core.tenancy import id_in
from weiyifang.errands import services as errands
from weiyifang.files import services as files
from weiyifang.fund import services as fund
from weiyifang.grants import services as grants
from weiyifang.news import services as news
from weiyifang.notices import services as notices
from weiyifang.organizations import services as organizations
from weiyifang.outreach import services as outreach
from weiyifang.people import queries as people
from weiyifang.people.events import ConsentWithdrawn, PersonErased
from weiyifang.people.models import NEUTRAL_NAME, Purpose
from weiyifang.sharing import services as sharing
from weiyifang.wechat_pay import services as wechat_pay


def forget_contacts(fact: PersonErased) -> None:
    """That anybody visited or called a person goes with them."""
    outreach.forget_person(resident_id=id_in(fact.subject), by=system())


def end_needs(fact: ConsentWithdrawn) -> None:
    """The yes to health and identity details is taken back: what somebody needs is kept no longer."""
    if fact.purpose == Purpose.SENSITIVE:
        outreach.end_needs_of(resident_id=id_in(fact.subject), by=system())


def forget_notes(fact: PersonErased) -> None:
    activities.forget_notes(resident_id=id_in(fact.subject), name=fact.name, instead=NEUTRAL_NAME)
    activities.forget_fetchers(
        resident_id=id_in(fact.subject), account_id=fact.account_id, name=fact.name, instead=NEUTRAL_NAME
    )
    activities.forget_excuses(resident_id=id_in(fact.subject), name=fact.name, instead=NEUTRAL_NAME)
    activities.forget_in_messages(name=fact.name, instead=NEUTRAL_NAME)


def forget_purposes(fact: PersonErased) -> None:
    sharing.forget_purposes(resident_id=id_in(fact.subject), name=fact.name, instead=NEUTRAL_NAME)


def forget_giver(fact: PersonErased) -> None:
    fund.forget_giver(resident_id=id_in(fact.subject), name=fact.name, instead=NEUTRAL_NAME, by=system())


def forget_orders(fact: PersonErased) -> None:
    wechat_pay.forget_person(resident_id=id_in(fact.subject), name=fact.name, instead=NEUTRAL_NAME)


def forget_in_statements(fact: PersonErased) -> None:
    banking.forget_person(name=fact.name, instead=NEUTRAL_NAME)


def forget_member(fact: PersonErased) -> None:
    organizations.forget_person(resident_id=id_in(fact.subject), name=fact.name, instead=NEUTRAL_NAME, by=system())


def forget_reasons(fact: PersonErased) -> None:
    news.forget_reasons(name=fact.name, instead=NEUTRAL_NAME)


def forget_in_appeals(fact: PersonErased) -> None:
    grants.forget_person(name=fact.name, instead=NEUTRAL_NAME)


def forget_papers(fact: PersonErased) -> None:
    files.forget_gone("people.relation", people.relations_there, subject=fact.subject, by=system())


def forget_notices(fact: PersonErased) -> None:
    notices.forget_person(resident_id=id_in(fact.subject))


def forget_lists(fact: PersonErased) -> None:
    """Lists of people that wait to be fetched: nobody opens them to see whether somebody stands in them."""
    errands.forget_files_that_name_people()
