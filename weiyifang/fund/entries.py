"""Every single transfer of the fund, and the papers behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from weiyifang.core.tenancy import id_in, source_of
from weiyifang.fund.books import Books, books
from weiyifang.fund.chart import Line, chart
from weiyifang.fund.models import Donation, MoneyMove, PaymentCorrection, PaymentRequest, PurposeChange
from weiyifang.ledger import queries as ledger
from weiyifang.ledger.models import Seal, Transfer
from weiyifang.organizations import queries as organizations


@dataclass(frozen=True, kw_only=True)
class Sought:
    """How a list of entries is narrowed; what is empty does not narrow it. Amounts in fen, days included."""

    channel: str = ""
    category: str = ""
    pool: str = ""
    words: str = ""
    receipt: int | None = None  # also those of the receipt with this number
    kind: str = ""
    since: date | None = None
    until: date | None = None
    least: int | None = None
    most: int | None = None


class Kind(models.TextChoices):
    """What sort of entry."""

    CORRECTION = "correction", _("corrections")
    LATE = "late", _("late entries")
    MOVED = "moved", _("moved between places")
    CHANGED = "changed", _("for another purpose")


def transfers(sought: Sought | None = None) -> QuerySet[Transfer]:
    """Every transfer of the fund's book, newest first, as far as it is sought."""
    sought = sought or Sought()
    here, plan = books(), chart()
    rows = ledger.entries(here.book, since=sought.since, until=sought.until)
    for lines, code in ((plan.channels, sought.channel), (plan.categories, sought.category)):
        if code in lines:
            ids = here.ids([lines[code]])
            rows = rows.filter(Q(credit__in=ids) | Q(debit__in=ids))
    if sought.pool and sought.pool in here.pools:
        rows = rows.filter(pool=here.pools[sought.pool])
    bounds = {"amount__gte": sought.least, "amount__lte": sought.most}
    rows = rows.filter(**{name: bound for name, bound in bounds.items() if bound is not None})
    if sought.kind:
        rows = rows.filter(_of_kind(here, sought.kind))
    if sought.words:
        papers = _papers_saying(sought.words)
        if sought.receipt is not None:
            papers.append(Donation.objects.filter(number=sought.receipt))
        rows = rows.filter(_about(papers))
    return rows


def _of_kind(here: Books, kind: str) -> Q:
    if kind == Kind.CORRECTION:
        return Q(reverses__isnull=False)
    if kind == Kind.LATE:
        return _about([model.objects.filter(booked_on__gt=F(day)) for model, day in _DAYS.items()])
    if kind == Kind.CHANGED:
        net = here.ids(chart().net.values())
        return Q(debit__in=net) | Q(credit__in=net)
    money = here.ids(chart().money.values())
    return Q(debit__in=money, credit__in=money)


_DAYS: dict[type[Any], str] = {
    Donation: "received_on",
    MoneyMove: "happened_on",
    PaymentCorrection: "happened_on",
    PurposeChange: "happened_on",
}


def _papers_saying(words: str) -> list[QuerySet[Any]]:
    """The papers behind entries in which these words stand; of givers only what everybody may read."""
    givers = Q(is_named=True, donor_name__icontains=words) | Q(organization__in=organizations.sources_matching(words))
    said = ("title", "payee", "papers", "slip")
    return [
        Donation.objects.filter(Q(note__icontains=words) | Q(reversed_because__icontains=words) | givers),
        PaymentRequest.objects.filter(reduce(or_, (Q(**{f"{name}__icontains": words}) for name in said))),
        PaymentCorrection.objects.filter(Q(reason__icontains=words) | Q(slip__icontains=words)),
        MoneyMove.objects.filter(slip__icontains=words),
        PurposeChange.objects.filter(Q(reason__icontains=words) | Q(paper__icontains=words)),
    ]


def _about(papers: Iterable[QuerySet[Any]]) -> Q:
    """Transfers that some papers are behind, and those that correct them."""
    said = Q()
    for rows in papers:
        sources = rows.annotate(as_source=_source(rows.model._meta.label_lower)).values("as_source")
        said |= Q(source__in=sources) | Q(reverses__source__in=sources)
    return said


