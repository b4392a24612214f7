"""What each purpose of the fund holds, and what of it may become free: reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from weiyifang.fund.books import Books, books
from weiyifang.fund.chart import Line, chart
from weiyifang.fund.models import (
    MONEY_ACCOUNT,
    PLACE,
    Decision,
    Method,
    PaymentRequest,
    Purpose,
    PurposeChange,
    Why,
    pool_line,
)
from weiyifang.ledger import queries as ledger


@dataclass(kw_only=True)
class Held:
    """One purpose: what came in for it, what was spent, what is left, how much of that is set aside, and where; fen."""

    line: Line
    came_in: int = 0
    spent: int = 0
    balance: int = 0
    set_aside: int = 0
    free: dict[Method, int] = field(default_factory=dict)  # by place, what can still be spent there
    purpose: Purpose | None = None  # of the community's own

    @property
    def changed(self) -> int:
        """What came from other purposes, less what went to them."""
        return self.balance - self.came_in + self.spent

    @property
    def places(self) -> list[tuple[str, int]]:
        return [(str(PLACE[method]), fen) for method, fen in self.free.items() if fen]

    @property
    def is_open(self) -> bool:
        return self.purpose is None or self.purpose.closed_at is None


def held() -> list[Held]:
    """Every purpose of the fund, the chart's first; three questions, however many there are."""
    here, own = books(), {row.code: row for row in Purpose.objects.select_related("opened_by").order_by("number")}
    found = {code: Held(line=line) for code, line in chart().pools.items() if code in here.pools}
    found |= {code: Held(line=row.line, purpose=row) for code, row in own.items() if code in here.pools}
    _sum_up(here, found)
    return list(found.values())


def code_of(pk: UUID) -> str:
    """The code of a purpose of the community's own: what orders and other topics know it by."""
    return Purpose.objects.values_list("code", flat=True).get(pk=pk)


def one(code: str, here: Books | None = None) -> Held:
    """The same of one purpose."""
    here = here or books()
    row = Purpose.objects.select_related("opened_by").filter(code=code).first()
    found = Held(line=row.line if row else pool_line(code), purpose=row)
    _sum_up(here, {code: found})
    return found


def _sum_up(here: Books, wanted: Mapping[str, Held]) -> None:
    plan = chart()
    channels, categories = set(here.ids(plan.channels.values())), set(here.ids(plan.categories.values()))
    places: dict[UUID, Method] = {
        here.accounts[code].pk: method for method, code in MONEY_ACCOUNT.items() if code in here.accounts
    }
    by_pool = {here.pools[code].pk: seen for code, seen in wanted.items() if code in here.pools}
    for row in ledger.balance_rows(here.book, by_pool):
        seen = by_pool[row.pool_id]
        if row.account_id in channels:
            seen.came_in += row.amount
        elif row.account_id in categories:
            seen.spent += row.amount
        elif row.account_id in places:
            seen.balance += row.amount
            seen.set_aside += row.held_credits
            seen.free[places[row.account_id]] = row.free


def _alive(besides: UUID | None) -> QuerySet[PurposeChange]:
    """Changes that are asked for or booked, without those that were taken back."""
    rows = PurposeChange.objects.filter(state__in=[Decision.ASKED, Decision.BOOKED])
    rows = rows if besides is None else rows.exclude(pk=besides)
    return rows.exclude(undone_by__state=Decision.BOOKED)


def released(code: str, *, besides: UUID | None = None) -> int:
    """What the spending of a purpose's own money has released already, or will when it is confirmed; fen."""
    rows = _alive(besides).filter(why=Why.SPENT, from_pool=code)
    return int(rows.aggregate(sum=Sum("amount_fen"))["sum"] or 0)


def suggested(seen: Held) -> int:
    """What was spent for a purpose and is not released yet: the amount a release suggests, in fen."""
    return max(seen.spent - released(seen.line.code), 0) if seen.line.restricted else 0


def left_of_payment(payment: PaymentRequest, *, besides: UUID | None = None) -> int:
    """What of a payment that free money has made no release has given back to it, in fen."""
    taken_back = payment.corrections.filter(state__in=[Decision.ASKED, Decision.BOOKED])
    back = taken_back.aggregate(sum=Sum("amount_fen"))["sum"] or 0
    given = _alive(besides).filter(why=Why.PAID, payment=payment).aggregate(sum=Sum("amount_fen"))["sum"] or 0
    return int(payment.amount_fen - back - given)


def changes_of(code: str) -> QuerySet[PurposeChange]:
    """All that was asked for about a purpose, newest first."""
    rows = PurposeChange.objects.filter(Q(from_pool=code) | Q(to_pool=code))
    return rows.select_related("asked_by").order_by("-number")


def booked_net() -> dict[tuple[str, str], int]:
    """What the documents say of net assets: (purpose, account) → fen on the credit side. For `verify`."""
    codes = {line.restricted: code for code, line in chart().net.items()}
    fixed = {code: line.restricted for code, line in chart().pools.items()}
    fixed |= {row.code: row.is_restricted for row in Purpose.objects.all()}
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for row in PurposeChange.objects.filter(state=Decision.BOOKED).select_related("undoes"):
        was, sign = (row.undoes, -1) if row.undoes else (row, 1)
        if was.why == Why.SPENT:
            sums[was.from_pool, codes[True]] -= sign * row.amount_fen
            sums[was.from_pool, codes[False]] += sign * row.amount_fen
        else:
            sums[was.from_pool, codes[fixed.get(was.from_pool, False)]] -= sign * row.amount_fen
            sums[was.to_pool, codes[fixed.get(was.to_pool, False)]] += sign * row.amount_fen
    return {key: fen for key, fen in sums.items() if fen}
