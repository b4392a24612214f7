"""Which fact about running grants is told to whom. What a notice then says: `notice_kinds`."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from weiyifang.core.tenancy import id_in, source_of
from weiyifang.grants import events as grants
from weiyifang.grants import queries
from weiyifang.grants.models import RunningGrant
from weiyifang.notices.services import settle, tell
from weiyifang.people import queries as people
from weiyifang.people.roles import Permission


def run_to_confirm(fact: grants.RunHandedIn) -> None:
    """Whoever may confirm it, and never who signed it."""
    others = [pk for pk in people.holders(Permission.APPROVE_PAYMENT) if pk != fact.signer_id]
    tell(kind="grants_to_confirm", about=fact.subject, accounts=others, run=id_in(fact.subject), year=fact.year)


def run_moved_on(fact: grants.RunFact) -> None:
    settle(about=fact.subject, kinds=["grants_to_confirm", "grants_sent_back"])


def run_sent_back(fact: grants.RunSentBack) -> None:
    """Whoever signed it."""
    signer = [fact.signer_id] if fact.signer_id else []
    tell(kind="grants_sent_back", about=fact.subject, accounts=signer, run=id_in(fact.subject), year=fact.year)


def run_published(fact: grants.RunPublished) -> None:
    """The leaders of every organization in it."""
    _tell_leaders("grant_published", queries.published_grants(id_in(fact.subject)))


def run_paid(fact: grants.RunPaidOut) -> None:
    """The leaders of those that were paid."""
    _tell_leaders("grant_paid", queries.grants_by_id(fact.paid))


def appeal_to_answer(fact: grants.AppealMade) -> None:
    """Whoever may answer it, and never who entered the table."""
    signer = queries.signer_of(fact.grant_id)
    others = [pk for pk in people.holders(Permission.APPROVE_PAYMENT) if pk != signer]
    tell(kind="appeal_to_answer", about=fact.subject, accounts=others, grant=fact.grant_id, year=fact.year)


def appeal_moved_on(fact: grants.AppealWithdrawn | grants.AppealAnswered) -> None:
    settle(about=fact.subject, kinds=["appeal_to_answer"])


def appeal_answered(fact: grants.AppealAnswered) -> None:
    """The organization's leaders."""
    _tell_leaders("appeal_answered", queries.grants_by_id([fact.grant_id]))


def _tell_leaders(kind: str, rows: Iterable[RunningGrant]) -> None:
    everywhere = set(people.holders(Permission.MANAGE_OWN_ORGANIZATION))
    for row in rows:
        leaders: list[UUID] = people.holders(Permission.MANAGE_OWN_ORGANIZATION, within=row.organization)
        accounts = [pk for pk in leaders if pk not in everywhere]
        if accounts:
            tell(kind=kind, about=source_of(row), accounts=accounts, grant=row.pk, year=row.run.year)
