"""Reads worth a name: what came in, what was spent, what is left, and every single transfer behind it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BigIntegerField, Case, Count, F, OuterRef, Q, QuerySet, When
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.models import TimelineEntry
from weiyifang.core.tenancy import current_community_id, homes_with, id_in
from weiyifang.core.web.versions import Figures
from weiyifang.fund import entries, underway
from weiyifang.fund.books import Books, book_or_none, books
from weiyifang.fund.chart import Line, chart
from weiyifang.fund.models import (
    MONEY_ACCOUNT,
    PLACE,
    Budget,
    Decision,
    Donation,
    Method,
    MoneyMove,
    PaymentCorrection,
    PaymentRequest,
    PurposeChange,
    State,
    StatedBalance,
)
from weiyifang.ledger import queries as ledger
from weiyifang.ledger.models import Account, Period, Side, Transfer, month_end, month_of

NUMBER_DIGITS = 10  # a number of fewer fits its column


def standing_receipts_of(prefix: str) -> dict[str, int]:
    """What was received for sources of another topic that begin like this, and not taken back, in fen by source."""
    rows = Donation.objects.filter(source__startswith=prefix, reversed_at=None)
    return dict(rows.values_list("source", "amount_fen"))


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
    money = here.ids(plan.money.values())
    before = _net(ledger.routes(here.book, until=since - timedelta(days=1)), money)
    kept = vars(ledger.kept(money))
    return Overview(since=since, until=until, income=income, spending=spending, kept_before=before, **kept)


def year_or_none() -> Overview | None:
    """The twelve months until today, or None where no fund is kept yet.

    First pages show it to everybody on the staff: a process adds it up again when something has moved in the book.
    """
    if (here := book_or_none()) is None:
        return None
    since, until = year_until()
    if connection.in_atomic_block:  # what an open transaction sees may never come true
        return overview(since, until)
    moved, key = ledger.moved_in(here.book), here.book.pk
    known = _years.get(key)
    if known is None or known[:2] != (until, moved):
        known = _years[key] = (until, moved, overview(since, until))
    return known[2]


_years: dict[UUID, tuple[date, tuple[int, int], Overview]] = {}  # book → day, what had moved, the year until then


def _net(rows: Iterable[ledger.Route], accounts: Container[UUID]) -> int:
    """Debits minus credits of these accounts, together."""
    return sum(((row.debit_id in accounts) - (row.credit_id in accounts)) * row.total for row in rows)


def _moved(here: Books, since: date, until: date) -> dict[UUID, tuple[int, int]]:
    """Account id → debits minus credits, number of entries."""
    moved: dict[UUID, tuple[int, int]] = {}
    for row in ledger.routes(here.book, since=since, until=until):
        for account, sign in ((row.debit_id, 1), (row.credit_id, -1)):
            fen, entries = moved.get(account, (0, 0))
            moved[account] = (fen + sign * row.total, entries + row.entries)
    return moved


def _flows(lines: Iterable[Line], here: Books, moved: dict[UUID, tuple[int, int]], *, sign: int) -> list[Flow]:
    flows = []
    for line in lines:
        account = here.accounts.get(line.ledger_code)  # none yet for a line that the chart has gained
        fen, entries = moved.get(account.pk, (0, 0)) if account else (0, 0)
        if entries:
            flows.append(Flow(line=line, fen=sign * fen, entries=entries))
    return sorted(flows, key=lambda flow: -flow.fen)


def months() -> QuerySet[Period]:
    """The sealed months, newest first, each with the root to compare with what was published."""
    return ledger.periods(books().book)


def month_of_entry(row: Transfer) -> Period | None:
    """The sealed month an entry is in; None while its month is open."""
    return ledger.periods(row.book).filter(month=month_of(row.effective_on)).first()


FEWEST_DIGITS = 32  # hexadecimal ones of a root: 128 bits, the beginning that a text message carries


@dataclass(frozen=True)
class Sealed:
    """The month whose root begins, or once began, with what somebody kept of it."""

    month: date
    agrees: bool  # does the month still have that root?


def sealed_as(digits: str) -> Sealed | None:
    """Which sealed month these first digits of a root belong to; None when no month ever had such a root here.

    At least `FEWEST_DIGITS` hexadecimal ones. What was told when the month was sealed stands in the timeline, so that a
    root that was exchanged since has its month, too; and the roots before it are covered by each root.
    """
    if (now := months().filter(root_hash__startswith=digits).first()) is not None:
        return Sealed(month=now.month, agrees=True)
    told = TimelineEntry.objects.filter(verb="MonthClosed", values__root__startswith=digits).first()
    return None if told is None else Sealed(month=date.fromisoformat(f"{told.values['month']}-01"), agrees=False)


def heads() -> list[str]:
    """How far the journal and the fund's book have come, a line each, as `weiyifang verify --anchors` reads them."""
    now, here = clock.now(), current_community_id()
    ours = {"journal", f"ledger.{books().book.code}"}
    return [head.line(now, here) for head in ledger.heads() if head.number and head.chain in ours]


