"""The fund's verbs. Nothing else writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.access import require, require_fresh
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce, announced_together
from weiyifang.core.facts import new_salt
from weiyifang.core.forgetting import write_over
from weiyifang.core.ids import new_id
from weiyifang.core.numbers import next_number
from weiyifang.core.refusals import Refused
from weiyifang.core.states import move
from weiyifang.core.tenancy import fill_community, source_of
from weiyifang.fund import events, rules
from weiyifang.fund.books import Books, books, is_open
from weiyifang.fund.chart import chart
from weiyifang.fund.models import FLOW, MONEY_ACCOUNT, Donation, Method, PaymentRequest, State
from weiyifang.ledger import services as ledger
from weiyifang.ledger.models import Hold, Period
from weiyifang.ledger.services import Posting
from weiyifang.organizations import queries as organizations

APPROVAL_LASTS = timedelta(days=90)  # after that the money set aside is free again and the request must be asked anew


class NotPositive(Refused):
    """The amount is zero or less."""

    sentence = _("The amount must be more than zero.")
    status = 422


class UnknownCode(Refused):
    """A channel, category or purpose that the chart does not know."""

    sentence = _("Choose one from the list.")
    status = 422


class NotYetReceived(Refused):
    """A date in the future."""

    sentence = _("That day has not come yet. Write the day the money arrived.")
    status = 422


class TakenBackAlready(Refused):
    """A receipt can be taken back once."""

    sentence = _("This receipt was taken back already.")


class FromAnotherTopic(Refused):
    """The receipt follows from something else and is corrected there."""

    sentence = _("This receipt came from an activity. Correct it there; the fund follows.")


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What `receive_many` records: the fields of `receive`."""

    channel: str
    amount_fen: int
    received_on: date
    method: str = Method.BANK
    pool: str = "general"
    donor_name: str = ""
    is_named: bool = False
    resident_id: UUID | None = None
    note: str = ""
    source: str = ""


@transaction.atomic
def open_fund(*, by: Actor) -> Books:
    """Open the fund's book with the chart's accounts and pools, or return it when it is open already."""
    require(rules.can_record_income(by))
    if is_open():
        return books()
    here = chart()
    book = ledger.open_book(code="fund", unit="fen", name="社区公益基金", by=by)
    for line in here.money.values():
        ledger.open_account(book=book, code=line.code, name=line.zh, side="debit", floored=True, by=by)
    for line in here.channels.values():
        ledger.open_account(book=book, code=line.ledger_code, name=line.zh, side="credit", floored=False, by=by)
    for line in here.categories.values():
        ledger.open_account(book=book, code=line.ledger_code, name=line.zh, side="debit", floored=False, by=by)
    for line in here.pools.values():
        purpose = line.zh if line.restricted else ""
        ledger.open_pool(book=book, code=line.code, name=line.zh, restricted=line.restricted, purpose=purpose, by=by)
    announce(events.FundOpened(subject=source_of(book)), by=by)
    return books()


@transaction.atomic
def receive(*, receipt: Receipt, by: Actor) -> Donation:
    """Record money that came in. Raises `NotPositive`, `UnknownCode`, `NotYetReceived`, the ledger's `PeriodSealed`."""
    return receive_many(receipts=[receipt], by=by)[0]


@transaction.atomic
def receive_many(*, receipts: Sequence[Receipt], by: Actor) -> list[Donation]:
    """Record several at once (a donation box, a bank statement): all or none. Announces `DonationReceived` for each.

    A receipt whose `source` was recorded before is not recorded again.
    """
    require(rules.can_record_income(by))
    require_fresh(by)
    for receipt in receipts:
        _check(receipt)
    given = [receipt.source for receipt in receipts if receipt.source]
    known = {row.source: row for row in Donation.objects.filter(source__in=given)}
    fresh = [receipt for receipt in receipts if not receipt.source or receipt.source not in known]
    if not fresh:
        return [known[receipt.source] for receipt in receipts]
    here, number = books(), next_number("donation", len(fresh))
    rows = [_donation(receipt, number + n, by) for n, receipt in enumerate(fresh)]
    fill_community(rows)
    Donation.objects.bulk_create(rows, batch_size=1000)
    ledger.post_many(
        postings=[
            Posting(
                debit=here.account(MONEY_ACCOUNT[Method(row.method)]),
                credit=here.account(row.channel_line.ledger_code),
                pool=here.pool(row.pool),
                amount=row.amount_fen,
                source=source_of(row),
                effective_on=row.received_on,
            )
            for row in rows
        ],
        by=by,
    )
    with announced_together():
        for row in rows:
            announce(
                events.DonationReceived(
                    subject=source_of(row),
                    number=row.number,
                    channel=row.channel,
                    amount_fen=row.amount_fen,
                    resident_id=str(row.resident_id or ""),
                    fingerprint=row.fingerprint,
                ),
                by=by,
            )
    made = iter(rows)
    return [known.get(receipt.source) or next(made) if receipt.source else next(made) for receipt in receipts]


