"""A committee decides on what is large: each member once, a supervisor there, related parties stepping back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.refusals import Refused
from weiyifang.core.states import ForbiddenMove, move
from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import require, require_fresh
from weiyifang.fund import committee, deciding, events, rules, terms
from weiyifang.fund.models import FLOW, VOTES, CommitteeVoice, PaymentRequest, State, Voice
from weiyifang.fund.services.limits import UnknownCode
from weiyifang.fund.services.payments import locked, set_aside


class RelatedParty(Refused):
    """Whoever has something to do with it does not decide on it."""

    sentence = _("You asked for it, checked it, or belong to who gets the money. Step back: others decide.")


class SaidAlready(Refused):
    """One voice each, and it stays."""

    sentence = _("You have said it already, and it stays. It is asked anew only when the payment is submitted again.")


class NoSeatLeft(Refused):
    """More members than the rule has seats."""

    sentence = _("All %(seats)s seats of the committee have spoken. Ask the secretary to set the duties right.")


@transaction.atomic
def speak(*, request: PaymentRequest, voice: str, by: Actor) -> PaymentRequest:
    """Say one thing in the committee: a vote, that one steps back, or (the supervisor) that one is there.

    What makes the decision final closes it in the same moment: passed, the money is set aside and the decision's hash
    goes with it into the books; else the payment is refused. Raises `RelatedParty`, `SaidAlready`, `NoSeatLeft`,
    `ForbiddenMove`, and the ledger's `OverdraftRefused` when the vote that would pass it finds no money (then it is
    not taken down, and can be given when there is). Announces `CommitteeSpoke`, `PaymentDecided`.
    """
    if voice not in Voice.values:
        raise UnknownCode()
    request = locked(request, by)
    require(rules.can_watch(by) if voice == Voice.WATCHES else rules.can_vote(by))
    require_fresh(by)
    if not request.waits_for_committee:
        raise ForbiddenMove()
    if voice in (*VOTES, Voice.WATCHES) and committee.is_related(by, request):
        raise RelatedParty()
    said = list(committee.voices(request))
    if any(one.said_by_id == by.account_id for one in said):
        raise SaidAlready()
    seats = request.path_rule["seats"]
    if voice != Voice.WATCHES and sum(one.voice != Voice.WATCHES for one in said) >= seats:
        raise NoSeatLeft(seats=seats)
    assert by.account_id is not None  # whoever may vote or watch has a duty, and with it an account
    row = CommitteeVoice(payment=request, round=request.round, voice=voice, said_by_id=by.account_id)
    row.save(force_insert=True)
    source = source_of(request)
    announce(events.CommitteeSpoke(subject=source, number=request.number, round=row.round, voice=row.voice), by=by)
    return _close_if_decided(request, [*said, row], by)


def _close_if_decided(request: PaymentRequest, said: list[CommitteeVoice], by: Actor) -> PaymentRequest:
    came_to = committee.outcome_of(request, said)
    if came_to not in {deciding.Outcome.PASSED, deciding.Outcome.REFUSED}:
        return request
    digest = committee.hash_of(request, said)
    if came_to == deciding.Outcome.PASSED:
        until = clock.now() + timedelta(days=terms.rule_on(clock.today()).approval_days)
        hold = set_aside(request, until=until, memo=committee.memo(digest), by=by)
        also: dict[str, Any] = {
            "approved_at": clock.now(),
            "approved_until": until,
            "hold_id": hold,
            "approvals": request.approvals,
        }
        move(request, State.APPROVED, flow=FLOW, decision_hash=digest, **also)
    else:
        move(request, State.REFUSED, flow=FLOW, decision_hash=digest)
    announce(
        events.PaymentDecided(
            subject=source_of(request),
            number=request.number,
            amount_fen=request.amount_fen,
            outcome=came_to,
            digest=digest,
        ),
        by=by,
    )
    return request
