"""Money that comes in, and receipts that are taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce, announced_together
from weiyifang.core.ids import new_id
from weiyifang.core.numbers import next_number
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import fill_community, source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require, require_fresh
from weiyifang.fund import events, rules
from weiyifang.fund.books import Books, books
from weiyifang.fund.chart import chart
from weiyifang.fund.models import MONEY_ACCOUNT, Donation, Method
from weiyifang.fund.services.keeping import books_for, open_day
from weiyifang.fund.services.limits import UnknownCode, check_amount, open_purpose_of
from weiyifang.ledger import queries as ledger_queries
from weiyifang.ledger import services as ledger
from weiyifang.ledger.models import Transfer
from weiyifang.ledger.services import Posting
from weiyifang.organizations import queries as organizations


class NotYetReceived(Refused):
    """A date in the future."""

    sentence = _("That day has not come yet. Write the day the money arrived.")
    status = 422


class TakenBackAlready(Refused):
    """A receipt can be taken back once."""

    sentence = _("This receipt was taken back already.")


class FromAnotherTopic(Refused):
    """The receipt follows from something else and is corrected there."""

    sentence = _("This receipt came from an activity or a show. Correct it there; the fund follows.")


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
    organization: str = ""  # source of the organization here that gave it
    note: str = ""
    source: str = ""
    late: bool = False  # book it into the open month when the one of its day is sealed; the day stays on the receipt


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
        _check(receipt, by)
    given = [receipt.source for receipt in receipts if receipt.source]
    known = {row.source: row for row in Donation.objects.filter(source__in=given)}
    fresh = [receipt for receipt in receipts if not receipt.source or receipt.source not in known]
    if not fresh:
        return [known[receipt.source] for receipt in receipts]
    number = next_number("donation", len(fresh))
    here = books_for(by)
    rows = [_donation(here, receipt, number + n, by) for n, receipt in enumerate(fresh)]
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
                effective_on=row.booked_on or row.received_on,
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
                    organization=row.organization,
                    fingerprint=row.fingerprint,
                ),
                by=by,
            )
    made = iter(rows)
    return [known.get(receipt.source) or next(made) if receipt.source else next(made) for receipt in receipts]


def _check(receipt: Receipt, by: Actor) -> None:
    here = chart()
    check_amount(receipt.amount_fen)
    if receipt.channel not in here.channels or receipt.method not in Method.values:
        raise UnknownCode()
    open_purpose_of(receipt.pool)
    if receipt.received_on > clock.today():
        raise NotYetReceived()
    organizations.check_source(receipt.organization, by=by)


def _donation(here: Books, receipt: Receipt, number: int, by: Actor) -> Donation:
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
        organization=receipt.organization,
        note=receipt.note,
        received_on=receipt.received_on,
        recorded_by_id=by.account_id,
    )
    row.source = receipt.source or source_of(row)
    day = open_day(here, receipt.received_on) if receipt.late else receipt.received_on
    row.booked_on = None if day == receipt.received_on else day
    return row


@transaction.atomic
def take_back(*, donation: Donation, reason: str, by: Actor) -> Donation:
    """A receipt that was recorded wrongly is taken back by a second entry dated today; both stay to be seen.

    Raises `TakenBackAlready`, `FromAnotherTopic`, and the ledger's `OverdraftRefused` when the money was spent since.
    """
    require(rules.can_record_income(by))
    require_fresh(by)
    donation = Donation.objects.select_for_update(of=("self",)).get(pk=donation.pk)
    versions.check(donation, by)
    if donation.reversed_at is not None:
        raise TakenBackAlready()
    if donation.source != source_of(donation):
        raise FromAnotherTopic()
    return _taken_back(donation, reason, by)


@transaction.atomic
def receive_instead(*, of: str, receipt: Receipt, reason: str, by: Actor) -> Donation:
    """Of what the receipt of source `of` followed from a part stays: that is received, and the receipt taken back.

    In this order the money for it is there. Announces `DonationReceived` and `DonationReversed`.
    """
    donation = Donation.objects.select_for_update(of=("self",)).filter(source=of, reversed_at=None).first()
    made = receive(receipt=receipt, by=by)
    if donation is not None:
        _taken_back(donation, reason, by)
    return made


@transaction.atomic
def take_back_of(*, source: str, reason: str, by: Actor) -> None:
    """What a receipt followed from was a mistake: the receipt of that source is taken back, once."""
    donation = Donation.objects.select_for_update(of=("self",)).filter(source=source, reversed_at=None).first()
    if donation is not None:
        _taken_back(donation, reason, by)


def _taken_back(donation: Donation, reason: str, by: Actor) -> Donation:
    here = books()
    transfer = here.transfer_of(source_of(donation))
    _bring_back(here, transfer, by)
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


def _bring_back(here: Books, transfer: Transfer, by: Actor) -> None:
    """The money of a receipt may lie elsewhere since (cash was taken to the bank): what lacks is moved back first."""
    code = here.code_of(transfer.debit_id)
    lacking = transfer.amount - ledger_queries.free(here.account(code), transfer.pool)
    if lacking <= 0:
        return
    for other in MONEY_ACCOUNT.values():
        if other != code and ledger_queries.free(here.account(other), transfer.pool) >= lacking:
            ledger.post(
                debit=here.account(code),
                credit=here.account(other),
                pool=transfer.pool,
                amount=lacking,
                source=f"{transfer.source}/brought-back",
                effective_on=clock.today(),
                by=by,
            )
            return
