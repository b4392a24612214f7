"""Shows: what they mean for the fund, and what it means for them that somebody leaves, or that a troupe ends."""

from __future__ import annotations

from datetime import date

from weiyifang.core.actors import system
from weiyifang.core.tenancy import id_in
from weiyifang.fund import services as fund
from weiyifang.fund.services import Receipt
from weiyifang.organizations.events import OrganizationDissolved
from weiyifang.people.events import PersonErased, ResidentLeft
from weiyifang.people.models import NEUTRAL_NAME
from weiyifang.stage import services as stage
from weiyifang.stage.events import IncomeFact, IncomeGivenBack, IncomeReceived


def receive_share(fact: IncomeReceived) -> None:
    """The fund's part goes into its books, once: the income is the key. A community that keeps no fund is refused."""
    if fact.fund_fen:
        receipt = _receipt(fact, fact.subject, fact.fund_fen, fact.received_on, fact.method)
        fund.receive(receipt=receipt, by=system())


def give_share_back(fact: IncomeGivenBack) -> None:
    """What was given back goes out of the fund's books by a second entry; its part of what stays is received anew."""
    if fact.left_fund_fen:
        receipt = _receipt(fact, fact.instead, fact.left_fund_fen, fact.received_on, fact.method)
        fund.receive_instead(of=fact.subject, receipt=receipt, reason=str(fact.reason), by=system())
    else:
        fund.take_back_of(source=fact.subject, reason=str(fact.reason), by=system())


def _receipt(fact: IncomeFact, source: str, fen: int, day: date, method: str) -> Receipt:
    """The money of a sealed month is booked into the open one, with its own day on the receipt."""
    return Receipt(
        channel="purchases" if fact.is_purchase else "shows",
        amount_fen=fen,
        received_on=day,
        method=method,
        organization=fact.organization,
        note=fact.title,
        source=source,
        late=True,
    )


def hold(fact: OrganizationDissolved | ResidentLeft) -> None:
    """Before anything of theirs ends: shows are locked before rooms and calendars (docs/adr/0025)."""
    if isinstance(fact, OrganizationDissolved):
        stage.hold(organization=fact.subject)
    else:
        stage.hold(resident_id=id_in(fact.subject))


def give_up(fact: OrganizationDissolved | ResidentLeft | PersonErased) -> None:
    """Nobody is in the line-up of what is to come, or asked for it, who is here no more."""
    if isinstance(fact, OrganizationDissolved):
        stage.give_up_of(organization=fact.subject, by=system())
    else:
        stage.give_up_of(resident_id=id_in(fact.subject), by=system())


def forget(fact: PersonErased) -> None:
    """A person is forgotten: their name goes, sums and line-ups stay. What is to come is held until `give_up`."""
    stage.forget_person(resident_id=id_in(fact.subject), name=fact.name, instead=NEUTRAL_NAME, by=system())