def stated() -> list[Compared]:
    """Each place of money, with what was last said of it by the bank, WeChat or a count; None where nobody looked."""
    newest = (
        StatedBalance.objects.filter(method=method).select_related("entered_by").order_by("-stated_on", "-id").first()
        for method in Method
    )
    here = books()
    found = []
    for method, row in zip(Method, newest, strict=True):
        account = here.accounts.get(MONEY_ACCOUNT[method])
        now = ledger.balance(account) if account else 0
        if now or (row and (row.stated_fen or row.booked_fen)):
            found.append(Compared(method=method, now=now, stated=row))
    return found


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A place of money: what the books say now, and the last comparison with who keeps it; fen."""

    method: Method
    now: int
    stated: StatedBalance | None

    @property
    def place(self) -> str:
        return str(PLACE[self.method])

    @property
    def code(self) -> str:
        """Of its account."""
        return MONEY_ACCOUNT[self.method]


def free_in(method: str, pool: str) -> int:
    """What can still be spent of a purpose from a place of money, in fen."""
    here = books()
    account, purpose = here.accounts.get(MONEY_ACCOUNT[Method(method)]), here.pools.get(pool)
    return ledger.free(account, purpose) if account and purpose else 0


def next_to_seal() -> date | None:
    """The first day of the month that is sealed next, which may not be over yet; None before anything is booked."""
    return ledger.next_to_seal(books().book)


MONTH = {
    "opening_fen": _("there at its beginning"),
    "came_in_fen": _("came in"),
    "spent_fen": _("went out"),
    "closing_fen": _("there at its end"),
    "entries": _("entries"),
}


def month_figures(month: date) -> Figures:
    """What whoever seals a month decides on: its sums, and how many entries it has. None is ever taken away, so one
    entry more is always seen.
    """
    here, plan = books(), chart()
    first, last = month_of(month), month_end(month)
    within = ledger.routes(here.book, since=first, until=last)
    opening = _net(ledger.routes(here.book, until=first - timedelta(days=1)), here.ids(plan.money.values()))
    came_in = -_net(within, here.ids(plan.channels.values()))
    spent = _net(within, here.ids(plan.categories.values()))
    counted = {
        "opening_fen": opening,
        "came_in_fen": came_in,
        "spent_fen": spent,
        "closing_fen": opening + came_in - spent,
        "entries": sum(row.entries for row in within),
    }
    return Figures(of=f"fund.month:{first:%Y-%m}", values=counted, names=MONTH)


def booked_figure(method: str, on: date) -> Figures:
    """What whoever explains a difference decides on: what the books say of a place of money when a day ended."""
    booked = there_in(method, on)
    return Figures(
        of=f"fund.booked:{method}.{on}", values={"booked_fen": booked}, names={"booked_fen": _("in the books")}
    )


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
    for row in ledger.routes(here.book, until=on):
        sums.setdefault(row.debit_id, [0, 0])[0] += row.total
        sums.setdefault(row.credit_id, [0, 0])[1] += row.total
    accounts = {account.pk: account for account in here.accounts.values()}
    lines = [
        TrialLine(code=accounts[pk].code, name=_account_name(here, pk), debits=debited, credits=credited)
        for pk, (debited, credited) in sums.items()
    ]
    return sorted(lines, key=lambda line: line.code)


def account_name(account_id: UUID) -> str:
    """`捐赠收入 · 居民捐款`: an account by its official name and its line."""
    return _account_name(books(), account_id)


def _account_name(here: Books, account_id: UUID) -> str:
    line, official = here.lines[account_id], chart().official
    return f"{official[line.account]} · {line}" if line.account in official else str(line)


@dataclass(frozen=True, kw_only=True)
class Journal:
    """One account, its entries newest first."""

    account: Account
    name: str
    now: int
    rows: QuerySet[Transfer]

    def lines(self, page: Iterable[Transfer]) -> list[JournalLine]:
        """A page of its entries, each with what was there after it."""
        shown = list(page)
        if not shown:
            return []
        after = ledger.moved_through(self.account, shown[0]) * self._sign
        made = []
        for entry in entries.entries(shown):
            added = (1 if entry.transfer.debit_id == self.account.pk else -1) * entry.transfer.amount * self._sign
            made.append(JournalLine(entry=entry, fen=added, after=after))
            after -= added
        return made

    @property
    def _sign(self) -> int:
        return 1 if self.account.side == Side.DEBIT else -1


@dataclass(frozen=True, kw_only=True)
class JournalLine:
    """One entry of an account: what it added (or took, below zero), and what was there after it; fen."""

    entry: entries.Entry
    fen: int
    after: int

    @property
    def taken(self) -> int:
        return -self.fen


def journal(code: str, since: date | None = None, until: date | None = None) -> Journal | None:
    """The journal of the account with this code, between two days if asked; None when the book has none."""
    here = books()
    account = here.accounts.get(code)
    if account is None:
        return None
    rows = ledger.entries(here.book, account=account, since=since, until=until)
    return Journal(account=account, name=_account_name(here, account.pk), now=ledger.balance(account), rows=rows)


def of_place(method: str, since: date | None = None, until: date | None = None) -> QuerySet[Any]:
    """What moved in or out of a place of money, latest first; `fen`: what it added there, below zero what it took."""
    here = books()
    account = here.account(MONEY_ACCOUNT[Method(method)])
    signed = Case(When(debit=account, then=F("amount")), default=-F("amount"), output_field=BigIntegerField())
    return ledger.entries(here.book, account=account, since=since, until=until).annotate(fen=signed)


def entry_of(source: str) -> Transfer:
    """The entry that was posted for a receipt, a payment, a move or a correction."""
    return books().transfer_of(source)


def there_in(method: str, on: date) -> int:
    """What the books say lay in a place of money when a day ended, in fen."""
    return ledger.balance(books().account(MONEY_ACCOUNT[Method(method)]), on=on)


def is_stated(method: str, on: date, fen: int) -> bool:
    """Was this written down as what is there at the end of the day, in agreement with the books?"""
    return StatedBalance.objects.filter(method=method, stated_on=on, stated_fen=fen, booked_fen=fen).exists()


def to_be_paid(method: str, fen: int) -> QuerySet[PaymentRequest]:
    """Approved payments of this amount out of a place, whose approval stands: they may be what was paid there."""
    return underway.waiting_for(underway.to_pay()).filter(method=method, amount_fen=fen)


def waiting_for_two() -> list[MoneyMove | PaymentCorrection | PurposeChange]:
    """What waits for a second person, the longest waiting first."""
    changes = PurposeChange.objects.filter(state=Decision.ASKED).select_related("asked_by").order_by("asked_at")
    moves = MoneyMove.objects.filter(state=Decision.ASKED).select_related("asked_by").order_by("asked_at")[:20]
    fixes = PaymentCorrection.objects.filter(state=Decision.ASKED).select_related("asked_by", "payment")
    return [*moves, *fixes.order_by("asked_at")[:20], *changes[:20]]


def who_asked(source: str) -> UUID | None:
    """The account that asked for a payment, for money to be moved, for a correction, or for another purpose."""
    kind, pk = source.partition(":")[0], id_in(source)
    if kind == PaymentRequest._meta.label_lower:
        return PaymentRequest.objects.values_list("submitted_by_id", flat=True).get(pk=pk)
    if kind == MoneyMove._meta.label_lower:
        return MoneyMove.objects.values_list("asked_by_id", flat=True).get(pk=pk)
    if kind == Budget._meta.label_lower:
        return Budget.objects.values_list("asked_by_id", flat=True).get(pk=pk)
    if kind == PurposeChange._meta.label_lower:
        return PurposeChange.objects.values_list("asked_by_id", flat=True).get(pk=pk)
    return PaymentCorrection.objects.values_list("asked_by_id", flat=True).get(pk=pk)


def payments_saying(rows: QuerySet[PaymentRequest], words: str) -> QuerySet[PaymentRequest]:
    """Requests in which these words stand, or that have this number."""
    said = ("title", "payee", "papers", "slip", "reason")
    found = reduce(or_, (Q(**{f"{name}__icontains": words}) for name in said))
    return rows.filter(found | Q(number=int(words)) if words.isdecimal() and len(words) < NUMBER_DIGITS else found)


def given_by(resident_id: UUID | OuterRef) -> QuerySet[Donation]:
    """What a resident gave, newest first (their own page only)."""
    return Donation.objects.filter(resident_id=resident_id, reversed_at=None).order_by("-received_on", "-number")


def counts() -> dict[str, int]:
    """How many payment requests stand in each state."""
    found = dict(PaymentRequest.objects.values_list("state").annotate(Count("id")).order_by())
    return {state.value: found.get(state.value, 0) for state in State}


def is_lapsed() -> Q:
    """Approvals that nobody used in time and that the clock has not ended yet."""
    return Q(state=State.APPROVED, approved_until__lte=clock.now())


def homes_with_lapsed_approvals() -> list[int]:
    """The communities that have such a one."""
    lapsed = PaymentRequest.everywhere.filter(is_lapsed())  # everywhere: the clock asks once for all
    return homes_with(lapsed)