def _source(kind: str) -> Concat:
    return Concat(Value(f"{kind}:"), Cast("pk", CharField()), output_field=CharField())


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One transfer as the public sees it: what it was, on which day, by whose decision, and its seal."""

    transfer: Transfer
    title: str
    who: str
    line: Line
    pool: Line
    way: str  # "in" | "out" | "moved" (to another place, or for another purpose): which of the page's sums it is in
    donation: Donation | None = None
    payment: PaymentRequest | None = None
    correction: PaymentCorrection | None = None
    moved: MoneyMove | None = None
    change: PurposeChange | None = None
    was_for: Line | None = None  # of a change: what the money was for, and is for now
    is_for: Line | None = None
    seal: Seal | None = None

    @property
    def is_income(self) -> bool:
        return self.way == "in"

    @property
    def is_correction(self) -> bool:
        return self.transfer.reverses_id is not None

    @property
    def fen(self) -> int:
        """What it adds to its sum: a correction takes away, as entries in red ink do."""
        return -self.transfer.amount if self.is_correction else self.transfer.amount

    @property
    def slip(self) -> str:
        """The number of the bank's receipt."""
        paper = self.correction or self.moved or self.change or self.payment
        return "" if paper is None else str(paper.slip)

    @property
    def tone(self) -> str:
        """The colour of its amount: none for what is neither income nor spending, nor for what corrects either."""
        return "" if self.is_correction or self.way == "moved" else self.way

    @property
    def late_of(self) -> date | None:
        """The day it happened on, where that is not the day it has in the books because its month was sealed."""
        if self.is_correction and self.donation is not None:
            return None
        paper = self.correction or self.moved or self.change or self.donation
        if paper is None or paper.booked_on is None:
            return None
        day = paper.received_on if isinstance(paper, Donation) else paper.happened_on
        return day if paper.booked_on > day else None


def entries(rows: Iterable[Transfer]) -> list[Entry]:
    """What lies behind some transfers (a page of them): a few queries, however many."""
    page = list(rows)
    papers = _papers(page)
    givers = organizations.named({row.organization for row in papers.values() if isinstance(row, Donation)})
    seals = ledger.seals_of(page)
    here = books()
    money = set(here.ids(chart().money.values()))
    purposes = {line.code: line for line in here.pool_lines.values()}
    made = []
    for row in page:
        paper = papers.get(row.source.partition("/")[0])
        correction = paper if isinstance(paper, PaymentCorrection) else None
        payment = correction.payment if correction else paper if isinstance(paper, PaymentRequest) else None
        donation = paper if isinstance(paper, Donation) else None
        moved = paper if isinstance(paper, MoneyMove) else None
        change = paper if isinstance(paper, PurposeChange) else None
        is_moved = change is not None or (row.debit_id in money and row.credit_id in money)
        other = row.credit_id if row.debit_id in money else row.debit_id
        line = here.lines[other]
        giver = givers.get(donation.organization) if donation else None
        came_in = (row.debit_id in money) != (row.reverses_id is not None)
        made.append(
            Entry(
                transfer=row,
                way="moved" if is_moved else "in" if came_in else "out",
                title=_title(row, paper) or str(line),
                who="" if is_moved else _who(donation, payment, giver.name if giver else ""),
                line=line,
                pool=here.pool_lines[row.pool_id],
                donation=donation,
                payment=payment,
                correction=correction,
                moved=moved,
                change=change,
                was_for=purposes.get(change.from_pool) if change else None,
                is_for=purposes.get(change.to_pool) if change else None,
                seal=seals.get(row.pk),
            )
        )
    return made


def _papers(page: Iterable[Transfer]) -> dict[str, Any]:
    """Source → the row behind it, of every kind that has any here."""
    sources = {row.source.partition("/")[0] for row in page}
    found: dict[str, Any] = {}
    for rows in (
        Donation.objects.all(),
        PaymentRequest.objects.select_related("submitted_by", "checked_by", "approved_by", "paid_by"),
        PaymentCorrection.objects.select_related("payment", "asked_by", "decided_by"),
        MoneyMove.objects.select_related("asked_by", "decided_by"),
        PurposeChange.objects.select_related("asked_by", "decided_by"),
    ):
        ids = [id_in(source) for source in sources if source.startswith(f"{rows.model._meta.label_lower}:")]
        if ids:
            found |= {source_of(row): row for row in rows.filter(pk__in=ids)}
    return found


def _who(donation: Donation | None, payment: PaymentRequest | None, organization: str) -> str:
    if payment is not None:
        return payment.payee
    return "" if donation is None else organization or donation.shown_name


def _title(row: Transfer, paper: Any) -> str:
    """What it was for, in the words of its paper. The ledger itself holds no words."""
    if isinstance(paper, PaymentCorrection):
        return str(paper.payment.title)
    if isinstance(paper, Donation) and row.source.endswith("/brought-back"):
        return str(_("Brought back for a correction"))
    if isinstance(paper, (PaymentRequest, MoneyMove, PurposeChange)):
        return str(paper.title)
    return paper.note if isinstance(paper, Donation) else ""


def all_of(rows: QuerySet[Transfer], at_once: int) -> Iterator[Entry]:
    """Every entry of a newest-first list, however long: `at_once` of them are read together."""
    page = list(rows[:at_once])
    while page:
        yield from entries(page)
        page = list(before(rows, page[-1])[:at_once])


def after(rows: QuerySet[Transfer], last: Transfer) -> QuerySet[Transfer]:
    """The rest of an oldest-first list after its row `last`."""
    return rows.filter(Q(effective_on__gt=last.effective_on) | Q(effective_on=last.effective_on, id__gt=last.pk))


def before(rows: QuerySet[Transfer], last: Transfer) -> QuerySet[Transfer]:
    """The rest of a newest-first list after its row `last`."""
    return rows.filter(Q(effective_on__lt=last.effective_on) | Q(effective_on=last.effective_on, id__lt=last.pk))
