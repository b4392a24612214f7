"""What one person asks for and another confirms: moves of money, and corrections of what was paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.look.wording import as_day
from weiyifang.core.numbers import next_number
from weiyifang.core.refusals import Refused
from weiyifang.core.states import move
from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import require, require_fresh
from weiyifang.fund import events, rules
from weiyifang.fund.models import (
    DECISIONS,
    MONEY_ACCOUNT,
    CorrectionKind,
    Decision,
    Method,
    MoneyMove,
    PaymentCorrection,
    PaymentRequest,
    State,
)
from weiyifang.fund.services.income import NotYetReceived
from weiyifang.fund.services.keeping import books_for, open_day
from weiyifang.fund.services.limits import UnknownCode, check_amount, open_purpose_of
from weiyifang.ledger import services as ledger


class SamePlace(Refused):
    """From one place to itself."""

    sentence = _("Both are the same place. Choose where the money went to.")
    status = 422


class NotPaid(Refused):
    """Only what was paid is corrected; before that it is sent back."""

    sentence = _("This was not paid, so there is nothing to correct. Send it back instead.")


class MoreThanPaid(Refused):
    """All corrections together would exceed the payment."""

    sentence = _("That is more than is left of this payment. Look at the corrections that were asked for before.")
    status = 422


class BeforePayment(Refused):
    """A correction of what was not paid yet on that day."""

    sentence = _("On that day it was not paid yet. Write the day the money came back or the mistake was found.")
    status = 422


# --- money that goes from one place to another --------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Move:
    """What `ask_move` is told: from where to where, how much of which purpose, on which day, the bank's number."""

    from_method: str
    to_method: str
    amount_fen: int
    happened_on: date
    pool: str = "general"
    slip: str = ""


@transaction.atomic
def ask_move(*, wanted: Move, by: Actor) -> MoneyMove:
    """Say that money was taken from one place to another (缴存现金, 微信提现). It is booked when another confirms it.

    Raises `SamePlace`, `UnknownCode`, `NotYetReceived` and what `check_amount` raises. Announces `MoneyMoveAsked`.
    """
    require(rules.can_move_money(by))
    require_fresh(by)
    check_amount(wanted.amount_fen)
    if not {wanted.from_method, wanted.to_method} <= {*Method.values}:
        raise UnknownCode()
    open_purpose_of(wanted.pool)
    if wanted.from_method == wanted.to_method:
        raise SamePlace()
    if wanted.happened_on > clock.today():
        raise NotYetReceived()
    row = MoneyMove(number=next_number("money move"), asked_by_id=by.account_id, **vars(wanted))
    row.save(force_insert=True)
    announce(
        events.MoneyMoveAsked(
            subject=source_of(row),
            number=row.number,
            amount_fen=row.amount_fen,
            from_method=row.from_method,
            to_method=row.to_method,
            pool=row.pool,
        ),
        by=by,
    )
    return row


@transaction.atomic
def confirm_move(*, row: MoneyMove, by: Actor) -> MoneyMove:
    """Another person confirms it: it is booked. Raises the ledger's `OverdraftRefused` when it was not there."""
    row = MoneyMove.objects.select_for_update(of=("self",)).get(pk=row.pk)
    require(rules.can_decide(by, row))
    require_fresh(by)
    here = books_for(by)
    day = open_day(here, row.happened_on)
    _decide(row, Decision.BOOKED, by, booked_on=day)
    ledger.post(
        debit=here.account(MONEY_ACCOUNT[Method(row.to_method)]),
        credit=here.account(MONEY_ACCOUNT[Method(row.from_method)]),
        pool=here.pool(row.pool),
        amount=row.amount_fen,
        source=source_of(row),
        effective_on=day,
        by=by,
    )
    announce(events.MoneyMoved(subject=source_of(row), number=row.number, amount_fen=row.amount_fen), by=by)
    return row


@transaction.atomic
def refuse_move(*, row: MoneyMove, reason: str, by: Actor) -> MoneyMove:
    """Another person says no, with the reason; nothing is booked."""
    row = MoneyMove.objects.select_for_update(of=("self",)).get(pk=row.pk)
    require(rules.can_decide(by, row))
    _decide(row, Decision.REFUSED, by, answer=reason)
    announce(events.MoneyMoveRefused(subject=source_of(row), number=row.number, reason=reason), by=by)
    return row


