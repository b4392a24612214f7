from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, locks, timekeeping
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.ids import new_id
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import fill_community, source_of
from weiyifang.ledger import chain, queries
from weiyifang.ledger.events import MonthSealed
from weiyifang.ledger.models import Balance, Book, ClosingBalance, Period, Seal, Transfer, month_end, month_of
from weiyifang.ledger.services.accounts import lock_book

BATCH = 10_000


class MonthNotOver(Refused):
    """A month is sealed when it is over."""

    sentence = _("The month is not over yet. It can be sealed once the next month has begun.")


class MonthOutOfOrder(Refused):
    """Months are sealed one after the other."""

    sentence = _("Months are sealed one after the other. Seal %(next)s first.")


def seal_new() -> int:
    """Seal what was posted in any book since it was sealed last; gives how many. Costs little when nothing was."""
    return sum(seal_rows(book) for book in Book.objects.filter(queries.has_new()).order_by("code"))


def seal_all() -> int:
    """Seal every transfer of every book that has no seal; gives how many."""
    return sum(seal_rows(book) for book in Book.objects.order_by("code"))


@transaction.atomic
def seal_rows(book: Book) -> int:
    """Number and chain the transfers that have no seal yet, in order of their ids; gives how many.

    One sealer at a time; nobody who posts waits for it.
    """
    locks.take("ledger seal", book.pk)
    with connection.cursor() as cursor:
        last = Seal.objects.filter(book=book).order_by("-seal_no").first()
        number, before = (0, chain.START) if last is None else (last.seal_no, last.hash)
        first, rows = number, _unsealed(book)
        while batch := list(islice(rows, BATCH)):
            with cursor.copy(
                "COPY ledger_seal (id, community_id, book_id, transfer_id, seal_no, hash) FROM STDIN"
            ) as copy:
                for transfer_id, journal, recorded_at, by_account_id, content in batch:
                    number += 1
                    before = chain.link(
                        before,
                        number,
                        content,
                        transfer_id=transfer_id,
                        journal=journal,
                        recorded_at=recorded_at,
                        by_account_id=by_account_id,
                    )
                    copy.write_row((new_id(), book.community_id, book.pk, transfer_id, number, before))
    return number - first


def hold_book(book: Book) -> Book:
    """Let nobody post to, open, close or seal anything of the book until the transaction ends: what is summed up now
    is what will be sealed. Sealing a month begins with it.
    """
    seal_rows(book)  # most of the work of sealing, before anybody has to wait
    book = lock_book(book.pk)
    # Whoever posts holds a balance of this book: wait for all of them, and let none of the next begin.
    rows = Balance.objects.filter(book=book).order_by("account_id", "pool_id").select_for_update(no_key=True)
    list(rows.values_list("pk"))
    return book


def sealed_or_due(book: Book, month: date) -> Period | None:
    """The month as it is sealed already; None when its turn has come. Raises `MonthNotOver`, `MonthOutOfOrder`."""
    month = month_of(month)
    if (sealed := Period.objects.filter(book=book, month=month).first()) is not None:
        return sealed
    if month_end(month) >= clock.today():
        raise MonthNotOver()
    due = queries.next_to_seal(book)
    if due is not None and (due < month or (book.sealed_through is not None and due != month)):
        raise MonthOutOfOrder(next=f"{due:%Y-%m}")
    return None


@transaction.atomic
def close_period(*, book: Book, month: date, by: Actor) -> Period:
    """Seal the month of a book that the day `month` lies in: nothing is posted to it any more.

    Keeps its closing balances and a root hash over them, over its transfers and over the root before. A month that is
    sealed already is given as it stands. Announces `MonthSealed`. Raises `MonthNotOver`, `MonthOutOfOrder`.
    """
    timekeeping.require()
    month, last_day = month_of(month), month_end(month)
    book = hold_book(book)
    if (sealed := sealed_or_due(book, month)) is not None:
        return sealed
    Balance.objects.filter(book=book).update(sealed_through=last_day)
    Book.objects.filter(pk=book.pk).update(sealed_through=last_day)
    seal_rows(book)
    period = _sealed(book, month, by)
    announce(
        MonthSealed(
            subject=source_of(book),
            month=month,
            root_hash=period.root_hash,
            head_no=period.head_no,
            transfers=period.transfers,
        ),
        by=by,
    )
    return period


def _sealed(book: Book, month: date, by: Actor) -> Period:
    """Write the sealed month, with everything of it posted, sealed and locked."""
    last_day = month_end(month)
    head = Seal.objects.filter(book=book).order_by("-seal_no").first()
    before = Period.objects.filter(book=book).order_by("-month").first()
    closing = [(*pair, *moved) for pair, moved in sorted(queries.totals(book.pk, last_day).items())]
    tree = chain.Tree(queries.seals_of_month(book, month).iterator(chunk_size=BATCH))
    root_hash = chain.root(
        chain.START if before is None else before.root_hash,
        book_code=book.code,
        month=month,
        head=(0, chain.START) if head is None else (head.seal_no, head.hash),
        rows=tree.rows,
        closing=chain.closing(closing),
    )
    period = Period(
        book=book,
        month=month,
        head_no=0 if head is None else head.seal_no,
        transfers=tree.size,
        rows_hash=tree.rows,
        root_hash=root_hash,
        by_account_id=by.account_id,
    )
    period.save(force_insert=True)
    balances = [
        ClosingBalance(period=period, account_id=account_id, pool_id=pool_id, debits=debited, credits=credited)
        for account_id, pool_id, debited, credited in closing
    ]
    fill_community(balances)
    ClosingBalance.objects.bulk_create(balances, batch_size=2000)
    return period


def _without_seal(book: Book) -> QuerySet[Transfer]:
    return Transfer.objects.filter(~Exists(Seal.objects.filter(transfer=OuterRef("pk"))), book=book)


def _unsealed(book: Book) -> Iterator[tuple[Any, ...]]:
    return (
        _without_seal(book)
        .order_by("pk")
        .values_list("pk", "journal", "recorded_at", "by_account_id", "content_hash")
        .iterator(chunk_size=BATCH)
    )
