"""Reads worth a name: what came in, what was spent, what is left, and every single transfer behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import CharField, Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat

from weiyifang.core import clock
from weiyifang.core.tenancy import current_community_id, id_in
from weiyifang.fund.books import Books, books, is_open
from weiyifang.fund.chart import Line, by_ledger_code, chart
from weiyifang.fund.models import Donation, PaymentRequest, State
from weiyifang.ledger import queries as ledger
from weiyifang.ledger.models import Balance, Period, Seal, Transfer

DONATION, PAYMENT = Donation._meta.label_lower, PaymentRequest._meta.label_lower


@dataclass(frozen=True, kw_only=True)
class Flow:
    """What one channel brought or one category cost, in fen, over how many entries."""

    line: Line
    fen: int
    entries: int


@dataclass(frozen=True, kw_only=True)
class Overview:
    """The fund over a span of days (both included), and what it holds now. All amounts in fen."""

    since: date
    until: date
    income: Sequence[Flow]
    spending: Sequence[Flow]
    kept_before: int
    balance: int
    restricted: int
    set_aside: int

    @property
    def income_fen(self) -> int:
        return sum(flow.fen for flow in self.income)

    @property
    def spent_fen(self) -> int:
        return sum(flow.fen for flow in self.spending)

    @property
    def kept_fen(self) -> int:
        return self.income_fen - self.spent_fen


def year_until(day: date | None = None) -> tuple[date, date]:
    """The twelve months that end with a day (today)."""
    last = day or clock.today()
    try:
        first = last.replace(year=last.year - 1)
    except ValueError:  # 29 February
        first = last.replace(year=last.year - 1, day=28)
    return first + timedelta(days=1), last


def overview(since: date, until: date) -> Overview:
    """Income by channel and spending by category, largest first, each adding up to the transfers behind it."""
    here, plan = books(), chart()
    moved = _moved(here, since, until)
    income = _flows(plan.channels.values(), here, moved, sign=-1)
    spending = _flows(plan.categories.values(), here, moved, sign=1)
    money = [here.accounts[code].pk for code in plan.money]
    kept = Balance.objects.filter(account_id__in=money).aggregate(
        balance=Coalesce(Sum(F("debits") - F("credits")), 0),
        set_aside=Coalesce(Sum("held_credits"), 0),
        restricted=Coalesce(Sum(F("debits") - F("credits"), filter=Q(pool__restricted=True)), 0),
    )
    before = sum(
        (1 if row.debit_id in money else 0) * row.total - (1 if row.credit_id in money else 0) * row.total
        for row in _totals(here, Q(effective_on__lt=since))
    )
    return Overview(since=since, until=until, income=income, spending=spending, kept_before=before, **kept)


def year_or_none() -> Overview | None:
    """The twelve months until today, or None where no fund is kept yet."""
    return overview(*year_until()) if is_open() else None


@dataclass(frozen=True)
class _Total:
    debit_id: UUID
    credit_id: UUID
    total: int
    entries: int


def _totals(here: Books, when: Q) -> list[_Total]:
    rows = (
        Transfer.objects.filter(when, book=here.book)
        .values_list("debit_id", "credit_id")
        .annotate(total=Sum("amount"), entries=Count("id"))
        .order_by()
    )
    return [_Total(*row) for row in rows]


def _moved(here: Books, since: date, until: date) -> dict[UUID, tuple[int, int]]:
    """Account id → debits minus credits, number of entries."""
    moved: dict[UUID, tuple[int, int]] = {}
    for row in _totals(here, Q(effective_on__gte=since, effective_on__lte=until)):
        for account, sign in ((row.debit_id, 1), (row.credit_id, -1)):
            fen, entries = moved.get(account, (0, 0))
            moved[account] = (fen + sign * row.total, entries + row.entries)
    return moved


def _flows(lines: Iterable[Line], here: Books, moved: dict[UUID, tuple[int, int]], *, sign: int) -> list[Flow]:
    flows = []
    for line in lines:
        fen, entries = moved.get(here.accounts[line.ledger_code].pk, (0, 0))
        if entries:
            flows.append(Flow(line=line, fen=sign * fen, entries=entries))
    return sorted(flows, key=lambda flow: -flow.fen)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One transfer as the public sees it: what it was, on which day, by whose decision, and its seal."""

    transfer: Transfer
    is_income: bool
    is_correction: bool
    title: str
    who: str
    line: Line
    pool: Line
    donation: Donation | None
    payment: PaymentRequest | None
    seal: Seal | None

    @property
    def kind(self) -> str:
        return "in" if self.is_income else "out"


def transfers(
    *, channel: str = "", category: str = "", pool: str = "", search: str = "", since: date | None = None
) -> QuerySet[Transfer]:
    """Every transfer of the book, newest first; narrowed by channel, category, pool, words or first day."""
    here, plan = books(), chart()
    rows = Transfer.objects.filter(book=here.book)
    if channel in plan.channels:
        account = here.accounts[plan.channels[channel].ledger_code]
        rows = rows.filter(Q(credit=account) | Q(debit=account))
    if category in plan.categories:
        account = here.accounts[plan.categories[category].ledger_code]
        rows = rows.filter(Q(credit=account) | Q(debit=account))
    if pool in plan.pools:
        rows = rows.filter(pool=here.pools[pool])
    if since is not None:
        rows = rows.filter(effective_on__gte=since)
    if search:
        papers = [
            Donation.objects.filter(note__icontains=search).annotate(paper=_source(DONATION)).values("paper"),
            PaymentRequest.objects.filter(Q(title__icontains=search) | Q(payee__icontains=search))
            .annotate(paper=_source(PAYMENT))
            .values("paper"),
        ]
        said = Q()
        for paper in papers:
            said |= Q(source__in=paper) | Q(reverses__source__in=paper)
        rows = rows.filter(said)
    return rows.order_by("-effective_on", "-id")


