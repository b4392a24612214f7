"""What is asked of talents: told to the one of the two who does not know it yet."""

from __future__ import annotations

from uuid import UUID

from weiyifang.core.tenancy import id_in
from weiyifang.notices.services import settle, tell
from weiyifang.talents import events as talents
from weiyifang.talents import queries as talents_read


def talent_asked(fact: talents.TalentAsked) -> None:
    """The talent, and whoever acts for them."""
    _tell_the_talent("talent_asked", fact)


def talent_accepted(fact: talents.TalentAccepted) -> None:
    _tell_the_asker("talent_accepted", fact)


def talent_declined(fact: talents.TalentDeclined) -> None:
    _tell_the_asker("talent_declined", fact)


def talent_no_longer_asked(fact: talents.TalentRequestWithdrawn) -> None:
    _tell_the_talent("talent_no_longer_asked", fact)


def talent_request_closed(fact: talents.TalentRequestClosed) -> None:
    """The other of the two; whoever is gone is told nothing."""
    if fact.is_talents_end:
        _tell_the_asker("talent_gone", fact)
    else:
        _tell_the_talent("talent_no_longer_asked", fact)


def talent_request_lapsed(fact: talents.TalentRequestLapsed) -> None:
    """Whoever asked: whom it waited for has seen it every day."""
    _tell_the_asker("talent_request_lapsed", fact, is_over=True)


def talent_thanked(fact: talents.TalentThanked) -> None:
    request = fact.request_id
    tell(kind="talent_thanked", about=fact.subject, residents=[fact.resident_id], request=request)


def talent_answered(fact: talents.TalentRequestFact) -> None:
    settle(about=fact.subject, kinds=("talent_asked",))


def _tell_the_talent(kind: str, fact: talents.TalentRequestFact) -> None:
    _tell_of_request(kind, fact, residents=[fact.resident_id])


def _tell_the_asker(kind: str, fact: talents.TalentRequestFact, *, is_over: bool = False) -> None:
    """The resident who asked; of the committee the account that did. `is_over`: also when its time has come."""
    if fact.asker_id:
        _tell_of_request(kind, fact, is_over=is_over, residents=[fact.asker_id])
    elif account_id := talents_read.request(id_in(fact.subject)).asked_by_id:
        _tell_of_request(kind, fact, is_over=is_over, accounts=[account_id])


def _tell_of_request(kind: str, fact: talents.TalentRequestFact, *, is_over: bool = False, **whom: list[UUID]) -> None:
    request, until = id_in(fact.subject), None if is_over else fact.starts_at
    tell(kind=kind, about=fact.subject, until=until, starts_at=fact.starts_at, request=request, **whom)
