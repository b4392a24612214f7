"""What becomes of a stall of a market, and of the market: told to who leads the organization that has it."""

from __future__ import annotations

from collections.abc import Iterable

from weiyifang.activities import events as activities
from weiyifang.activities import queries as activities_read
from weiyifang.activities.models import Session
from weiyifang.core.tenancy import id_in, source_of
from weiyifang.notices.services import tell
from weiyifang.organizations import queries as organizations_read


def stall_given(fact: activities.StallTaken) -> None:
    """Whoever runs the market gave it to them; who took it themselves knows."""
    if not fact.is_own:
        _tell_of_stall("stall_given", fact)


def stall_gone(fact: activities.StallGivenBack) -> None:
    if not fact.is_own:
        _tell_of_stall("stall_gone", fact)


def market_moved(fact: activities.SessionMoved) -> None:
    """To another time, or another place."""
    _tell_of_market("market_moved", activities_read.date_of(id_in(fact.subject)))


def market_elsewhere(fact: activities.ActivityEdited) -> None:
    """The activity has another place; dates with a place of their own are left out."""
    if "place" in fact.changed:
        for session in activities_read.dates_at_its_place(id_in(fact.subject)):
            _tell_of_market("market_moved", session)


def market_off(fact: activities.SessionCancelled) -> None:
    _tell_of_market("market_off", activities_read.date_of(id_in(fact.subject)))


def _tell_of_stall(kind: str, fact: activities.StallFact) -> None:
    _tell(kind, activities_read.date_of(fact.session_id), [(fact.subject, fact.organization)])


def _tell_of_market(kind: str, session: Session) -> None:
    taken = [stand.stall for stand in activities_read.stalls_of(session) if not stand.stall.is_free]
    _tell(kind, session, [(source_of(stall), stall.organization) for stall in taken])


def _tell(kind: str, session: Session, stalls: Iterable[tuple[str, str]]) -> None:
    """`stalls`: the source of each, and of the organization that has it, or had it."""
    held = list(stalls)
    leaders = organizations_read.leaders_of(organization for _stall, organization in held)
    for stall, organization in held:
        if organization in leaders:
            tell(
                kind=kind,
                about=stall,
                residents=[leaders[organization]],
                until=session.starts_at,
                starts_at=session.starts_at,
                number=session.activity.number,
                date=session.number,
            )
