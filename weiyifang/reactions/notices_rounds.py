"""Whom it concerns that the slots of a season can be applied for, are shared out, are booked."""

from __future__ import annotations

from weiyifang.core.tenancy import id_in
from weiyifang.notices.services import settle, tell
from weiyifang.organizations import queries as organizations
from weiyifang.sharing import events as sharing
from weiyifang.sharing import season


def slots_open(fact: sharing.RoundOpened) -> None:
    """Whoever leads an organization at work."""
    leaders = organizations.leaders_of(source for source, _name in organizations.givers())
    tell(
        kind="slots_open",
        about=fact.subject,
        residents=sorted(set(leaders.values())),
        until=fact.closes_at,
        number=fact.number,
    )


def slots_shared_out(fact: sharing.RoundSharedOut) -> None:
    settle(about=fact.subject, kinds=("slots_open",))
    _tell_who_applied("slots_shared_out", fact)


def slots_booked(fact: sharing.RoundBooked) -> None:
    settle(about=fact.subject, kinds=("slots_shared_out",))
    _tell_who_applied("slots_booked", fact)


def slots_called_off(fact: sharing.RoundCalledOff) -> None:
    settle(about=fact.subject, kinds=("slots_open", "slots_shared_out"))
    _tell_who_applied("slots_called_off", fact)


def _tell_who_applied(kind: str, fact: sharing.RoundFact) -> None:
    """Whoever leads an organization that applied; where nobody does, the account that did."""
    applied = season.who_applied(id_in(fact.subject))
    leaders = organizations.leaders_of(applied)
    accounts = {account for source, account in applied.items() if source not in leaders and account is not None}
    residents = sorted(set(leaders.values()))
    tell(kind=kind, about=fact.subject, residents=residents, accounts=sorted(accounts), number=fact.number)


def booking_is_back(fact: sharing.ThingsGivenBack) -> None:
    settle(about=fact.subject, kinds=("booking_overdue",))


def booking_answered(fact: sharing.BookingsFact) -> None:
    settle(about=fact.subject, kinds=("booking_to_answer",))
