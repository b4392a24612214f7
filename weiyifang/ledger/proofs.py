"""What shows, to whoever has no database, that a transfer is in a sealed month: see `chain` for how it is hashed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from weiyifang.ledger import chain, queries
from weiyifang.ledger.models import Book, ClosingBalance, Period, Seal, Transfer, month_end, month_of


@dataclass(frozen=True, kw_only=True)
class SealedMonth:
    """All that a month's root is made of."""

    before: str  # the root of the month before
    book_code: str
    month: date
    head_no: int
    head: str
    rows: str
    closing: str
    root: str


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a transfer stands: its seal, the hash before it in the chain, and its place among the month's seals.

    `beside` are the hashes of the tree; of a month that was sealed before there was a tree, the seals `around` it:
    those before and after, each written one after the other.
    """

    seal: Seal
    before: str
    month: SealedMonth
    index: int
    size: int  # how many the month has
    beside: tuple[str, ...] = ()
    around: tuple[str, str] | None = None


def sealed_months(book: Book, only: date | None = None) -> list[SealedMonth]:
    """The sealed months of a book, the oldest first; or one of them."""
    periods = list(Period.objects.filter(book=book).order_by("month"))
    wanted = [period for period in periods if only is None or period.month == only]
    heads = queries.hashes(book.code, {period.head_no for period in wanted}) | {0: chain.START}
    closing: dict[UUID, list[tuple[UUID, UUID, int, int]]] = defaultdict(list)
    rows = ClosingBalance.objects.filter(period__in=wanted).order_by("account_id", "pool_id")
    for row in rows:
        closing[row.period_id].append((row.account_id, row.pool_id, row.debits, row.credits))
    before = dict(zip(periods, [chain.START, *[period.root_hash for period in periods]], strict=False))
    return [
        SealedMonth(
            before=before[period],
            book_code=book.code,
            month=period.month,
            head_no=period.head_no,
            head=heads[period.head_no],
            rows=period.rows_hash,
            closing=chain.closing(closing[period.pk]),
            root=period.root_hash,
        )
        for period in wanted
    ]


def place_of(book: Book, transfer: Transfer) -> Place | None:
    """Where a transfer of the book stands in its sealed month; None while its month is not sealed."""
    months = sealed_months(book, only=month_of(transfer.effective_on))
    seal = Seal.objects.filter(transfer=transfer).first()
    if not months or seal is None:
        return None
    hashes = queries.hashes(book.code, {seal.seal_no - 1}) | {0: chain.START}
    return _Seals(months[0], list(queries.seals_of_month(book, months[0].month))).place(seal, hashes[seal.seal_no - 1])


def places(book: Book) -> Iterator[tuple[Transfer, Place]]:
    """Every transfer of every sealed month with its place, month by month."""
    for month in sealed_months(book):
        span = (month.month, month_end(month.month))
        seals = list(
            Seal.objects.filter(book=book, transfer__effective_on__range=span)
            .select_related("transfer")
            .order_by("seal_no")
        )
        of_month = _Seals(month, [seal.hash for seal in seals])
        before = queries.hashes(book.code, {seal.seal_no - 1 for seal in seals}) | {0: chain.START}
        for seal in seals:
            yield seal.transfer, of_month.place(seal, before[seal.seal_no - 1])


class _Seals:
    """The seals of a month, and the tree over them where the month has one."""

    def __init__(self, month: SealedMonth, seals: list[str]) -> None:
        self.month, self.seals = month, seals
        self.at = {seal: index for index, seal in enumerate(seals)}
        self.storeys = chain.storeys(seals) if ":" in month.rows else None

    def place(self, seal: Seal, before: str) -> Place:
        index = self.at[seal.hash]
        here = Place(seal=seal, before=before, month=self.month, index=index, size=len(self.seals))
        if self.storeys is not None:
            return replace(here, beside=tuple(chain.path(self.storeys, index)))
        return replace(here, around=("".join(self.seals[:index]), "".join(self.seals[index + 1 :])))