def _check(receipt: Receipt) -> None:
    here = chart()
    if receipt.amount_fen <= 0:
        raise NotPositive()
    if receipt.channel not in here.channels or receipt.pool not in here.pools or receipt.method not in Method.values:
        raise UnknownCode()
    if receipt.received_on > clock.today():
        raise NotYetReceived()


def _donation(receipt: Receipt, number: int, by: Actor) -> Donation:
    row = Donation(
        id=new_id(),
        number=number,
        channel=receipt.channel,
        pool=receipt.pool,
        amount_fen=receipt.amount_fen,
        method=receipt.method,
        donor_name=receipt.donor_name,
        is_named=receipt.is_named,
        resident_id=receipt.resident_id,
        note=receipt.note,
        received_on=receipt.received_on,
        recorded_by_id=by.account_id,
    )
    row.source = receipt.source or source_of(row)
    return row


@transaction.atomic
def take_back(*, donation: Donation, reason: str, by: Actor) -> Donation:
    """A receipt that was recorded wrongly is taken back by a second entry dated today; both stay to be seen.

    Raises `TakenBackAlready`, `FromAnotherTopic`, and the ledger's `OverdraftRefused` when the money was spent since.
    """
    require(rules.can_record_income(by))
    require_fresh(by)
    donation = Donation.objects.select_for_update(of=("self",)).get(pk=donation.pk)
    if donation.reversed_at is not None:
        raise TakenBackAlready()
    if donation.source != source_of(donation):
        raise FromAnotherTopic()
    return _taken_back(donation, reason, by)


@transaction.atomic
def take_back_of(*, source: str, reason: str, by: Actor) -> None:
    """What a receipt followed from was a mistake: the receipt of that source is taken back, once."""
    donation = Donation.objects.select_for_update(of=("self",)).filter(source=source, reversed_at=None).first()
    if donation is not None:
        _taken_back(donation, reason, by)


def _taken_back(donation: Donation, reason: str, by: Actor) -> Donation:
    transfer = books().transfer_of(source_of(donation))
    ledger.reverse(transfer=transfer, source=f"{source_of(donation)}/taken-back", by=by)
    donation.reversed_at, donation.reversed_because = clock.now(), reason
    donation.save(update_fields=["reversed_at", "reversed_because"])
    announce(
        events.DonationReversed(
            subject=source_of(donation), number=donation.number, amount_fen=donation.amount_fen, reason=reason
        ),
        by=by,
    )
    return donation


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


@transaction.atomic
def close_month(*, month: date, by: Actor) -> Period:
    """Seal a month's books: what is in it can no longer change, and its root is published. Announces `MonthClosed`."""
    require(rules.can_close(by))
    require_fresh(by)
    book = books().book
    period = ledger.close_period(book=book, month=month, by=by)
    if book.sealed_through is None or book.sealed_through < period.month:  # else it was sealed before
        announce(events.MonthClosed(subject=source_of(period), month=f"{month:%Y-%m}", root=period.root_hash), by=by)
    return period


@transaction.atomic
def forget_giver(*, resident_id: UUID, name: str, instead: str, by: Actor) -> None:
    """A person is forgotten: their gifts stay in every sum, their name goes, also from what others typed.

    A payment that was made stays as it is, and who was paid stays for every payment, as the law on accounts asks.
    """
    write_over(PaymentRequest.objects.all(), "reason", name=name, instead=instead)
    mine = Donation.objects.filter(resident_id=resident_id)
    mine.update(donor_name="", is_named=False, resident_id=None, salt="", note="")
    write_over(Donation.objects.all(), "note", "reversed_because", name=name, instead=instead)
