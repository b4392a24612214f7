"""The fund for programs: the public figures and entries, and recording and asking by those who may."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from weiyifang.core.columns import most
from weiyifang.core.web.access import require
from weiyifang.core.web.paging import After, Limit
from weiyifang.core.web.schemas import Day, Fen, Line, Paragraphs
from weiyifang.fund import entries as newest
from weiyifang.fund import queries, rules, services
from weiyifang.fund.models import Donation, PaymentRequest
from weiyifang.fund.purposes import held

router = Router(tags=["fund"])


class FlowOut(Schema):
    """One channel or category; amount in fen."""

    code: str
    name: str
    fen: int
    entries: int


class OverviewOut(Schema):
    """The last twelve months and what is left now; amounts in fen."""

    since: date
    until: date
    income_fen: int
    spent_fen: int
    balance_fen: int
    restricted_fen: int
    income: list[FlowOut]
    spending: list[FlowOut]


class EntryOut(Schema):
    """One transfer. `direction` is "in", "out" or, between places of money, "moved".

    `fen` is what it adds to the sum of its direction: of a correction it is negative, and `corrects` is the id of the
    entry it takes back. `late_of` is the day it happened on, where it was booked later because the month was sealed.
    """

    id: UUID
    day: date
    title: str
    line: str
    who: str
    fen: int
    direction: str
    is_correction: bool
    corrects: UUID | None
    late_of: date | None
    seal: str


class PurposeOut(Schema):
    """One purpose, with what it holds; amounts in fen. `fixed_by`: giver, law, or nobody ("")."""

    code: str
    name: str
    words: str
    is_restricted: bool
    fixed_by: str
    paper: str
    category: str
    is_open: bool
    came_in_fen: int
    spent_fen: int
    changed_fen: int
    balance_fen: int
    set_aside_fen: int


class ReceiptIn(Schema):
    """Money that came in."""

    channel: Line
    amount_fen: Fen
    received_on: Day
    method: Line = "bank"
    pool: Line = "general"
    donor_name: Line = Field("", max_length=most(Donation, "donor_name"))
    is_named: bool = False
    note: Paragraphs = Field("", max_length=most(Donation, "note"))
    organization: Line = Field("", max_length=most(Donation, "organization"))
    late: bool = False


class PaymentIn(Schema):
    """Money that is to be paid. `urgent`: emergency relief that is paid at once and looked at afterwards."""

    title: Line = Field(min_length=1, max_length=most(PaymentRequest, "title"))
    payee: Line = Field(min_length=1, max_length=most(PaymentRequest, "payee"))
    category: Line
    amount_fen: Fen
    pool: Line = "general"
    method: Line = "bank"
    papers: Paragraphs = Field("", max_length=most(PaymentRequest, "papers"))
    organization: Line = Field("", max_length=most(PaymentRequest, "organization"))
    urgent: bool = False


class Made(Schema):
    id: UUID
    number: int


class PaymentOut(Schema):
    """A payment request as the workbench sees it; amount in fen."""

    id: UUID
    number: int
    title: str
    payee: str
    category: str
    amount_fen: int
    method: str
    papers: str
    slip: str
    path: str
    state: str

    @staticmethod
    def resolve_state(row: PaymentRequest) -> str:
        return row.stands


@router.get("overview", response=OverviewOut)
def overview(request: HttpRequest) -> OverviewOut:
    """Public: income and spending of the last twelve months."""
    seen = queries.overview(*queries.year_until())
    return OverviewOut(
        since=seen.since,
        until=seen.until,
        income_fen=seen.income_fen,
        spent_fen=seen.spent_fen,
        balance_fen=seen.balance,
        restricted_fen=seen.restricted,
        income=[FlowOut(code=f.line.code, name=f.line.name, fen=f.fen, entries=f.entries) for f in seen.income],
        spending=[FlowOut(code=f.line.code, name=f.line.name, fen=f.fen, entries=f.entries) for f in seen.spending],
    )


@router.get("entries", response=list[EntryOut])
def entries(
    request: HttpRequest,
    channel: str = "",
    category: str = "",
    before: UUID | None = None,
    limit: Limit = 50,
) -> list[EntryOut]:
    """Public: the transfers, newest first; `before` is the last id of the page before."""
    rows = newest.transfers(newest.Sought(channel=channel, category=category))
    if before is not None:
        rows = newest.before(rows, get_object_or_404(newest.transfers(), pk=before))
    return [
        EntryOut(
            id=entry.transfer.pk,
            day=entry.transfer.effective_on,
            title=entry.title,
            line=entry.line.code,
            who=entry.who,
            fen=entry.fen,
            direction=entry.way,
            is_correction=entry.is_correction,
            corrects=entry.transfer.reverses_id,
            late_of=entry.late_of,
            seal=entry.seal.hash if entry.seal else "",
        )
        for entry in newest.entries(rows[:limit])
    ]


@router.get("purposes", response=list[PurposeOut])
def purposes(request: HttpRequest) -> list[PurposeOut]:
    """Public: what each purpose holds, who fixed it, and what was done with it."""
    return [
        PurposeOut(
            code=seen.line.code,
            name=seen.line.name,
            words=seen.purpose.words if seen.purpose else "",
            is_restricted=seen.line.restricted,
            fixed_by=seen.purpose.restricted_by if seen.purpose else "",
            paper=seen.purpose.paper if seen.purpose else "",
            category=seen.line.category,
            is_open=seen.is_open,
            came_in_fen=seen.came_in,
            spent_fen=seen.spent,
            changed_fen=seen.changed,
            balance_fen=seen.balance,
            set_aside_fen=seen.set_aside,
        )
        for seen in held()
    ]


@router.post("receipts", response={201: Made})
def record(request: HttpRequest, receipt: ReceiptIn) -> Status[Made]:
    """Record money that came in (accountant)."""
    row = services.receive(receipt=services.Receipt(**receipt.dict()), by=request.actor)  # type: ignore[attr-defined]  # the middleware put it there
    return Status(201, Made(id=row.pk, number=row.number))


@router.post("payments", response={201: Made})
def submit(request: HttpRequest, payment: PaymentIn) -> Status[Made]:
    """Ask for a payment."""
    row = services.submit_payment(wanted=services.Wanted(**payment.dict()), by=request.actor)  # type: ignore[attr-defined]  # the middleware put it there
    return Status(201, Made(id=row.pk, number=row.number))


@router.get("payments", response=list[PaymentOut])
def payments(request: HttpRequest, state: str = "", before: After = 0, limit: Limit = 50) -> list[PaymentRequest]:
    """Payment requests the caller may see, newest first; `before` is the last number of the page before."""
    actor = request.actor  # type: ignore[attr-defined]  # the middleware put it there
    require(rules.can_see_payments(actor))
    rows = rules.visible_to(actor).order_by("-number")
    rows = rows.filter(number__lt=before) if before else rows
    return list((rows.filter(state=state) if state else rows)[:limit])