def _source(kind: str) -> Concat:
    return Concat(Value(f"{kind}:"), Cast("pk", CharField()), output_field=CharField())


def entries(rows: Iterable[Transfer]) -> list[Entry]:
    """What lies behind some transfers (a page of them): three queries, however many."""
    page = list(rows)
    sources = [row.source.partition("/")[0] for row in page]
    donations = Donation.objects.in_bulk([id_in(s) for s in sources if s.startswith(f"{DONATION}:")])
    payments = PaymentRequest.objects.select_related("submitted_by", "approved_by", "paid_by").in_bulk(
        [id_in(s) for s in sources if s.startswith(f"{PAYMENT}:")]
    )
    seals = {seal.transfer_id: seal for seal in Seal.objects.filter(transfer__in=page)}
    here, plan = books(), chart()
    lines = {here.accounts[line.ledger_code].pk: line for line in (*plan.channels.values(), *plan.categories.values())}
    pools = {pool.pk: plan.pools[code] for code, pool in here.pools.items()}
    made = []
    for row, source in zip(page, sources, strict=True):
        donation, payment = donations.get(id_in(source)), payments.get(id_in(source))
        line = lines.get(row.credit_id) or lines[row.debit_id]
        made.append(
            Entry(
                transfer=row,
                is_income=donation is not None,
                is_correction=row.reverses_id is not None,
                title=_title(donation, payment, is_correction=row.reverses_id is not None) or str(line),
                who=payment.payee if payment else (donation.shown_name if donation else ""),
                line=line,
                pool=pools[row.pool_id],
                donation=donation,
                payment=payment,
                seal=seals.get(row.pk),
            )
        )
    return made


def _title(donation: Donation | None, payment: PaymentRequest | None, *, is_correction: bool) -> str:
    """What it was for, in the words of its paper; of a correction, why. The ledger itself holds no words."""
    if payment is not None:
        return payment.title
    if donation is None:
        return ""
    return donation.reversed_because if is_correction else donation.note


def months() -> QuerySet[Period]:
    """The sealed months, newest first, each with the root to compare with what was published."""
    return Period.objects.filter(book=books().book).order_by("-month")


def heads() -> list[str]:
    """How far the journal and the books have come now, a line each, as `weiyifang verify --anchors` reads them."""
    now, here = clock.now(), current_community_id()
    return [head.line(now, here) for head in ledger.heads() if head.number]


def next_to_seal() -> date | None:
    """The first day of the month that is sealed next, which may not be over yet; None before anything is booked."""
    return ledger.next_to_seal(books().book)


@dataclass(frozen=True, kw_only=True)
class TrialLine:
    """One account of the trial balance: its debits and credits up to a day, in fen."""

    code: str
    name: str
    debits: int
    credits: int

    @property
    def left(self) -> int:
        """What one side has more than the other."""
        return abs(self.debits - self.credits)

    @property
    def side(self) -> str:
        """The side that has more (借 or 贷), "" when they are level (平)."""
        return "debit" if self.debits > self.credits else "credit" if self.credits > self.debits else ""


def trial_balance(on: date) -> list[TrialLine]:
    """All accounts that moved, with debits and credits up to and including a day (借贷必相等)."""
    here = books()
    sums: dict[UUID, list[int]] = {}
    for row in _totals(here, Q(effective_on__lte=on)):
        sums.setdefault(row.debit_id, [0, 0])[0] += row.total
        sums.setdefault(row.credit_id, [0, 0])[1] += row.total
    accounts = {account.pk: account for account in here.accounts.values()}
    lines = [
        TrialLine(code=accounts[pk].code, name=_account_name(accounts[pk].code), debits=debited, credits=credited)
        for pk, (debited, credited) in sums.items()
    ]
    return sorted(lines, key=lambda line: line.code)


def _account_name(code: str) -> str:
    line = by_ledger_code(code)
    if line is None:
        return code
    return f"{chart().official[line.account]} · {line}" if line.account else str(line)


def given_by(resident_id: UUID) -> QuerySet[Donation]:
    """What a resident gave, newest first (their own page only)."""
    return Donation.objects.filter(resident_id=resident_id, reversed_at=None).order_by("-received_on", "-number")


def waiting_for(state: str) -> QuerySet[PaymentRequest]:
    """Requests in one state, the longest waiting first."""
    return PaymentRequest.objects.filter(state=state).select_related("submitted_by").order_by("submitted_at")


def counts() -> dict[str, int]:
    """How many payment requests stand in each state."""
    found = dict(PaymentRequest.objects.values_list("state").annotate(Count("id")).order_by())
    return {state.value: found.get(state.value, 0) for state in State}


def before(rows: QuerySet[Transfer], last: Transfer) -> QuerySet[Transfer]:
    """The rest of a newest-first list after its row `last`."""
    return rows.filter(Q(effective_on__lt=last.effective_on) | Q(effective_on=last.effective_on, id__lt=last.pk))
