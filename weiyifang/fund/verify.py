"""The fund's promises, recomputed: every receipt and payment has its one transfer of the same amount."""

from __future__ import annotations

from django.db.models import F, Q

from weiyifang.core.faults import Fault
from weiyifang.core.tenancy import source_of
from weiyifang.fund.books import FundNotOpen, books
from weiyifang.fund.models import Donation, PaymentRequest, State
from weiyifang.ledger.models import HoldResolution, Transfer


def check() -> list[Fault]:
    """The faults found in the community at hand."""
    try:
        here = books()
    except FundNotOpen:
        return []
    posted = dict(Transfer.objects.filter(book=here.book).values_list("source", "amount"))
    return [*_receipts(posted), *_payments(posted), *_strangers(posted), *_three_people()]


def _receipts(posted: dict[str, int]) -> list[Fault]:
    faults = []
    for row in Donation.objects.iterator():
        amount = posted.get(source_of(row))
        if amount != row.amount_fen:
            faults.append(_fault("receipts", row, f"{row.amount_fen} fen received, {amount} posted"))
        if (row.reversed_at is not None) != (f"{source_of(row)}/taken-back" in posted):
            faults.append(_fault("receipts", row, "taken back here and in the ledger disagree"))
    return faults


def _payments(posted: dict[str, int]) -> list[Fault]:
    faults = []
    resolved = set(HoldResolution.objects.values_list("hold_id", flat=True))
    for row in PaymentRequest.objects.iterator():
        amount = posted.get(source_of(row))
        if row.state == State.PAID and amount != row.amount_fen:
            faults.append(_fault("payments", row, f"{row.amount_fen} fen paid, {amount} posted"))
        if row.state != State.PAID and amount is not None:
            faults.append(_fault("payments", row, f"{row.state}, yet {amount} fen posted"))
        if row.state == State.PAID and row.hold_id not in resolved:
            faults.append(_fault("payments", row, "paid, but the money set aside for it still is"))
    return faults


def _strangers(posted: dict[str, int]) -> list[Fault]:
    known = {source_of(row) for row in Donation.objects.only("id", "community").iterator()}
    known |= {source_of(row) for row in PaymentRequest.objects.only("id", "community").iterator()}
    return [
        Fault(check="fund entries", where=source, what="a transfer that no receipt and no payment explains")
        for source in posted
        if source.partition("/")[0] not in known
    ]


def _three_people() -> list[Fault]:
    same = Q(submitted_by=F("approved_by")) | Q(approved_by=F("paid_by")) | Q(submitted_by=F("paid_by"))
    return [_fault("separation of duties", row, "the same person twice") for row in PaymentRequest.objects.filter(same)]


def _fault(check: str, row: Donation | PaymentRequest, what: str) -> Fault:
    return Fault(check=check, where=source_of(row), what=what)
