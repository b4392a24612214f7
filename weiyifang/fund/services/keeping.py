"""The books themselves: opened, closed month by month, and what goes from them with a person."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.forgetting import write_over
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require, require_fresh
from weiyifang.fund import events, queries, rules
from weiyifang.fund.books import Books, books, is_open
from weiyifang.fund.chart import chart
from weiyifang.fund.models import (
    Budget,
    BudgetWord,
    Donation,
    MoneyMove,
    PaymentCorrection,
    PaymentRequest,
    PaymentReview,
    Purpose,
    PurposeChange,
    StatedBalance,
)
from weiyifang.ledger import services as ledger
from weiyifang.ledger.models import Book, Period


@transaction.atomic
def open_fund(*, by: Actor) -> Books:
    """Open the fund's book with the chart's accounts and pools, or return it when it is open already."""
    require(rules.can_record_income(by))
    if is_open():
        return books()
    book = ledger.open_book(code="fund", unit="fen", name="社区公益基金", by=by)
    _open_lines(book, by)
    announce(events.FundOpened(subject=source_of(book)), by=by)
    return books()


def books_for(by: Actor) -> Books:
    """The fund's book to write in: what the chart has gained since it was opened is opened now."""
    here = books()
    if here.has_all_of(chart()):
        return here
    _open_lines(here.book, by)
    return books()


def _open_lines(book: Book, by: Actor) -> None:
    here = chart()
    for line in here.money.values():
        ledger.open_account(book=book, code=line.code, name=line.zh, side="debit", floored=True, by=by)
    for line in here.net.values():
        ledger.open_account(book=book, code=line.code, name=line.zh, side="credit", floored=False, by=by)
    for line in here.channels.values():
        ledger.open_account(book=book, code=line.ledger_code, name=line.zh, side="credit", floored=False, by=by)
    for line in here.categories.values():
        ledger.open_account(book=book, code=line.ledger_code, name=line.zh, side="debit", floored=False, by=by)
    for line in here.pools.values():
        purpose = line.zh if line.restricted else ""
        ledger.open_pool(book=book, code=line.code, name=line.zh, restricted=line.restricted, purpose=purpose, by=by)


def open_day(here: Books, day: date) -> date:
    """The day an entry about `day` has in the books: that day itself, or today's when its month is sealed."""
    through = here.book.sealed_through
    return day if through is None or day > through else clock.today()


@transaction.atomic
def close_month(*, month: date, by: Actor) -> Period:
    """Seal a month's books: what is in it can no longer change, and its root is published. Announces `MonthClosed`.

    Whoever seals has seen its sums (`queries.month_figures`), and nothing was booked into it since.
    """
    require(rules.can_close(by))
    require_fresh(by)
    book = books().book
    if ledger.sealed_or_due(ledger.hold_book(book), month) is None:
        versions.check(queries.month_figures(month), by)
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
    write_over(PaymentReview.objects.all(), "note", name=name, instead=instead)
    mine = Donation.objects.filter(resident_id=resident_id)
    mine.update(donor_name="", is_named=False, resident_id=None, salt="", note="")
    write_over(Donation.objects.all(), "note", "reversed_because", name=name, instead=instead)
    write_over(PaymentCorrection.objects.all(), "reason", "answer", name=name, instead=instead)
    write_over(MoneyMove.objects.all(), "answer", name=name, instead=instead)
    write_over(BudgetWord.objects.all(), "word", name=name, instead=instead)
    write_over(Budget.objects.all(), "paper", "answer", name=name, instead=instead)
    write_over(Purpose.objects.all(), "name", "words", "paper", name=name, instead=instead)
    write_over(PurposeChange.objects.all(), "paper", "reason", "answer", name=name, instead=instead)
    write_over(StatedBalance.objects.all(), "note", name=name, instead=instead)
