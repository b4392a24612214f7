"""Where a gift went: which payments it met, by a convention that is the same for everybody.

Money has no names on it: what lies in one account is one sum. The rule: *within one purpose, what came in first goes
out first*. Both are taken in the order in which they were written into the books, and what was taken back of either
counts as if it had never been. So the parts of a gift and what is left of it are the gift, to the fen; every payment is
met exactly; and as no purpose is ever spent below nothing, no payment is met by a gift that was written down after it,
unless something before it was taken back.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import F, QuerySet, Sum, Window
from django.db.models.functions import Greatest, Least

from weiyifang.fund.books import Books
from weiyifang.fund.chart import chart
from weiyifang.ledger import queries as ledger
from weiyifang.ledger.models import Transfer

Gift = TypeVar("Gift")
Payment = TypeVar("Payment")


def meet(
    gifts: Iterable[tuple[Gift, int]], payments: Iterable[tuple[Payment, int]]
) -> Iterator[tuple[Gift, Payment, int]]:
    """Which gift met which payment, and with how many fen; both in the order of the books. The rule, and all of it."""
    coming, waiting = deque(gifts), deque(payments)
    while coming and waiting:  # a payment that was paid back whole meets nothing, also after the last gift
        (gift, left), (payment, due) = coming.popleft(), waiting.popleft()
        part = min(left, due)
        if part:
            yield gift, payment, part
        if left > part:
            coming.appendleft((gift, left - part))
        if due > part:
            waiting.appendleft((payment, due - part))


@dataclass(frozen=True, kw_only=True)
class Trail:
    """What became of one gift, in fen. `met`: the payments it met, in order, each with its `part`."""

    fen: int
    left: int
    met: QuerySet[Any]

    @property
    def spent(self) -> int:
        return self.fen - self.left


def trail(here: Books, gift: Transfer) -> Trail:
    """The same for one gift, without going through all of them: what came in before it went out before it."""
    money = here.ids(chart().money.values())
    rows = ledger.entries(here.book).filter(pool=gift.pool_id)
    rows_in = rows.filter(debit__in=money).exclude(credit__in=money)
    rows_out = rows.filter(credit__in=money).exclude(debit__in=money)
    fen = ledger.sum_standing(rows_in.filter(pk=gift.pk))
    begins = ledger.sum_standing(rows_in.filter(pk__lt=gift.pk))
    ends = begins + fen
    spent = min(ledger.sum_standing(rows_out), ends) - begins
    through = Window(Sum("stands"), order_by="pk")
    part = Least(through, ends) - Greatest(through - F("stands"), begins)
    met = ledger.standing(rows_out).annotate(part=part).filter(part__gt=0).order_by("pk")
    return Trail(fen=fen, left=fen - max(spent, 0), met=met)
