"""The receipt of a gift: the code that opens it for whoever holds it, its proof, and the list it is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from weiyifang.core import signed
from weiyifang.core.tenancy import current_community_id, source_of
from weiyifang.fund.books import Books, books
from weiyifang.fund.models import Donation
from weiyifang.fund.proof_file import Months, OfMonth, Receipt, compared, faults, read_months, read_receipt
from weiyifang.ledger import chain, proofs
from weiyifang.ledger.models import Transfer

PURPOSE = "fund.receipt"  # what the codes are for


def code(donation: UUID) -> str:
    """What stands on the receipt of a gift: whoever has it opens its page, and nobody makes one up."""
    return signed.code(PURPOSE, donation)


def named(typed: str) -> Donation | None:
    """The gift that a code on a receipt names."""
    pk = signed.named(PURPOSE, typed)
    return None if pk is None else Donation.objects.filter(pk=pk).first()


def code_of(source: str) -> str:
    """The code on the receipt of what came from another topic's row; "" when nothing was received for it."""
    pk = Donation.objects.filter(source=source).values_list("pk", flat=True).first()
    return "" if pk is None else code(pk)


def proof(here: Books, transfer: Transfer) -> Receipt | None:
    """What proves that an entry is in its sealed month; None while the month is not sealed."""
    place = proofs.place_of(here.book, transfer)
    return None if place is None else _receipt(transfer, place)


def _receipt(transfer: Transfer, place: proofs.Place) -> Receipt:
    seal = place.seal
    return Receipt(
        entry=_entry(transfer),
        content=transfer.content_hash,
        before=place.before,
        number=seal.seal_no,
        transfer=str(transfer.pk),
        journal=_text(transfer.journal),
        recorded=chain.written(transfer.recorded_at),
        by=_text(transfer.by_account_id),
        seal=seal.hash,
        index=place.index,
        size=place.size,
        beside=list(place.beside),
        around=list(place.around or ()),
        rows=place.month.rows,
        month=_of_month(place.month),
        root=place.month.root,
    )


def _entry(transfer: Transfer) -> list[str | int | None]:
    """What the content hash of a transfer is over, in its order (`chain.content_hash`)."""
    ids = (transfer.book_id, transfer.debit_id, transfer.credit_id, transfer.pool_id)
    said = (transfer.amount, transfer.source, transfer.memo, str(transfer.effective_on), transfer.party)
    return [current_community_id(), *map(str, ids), *said, _text(transfer.reverses_id), _text(transfer.hold_id)]


def _text(pk: UUID | None) -> str | None:
    return None if pk is None else str(pk)


def _of_month(month: proofs.SealedMonth) -> OfMonth:
    return OfMonth(
        before=month.before,
        book=month.book_code,
        month=str(month.month),
        head_no=month.head_no,
        head=month.head,
        closing=month.closing,
    )


def months() -> Months:
    """The sealed months as they are published."""
    here = books()
    pools = {
        str(row.pk): {"zh": here.pool_lines[row.pk].zh, "en": here.pool_lines[row.pk].en} for row in here.pools.values()
    }
    sealed = [(_of_month(month), month.rows, month.root) for month in proofs.sealed_months(here.book)]
    return Months(community=current_community_id(), pools=pools, months=sealed)


@dataclass(frozen=True)
class Verified:
    """How many receipts hold, of how many there are in sealed months; what is wrong with the first that does not."""

    good: int
    all: int
    wrong: str


def verify_all() -> Verified:
    """Make the file of every gift in a sealed month and check it as a stranger would, with the two files alone."""
    here, listed = books(), read_months(months().text())
    sources = {source_of(row) for row in Donation.objects.only("id", "community")}
    good, every, wrong = 0, 0, ""
    for transfer, place in proofs.places(here.book):
        if transfer.source not in sources:
            continue
        receipt = read_receipt(_receipt(transfer, place).text())
        said = [*faults(receipt), *compared(receipt, months=listed)]
        every, good = every + 1, good + (not said)
        wrong = wrong or "; ".join(said)
    return Verified(good, every, wrong)
