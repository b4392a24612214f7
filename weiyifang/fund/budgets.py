"""The budget of a year beside what is asked for and paid: reads. Three questions, however many lines there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from weiyifang.core import clock
from weiyifang.fund.chart import Line, chart, line_or_code
from weiyifang.fund.models import (
    Budget,
    BudgetLine,
    BudgetWord,
    Decision,
    PaymentCorrection,
    PaymentRequest,
    State,
    open_lines,
    own_lines,
)

Key = tuple[str, str]  # a purpose and a category
ON_THE_WAY = (State.SUBMITTED, State.CHECKED, State.APPROVED)


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One line: what is planned, what is asked for or approved and not paid, what is spent; fen."""

    pool: Line
    category: Line
    planned: int
    committed: int
    spent: int

    @property
    def left(self) -> int:
        return self.planned - self.committed - self.spent

    @property
    def beyond(self) -> int:
        return max(-self.left, 0)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A year's budget, if one was approved, with every line that anything is planned or used in."""

    year: int
    budget: Budget | None
    lines: Sequence[Planned]

    @property
    def planned(self) -> int:
        return sum(line.planned for line in self.lines)

    @property
    def committed(self) -> int:
        return sum(line.committed for line in self.lines)

    @property
    def spent(self) -> int:
        return sum(line.spent for line in self.lines)

    @property
    def left(self) -> int:
        return self.planned - self.committed - self.spent


def in_force(year: int) -> Budget | None:
    """The newest approved budget of a year."""
    return Budget.objects.filter(year=year, state=Decision.BOOKED).order_by("-number").first()


def _year(year: int) -> tuple[datetime, datetime]:
    return clock.local(clock.today().replace(year=year, month=1, day=1), "00:00"), clock.local(
        clock.today().replace(year=year + 1, month=1, day=1), "00:00"
    )


def used(year: int, *, besides: UUID | None = None, of: Key | None = None) -> dict[Key, tuple[int, int]]:
    """What is on its way and what was spent in a year, what was taken back of it less: fen by purpose and category.

    Whatever is on its way counts in the year that is now.
    """
    since, until = _year(year)
    paid = Q(state=State.PAID, paid_at__gte=since, paid_at__lt=until)
    waits = Q(state__in=ON_THE_WAY) if year == clock.today().year else Q(pk=None)
    rows = PaymentRequest.objects.filter(paid | waits)
    back = PaymentCorrection.objects.filter(state=Decision.BOOKED, payment__paid_at__gte=since)
    back = back.filter(payment__paid_at__lt=until)
    if besides is not None:
        rows = rows.exclude(pk=besides)
    if of is not None:
        rows = rows.filter(pool=of[0], category=of[1])
        back = back.filter(payment__pool=of[0], payment__category=of[1])
    sums: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    for pool, category, state, fen in (
        rows.order_by().values_list("pool", "category", "state").annotate(sum=Sum("amount_fen"))
    ):
        sums[pool, category][state == State.PAID] += fen
    taken = back.order_by().values_list("payment__pool", "payment__category").annotate(sum=Sum("amount_fen"))
    for pool, category, fen in taken:
        sums[pool, category][1] -= fen
    return {key: (committed, spent) for key, (committed, spent) in sums.items()}


def plan(year: int) -> Plan:
    """The year's plan against what is on its way and spent."""
    budget = in_force(year)
    lines = BudgetLine.objects.filter(budget=budget) if budget else BudgetLine.objects.none()
    planned = {(line.pool, line.category): line.planned_fen for line in lines}
    found, pools, categories = used(year), chart().pools | own_lines(), chart().categories
    rows = [
        Planned(
            pool=line_or_code(pools, pool),
            category=line_or_code(categories, category),
            planned=planned.get((pool, category), 0),
            committed=found.get((pool, category), (0, 0))[0],
            spent=found.get((pool, category), (0, 0))[1],
        )
        for pool, category in planned.keys() | found.keys()
    ]
    order = {code: place for place, code in enumerate([*pools, *categories])}
    rows.sort(key=lambda row: (order.get(row.pool.code, 99), order.get(row.category.code, 99)))
    return Plan(year=year, budget=budget, lines=rows)


@dataclass(frozen=True, kw_only=True)
class Beside:
    """One payment beside its line of the budget: fen."""

    planned: int
    used: int
    amount: int

    @property
    def beyond(self) -> int:
        return max(self.used + self.amount - self.planned, 0)


def beside(payment: Key, fen: int, *, besides: UUID | None = None) -> Beside | None:
    """What is planned for a payment's purpose and category this year and used without it; None without a budget."""
    year = clock.today().year
    budget = in_force(year)
    if budget is None:
        return None
    line = BudgetLine.objects.filter(budget=budget, pool=payment[0], category=payment[1]).first()
    found = used(year, besides=besides, of=payment).get(payment, (0, 0))
    return Beside(planned=line.planned_fen if line else 0, used=sum(found), amount=fen)


def pairs() -> list[tuple[Line, Line]]:
    """What a budget can plan: each open purpose with each category its money may be spent on."""
    categories = chart().categories
    return [
        (pool, category)
        for pool in open_lines().values()
        for category in categories.values()
        if pool.category in {"", category.code}
    ]


def words_of(payment: PaymentRequest) -> QuerySet[BudgetWord]:
    """Why a payment goes beyond the budget, the earliest first."""
    return BudgetWord.objects.filter(payment=payment).select_related("said_by").order_by("id")
