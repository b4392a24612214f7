"""The fund's committee and one payment: who is related, what was said, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import id_in, source_of
from weiyifang.fund import deciding
from weiyifang.fund.models import CommitteeVoice, PaymentRequest
from weiyifang.organizations import queries as organizations

MEMO = "decision:"


def voices(request: PaymentRequest) -> QuerySet[CommitteeVoice]:
    """What was said about a request as it stands, in order."""
    return CommitteeVoice.objects.filter(payment=request, round=request.round).order_by("said_at", "id")


def is_related(actor: Actor, request: PaymentRequest) -> bool:
    """Had this person a part in it, or do they belong to who asks or gets the money: as member, leader or by duty?"""
    if actor.account_id in {request.submitted_by_id, request.checked_by_id}:
        return True
    sources = {request.organization, organizations.sources_by_name().get(request.payee, "")} - {""}
    if any(source in scopes for scopes in actor.rights.values() for source in sources):
        return True
    if actor.resident_id is None:
        return False
    leads = actor.resident_id in organizations.leaders_of(sources).values()
    return leads or any(organizations.belongs(id_in(source), actor.resident_id) for source in sources)


def outcome_of(request: PaymentRequest, said: Iterable[CommitteeVoice]) -> deciding.Outcome:
    """What the voices come to by the rule the request was submitted under."""
    rule = request.path_rule
    return deciding.outcome([one.voice for one in said], seats=rule["seats"], quorum=rule["quorum"])


def hash_of(request: PaymentRequest, said: Sequence[CommitteeVoice]) -> str:
    """The hash of the decision on a request (see `deciding.decision_hash`)."""
    about = {
        "payment": source_of(request),
        "number": request.number,
        "round": request.round,
        "amount_fen": request.amount_fen,
        "category": request.category,
        "path": request.path,
        "rule": dict(request.path_rule),
        "request": request.fingerprint,
    }
    return deciding.decision_hash(about, [one.fingerprint for one in said])


def memo(digest: str) -> str:
    """How the books hold it: a code beside the hold and its transfer."""
    return f"{MEMO}{digest}"
