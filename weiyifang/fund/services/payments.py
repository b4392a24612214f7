"""Money that goes out: asked for by one, approved by another, paid by a third."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction

from weiyifang.core import clock
from weiyifang.core.access import require, require_fresh
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.facts import new_salt
from weiyifang.core.numbers import next_number
from weiyifang.core.states import move
from weiyifang.core.tenancy import source_of
from weiyifang.fund import events, rules
from weiyifang.fund.books import books
from weiyifang.fund.chart import chart
from weiyifang.fund.models import FLOW, MONEY_ACCOUNT, Method, PaymentRequest, State
from weiyifang.fund.services.limits import NotPositive, UnknownCode
from weiyifang.ledger import services as ledger
from weiyifang.ledger.models import Hold
from weiyifang.organizations import queries as organizations

APPROVAL_LASTS = timedelta(days=90)  # after that the money set aside is free again and the request must be asked anew


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a payment request says."""

    title: str
    payee: str
    category: str
    amount_fen: int
    pool: str = "general"
    papers: str = ""
    organization: str = ""


def _check_wanted(wanted: Wanted, by: Actor) -> None:
    here = chart()
    if wanted.amount_fen <= 0:
        raise NotPositive()
    if wanted.category not in here.categories or wanted.pool not in here.pools:
        raise UnknownCode()
    organizations.check_source(wanted.organization, by=by)


@transaction.atomic
def submit_payment(*, wanted: Wanted, by: Actor) -> PaymentRequest:
    """Ask for a payment. Announces `PaymentSubmitted`."""
    require(rules.can_request(by, wanted.organization))
    _check_wanted(wanted, by)
    row = PaymentRequest(number=next_number("payment"), **vars(wanted))
    row.state, row.submitted_by_id, row.submitted_at = State.SUBMITTED, by.account_id, clock.now()
    row.save(force_insert=True)
    _announce_submitted(row, by)
    return row


@transaction.atomic
def resubmit_payment(*, request: PaymentRequest, wanted: Wanted, by: Actor) -> PaymentRequest:
    """Change a request that was sent back (or not looked at yet) and submit it again."""
    request = _locked(request)
    require(rules.can_edit(by, request) and rules.can_request(by, wanted.organization))
    _check_wanted(wanted, by)
    if request.state != State.SUBMITTED:
        move(request, State.SUBMITTED, flow=FLOW, submitted_at=clock.now(), reason="")
    for name, value in vars(wanted).items():
        setattr(request, name, value)
    request.salt = new_salt()
    request.save(update_fields=[*vars(wanted), "salt"])
    _announce_submitted(request, by)
    return request


def _announce_submitted(row: PaymentRequest, by: Actor) -> None:
    announce(
        events.PaymentSubmitted(
            subject=source_of(row),
            number=row.number,
            amount_fen=row.amount_fen,
            category=row.category,
            fingerprint=row.fingerprint,
        ),
        by=by,
    )


@transaction.atomic
def approve_payment(*, request: PaymentRequest, by: Actor) -> PaymentRequest:
    """Approve and set the money aside. Raises the ledger's `OverdraftRefused` when there is not enough for it."""
    request = _locked(request)
    require(rules.can_approve(by, request))
    require_fresh(by)
    request.approvals += 1
    hold = ledger.hold(
        **_sides(request),
        source=f"{source_of(request)}/hold-{request.approvals}",
        expires_at=clock.now() + APPROVAL_LASTS,
        by=by,
    )
    move(
        request,
        State.APPROVED,
        flow=FLOW,
        approved_by_id=by.account_id,
        approved_at=clock.now(),
        hold_id=hold.pk,
        approvals=request.approvals,
    )
    announce(
        events.PaymentApproved(subject=source_of(request), number=request.number, amount_fen=request.amount_fen), by=by
    )
    return request


@transaction.atomic
def send_back_payment(*, request: PaymentRequest, reason: str, by: Actor) -> PaymentRequest:
    """Give it back with a reason; money set aside for it is free again."""
    request = _locked(request)
    require(rules.can_approve(by, request))
    if request.hold_id is not None:
        ledger.release_hold(hold=Hold.objects.get(pk=request.hold_id), by=by)
    move(request, State.SENT_BACK, flow=FLOW, reason=reason, approved_by_id=None, approved_at=None, hold_id=None)
    announce(events.PaymentSentBack(subject=source_of(request), number=request.number, reason=reason), by=by)
    return request


@transaction.atomic
def refuse_payment(*, request: PaymentRequest, reason: str, by: Actor) -> PaymentRequest:
    """Say no, with the reason."""
    request = _locked(request)
    require(rules.can_approve(by, request))
    move(request, State.REFUSED, flow=FLOW, reason=reason)
    announce(events.PaymentRefused(subject=source_of(request), number=request.number, reason=reason), by=by)
    return request


@transaction.atomic
def withdraw_payment(*, request: PaymentRequest, by: Actor) -> PaymentRequest:
    """Who submitted it takes it back before it is approved."""
    request = _locked(request)
    require(rules.can_edit(by, request))
    move(request, State.WITHDRAWN, flow=FLOW)
    announce(events.PaymentWithdrawn(subject=source_of(request), number=request.number), by=by)
    return request


@transaction.atomic
def pay(*, request: PaymentRequest, papers: str = "", by: Actor) -> PaymentRequest:
    """Pay what another approved: the money set aside becomes a transfer. Announces `PaymentMade`."""
    request = _locked(request)
    require(rules.can_pay(by, request))
    require_fresh(by)
    also = {"papers": papers} if papers else {}
    move(request, State.PAID, flow=FLOW, paid_by_id=by.account_id, paid_at=clock.now(), **also)
    assert request.hold_id is not None  # a constraint keeps it
    hold = Hold.objects.get(pk=request.hold_id)
    ledger.post_hold(hold=hold, source=source_of(request), effective_on=clock.today(), by=by)
    announce(
        events.PaymentMade(
            subject=source_of(request), number=request.number, amount_fen=request.amount_fen, category=request.category
        ),
        by=by,
    )
    return request


def _locked(request: PaymentRequest) -> PaymentRequest:
    locked = PaymentRequest.objects.select_for_update(of=("self",)).filter(pk=request.pk).first()
    return locked or PaymentRequest.objects.get(pk=request.pk)  # paid: it needs no lock, for nobody may change it


def _sides(request: PaymentRequest) -> dict[str, Any]:
    here = books()
    return {
        "debit": here.account(request.category_line.ledger_code),
        "credit": here.account(MONEY_ACCOUNT[Method(request.method)]),
        "pool": here.pool(request.pool),
        "amount": request.amount_fen,
    }
