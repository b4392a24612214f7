"""What is promised of purposes, recomputed: none is ever below nothing, none is spent on another, releases tie."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from django.db.models import Sum

from weiyifang.core import facts
from weiyifang.core.faults import Fault
from weiyifang.core.tenancy import source_of
from weiyifang.fund import events_purposes as events
from weiyifang.fund import purposes
from weiyifang.fund.books import Books
from weiyifang.fund.chart import chart
from weiyifang.fund.models import Budget, Decision, PaymentRequest, Purpose, PurposeChange, State, Why
from weiyifang.ledger import queries as ledger


def check(here: Books) -> Iterator[Fault]:
    """The faults found in the community at hand."""
    yield from _opened()
    yield from _below_nothing(here)
    yield from _used()
    yield from _whose_word()
    yield from _net_assets(here)
    yield from _budgets()


def _opened() -> Iterator[Fault]:
    """A purpose says what was said when it was opened, and is closed when somebody closed it."""
    said = ("number", "code", "category", "restricted_by")
    wanted = facts.due(
        {
            events.PurposeOpened: lambda fact: {
                **{name: fact.values[name] for name in said},
                "opened_by_id": fact.by,
                "closed_by_id": None,
            },
            events.PurposeClosed: lambda fact: {"closed_by_id": fact.by},
        }
    )
    yield from facts.compare(Purpose.objects.iterator(), wanted, check="purposes", untold="nobody opened this")


def _below_nothing(here: Books) -> Iterator[Fault]:
    """When a day ended, no purpose held less than nothing in all places of money together."""
    codes = {row.pk: code for code, row in here.pools.items()}
    sums: dict[UUID, int] = defaultdict(int)
    for pool_id, day, fen in ledger.by_day(here.book, here.ids(chart().money.values())):
        sums[pool_id] += fen
        if sums[pool_id] < 0:
            yield Fault(
                check="purposes", where=f"pool {codes[pool_id]}", what=f"{sums[pool_id]} fen at the end of {day}"
            )


def _lines() -> dict[str, tuple[bool, str]]:
    """Purpose → is it restricted, the only category it may be spent on."""
    found = {code: (line.restricted, line.category) for code, line in chart().pools.items()}
    return found | {row.code: (row.is_restricted, row.category) for row in Purpose.objects.all()}


def _used() -> Iterator[Fault]:
    """What was given for one thing is not spent on another."""
    lines = _lines()
    for row in PaymentRequest.objects.filter(state__in=[State.APPROVED, State.PAID]).iterator():
        category = lines.get(row.pool, (False, ""))[1]
        if category not in {"", row.category}:
            yield Fault.of(row, check="purposes", what=f"{row.pool} is for {category}, and paid for {row.category}")


def _whose_word() -> Iterator[Fault]:
    """Money changes its purpose by a paper of who gave it; without one only from one free purpose to another."""
    lines = _lines()
    for row in PurposeChange.objects.filter(state=Decision.BOOKED, why=Why.BETWEEN):
        if any(lines.get(code, (True, ""))[0] for code in (row.from_pool, row.to_pool)):
            yield Fault.of(row, check="purposes", what="restricted money changed its purpose without anybody's word")


def _net_assets(here: Books) -> Iterator[Fault]:
    """What the books have in net assets is what the documents say, and both sides of each are there."""
    want = purposes.booked_net()
    accounts = {here.accounts[code].pk: code for code in chart().net if code in here.accounts}
    codes = {row.pk: code for code, row in here.pools.items()}
    has = {
        (codes[pool_id], accounts[account_id]): fen
        for (account_id, pool_id), fen in ledger.balances(here.book).items()
        if account_id in accounts and fen
    }
    for key in sorted(want.keys() | has.keys()):
        if want.get(key, 0) != has.get(key, 0):
            what = f"the documents come to {want.get(key, 0)} fen, the books have {has.get(key, 0)}"
            yield Fault(check="releases", where=f"{key[1]} of {key[0]}", what=what)
    posted = ledger.posted(here.book)
    for row in PurposeChange.objects.filter(state=Decision.BOOKED).select_related("undoes"):
        two = (row.undoes or row).why != Why.SPENT
        if posted.get(f"{source_of(row)}/out") != (row.amount_fen if two else None):
            yield Fault.of(row, check="releases", what="its other side is not in the books")


def _budgets() -> Iterator[Fault]:
    """A budget is all its lines together."""
    for row in Budget.objects.annotate(sum=Sum("lines__planned_fen")):
        if row.sum != row.amount_fen:
            yield Fault.of(row, check="budgets", what=f"its lines come to {row.sum} fen, it says {row.amount_fen}")