@transaction.atomic
def withdraw_move(*, row: MoneyMove, by: Actor) -> MoneyMove:
    """Whoever asked takes it back before it is booked."""
    row = MoneyMove.objects.select_for_update(of=("self",)).get(pk=row.pk)
    require(rules.can_withdraw(by, row))
    move(row, Decision.WITHDRAWN, flow=DECISIONS)
    announce(events.MoneyMoveWithdrawn(subject=source_of(row), number=row.number), by=by)
    return row


def _decide(row: MoneyMove | PaymentCorrection, to: Decision, by: Actor, **also: Any) -> None:
    move(row, to, flow=DECISIONS, decided_by_id=by.account_id, decided_at=clock.now(), **also)


# --- payments that are corrected ----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Correction:
    """What `ask_correction` is told: what happened, how much of the payment, on which day, why, the bank's number."""

    kind: str
    amount_fen: int
    happened_on: date
    reason: str
    slip: str = ""


def left_of(payment: PaymentRequest) -> int:
    """What of a payment no correction takes back, those that wait to be confirmed counted; in fen."""
    alive = payment.corrections.filter(state__in=[Decision.ASKED, Decision.BOOKED])
    return payment.amount_fen - (alive.aggregate(sum=Sum("amount_fen"))["sum"] or 0)


@transaction.atomic
def ask_correction(*, payment: PaymentRequest, wanted: Correction, by: Actor) -> PaymentCorrection:
    """Say that money of a paid payment came back, or that it was booked wrongly. Booked when another confirms it.

    The payment itself stays as it is: what is right is asked for and paid anew. Raises `NotPaid`, `MoreThanPaid`,
    `BeforePayment`, `NotYetReceived`, `UnknownCode`. Announces `PaymentCorrectionAsked`.
    """
    require(rules.can_correct_payment(by))
    require_fresh(by)
    check_amount(wanted.amount_fen)
    if wanted.kind not in CorrectionKind.values:
        raise UnknownCode()
    if payment.state != State.PAID or payment.paid_at is None:
        raise NotPaid()
    if wanted.happened_on > clock.today():
        raise NotYetReceived()
    if wanted.happened_on < as_day(payment.paid_at):
        raise BeforePayment()
    number = next_number("payment correction")  # whoever corrects waits here: what is left is looked at one by one
    if wanted.amount_fen > left_of(payment):
        raise MoreThanPaid()
    row = PaymentCorrection(number=number, payment=payment, asked_by_id=by.account_id, **vars(wanted))
    row.save(force_insert=True)
    announce(
        events.PaymentCorrectionAsked(
            subject=source_of(row),
            number=row.number,
            payment=source_of(payment),
            kind=row.kind,
            amount_fen=row.amount_fen,
            reason=row.reason,
        ),
        by=by,
    )
    return row


@transaction.atomic
def confirm_correction(*, row: PaymentCorrection, by: Actor) -> PaymentCorrection:
    """Another person confirms it: an entry the other way round puts the money back where it was paid from."""
    row = PaymentCorrection.objects.select_for_update(of=("self",)).select_related("payment").get(pk=row.pk)
    require(rules.can_decide(by, row))
    require_fresh(by)
    here = books_for(by)
    day = open_day(here, row.happened_on)
    _decide(row, Decision.BOOKED, by, booked_on=day)
    ledger.reverse(
        transfer=here.transfer_of(source_of(row.payment)),
        source=source_of(row),
        amount=row.amount_fen,
        effective_on=day,
        by=by,
    )
    announce(events.PaymentCorrected(subject=source_of(row), number=row.number, amount_fen=row.amount_fen), by=by)
    return row


@transaction.atomic
def refuse_correction(*, row: PaymentCorrection, reason: str, by: Actor) -> PaymentCorrection:
    """Another person says no, with the reason; nothing is booked."""
    row = PaymentCorrection.objects.select_for_update(of=("self",)).get(pk=row.pk)
    require(rules.can_decide(by, row))
    _decide(row, Decision.REFUSED, by, answer=reason)
    announce(events.PaymentCorrectionRefused(subject=source_of(row), number=row.number, reason=reason), by=by)
    return row


@transaction.atomic
def withdraw_correction(*, row: PaymentCorrection, by: Actor) -> PaymentCorrection:
    """Whoever asked takes it back before it is booked."""
    row = PaymentCorrection.objects.select_for_update(of=("self",)).get(pk=row.pk)
    require(rules.can_withdraw(by, row))
    move(row, Decision.WITHDRAWN, flow=DECISIONS)
    announce(events.PaymentCorrectionWithdrawn(subject=source_of(row), number=row.number), by=by)
    return row
