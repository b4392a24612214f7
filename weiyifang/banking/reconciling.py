"""A month of one place: what the bank says beside what the books say, and what is on its way between them.

At the end of a day the bank may have what the books have not yet, and the other way round. A line or an entry is *on
its way* then when it is in no match, or in one of which a part comes later. Both balances without what is on its way
are the same, or there is a *difference* that nobody has explained. What was booked before the first statement counts as
settled with its opening balance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from weiyifang.banking import queries
from weiyifang.banking.models import BankAccount, Explanation, Line, MatchedEntry
from weiyifang.banking.queries import ONE, Days
from weiyifang.core.web.versions import Figures
from weiyifang.fund import queries as fund
from weiyifang.ledger.models import month_end, month_of

FIGURES = {
    "open_lines": _("open lines"),
    "aside_lines": _("lines set aside"),
    "missing_days": _("days without a statement"),
    "difference_fen": _("difference nobody has explained"),
}


@dataclass(kw_only=True)
class Month:
    """One month of one account. Amounts in fen."""

    account: BankAccount
    first: date
    last: date
    begins: date  # the first day for which there is a statement at all
    missing: Sequence[Days] = field(default_factory=list)

    @cached_property
    def opening(self) -> int | None:
        return queries.there_on(self.account, self.first - ONE)

    @cached_property
    def closing(self) -> int:
        return queries.there_on(self.account, self.last) or 0

    @cached_property
    def moved(self) -> tuple[int, int]:
        """What came in and what went out in the month by the bank's lines."""
        rows = Line.objects.filter(account=self.account, day__range=(self.first, self.last))
        sums = rows.aggregate(came=Sum("fen", filter=Q(fen__gt=0)), went=Sum("fen", filter=Q(fen__lt=0)))
        return sums["came"] or 0, -(sums["went"] or 0)

    @cached_property
    def booked(self) -> int:
        return fund.there_in(self.account.method, self.last)

    def lines_on_their_way(self, day: date | None = None) -> QuerySet[Line]:
        """What the bank has, and the books had not when a day (the last) ended."""
        day = day or self.last
        later = Exists(MatchedEntry.objects.filter(match=OuterRef("match"), transfer__effective_on__gt=day)) | Exists(
            Line.objects.filter(match=OuterRef("match"), day__gt=day)
        )
        return Line.objects.filter(Q(match=None) | later, account=self.account, day__lte=day).order_by("day", "seq")

    def entries_on_their_way(self, day: date | None = None) -> QuerySet[Any]:
        """What the books have, and the bank had not when a day (the last) ended; `fen`: see `fund.queries.of_place`."""
        day = day or self.last
        mine = MatchedEntry.objects.filter(account=self.account, transfer=OuterRef("pk"))
        later = Exists(Line.objects.filter(match=OuterRef("match"), day__gt=day)) | Exists(
            MatchedEntry.objects.filter(match=OuterRef("match"), transfer__effective_on__gt=day)
        )
        rows = fund.of_place(self.account.method, None, day)
        unmatched = Q(~Exists(mine), effective_on__gte=self.begins)
        return rows.filter(unmatched | Q(Exists(mine.filter(later))))

    @cached_property
    def on_their_way(self) -> tuple[int, int]:
        """The sums of both: lines, entries."""
        return _sum(self.lines_on_their_way()), _sum(self.entries_on_their_way())

    def _apart(self, day: date) -> int:
        """What the two balances differ by, without what is on its way."""
        there = queries.there_on(self.account, day) or 0
        booked = fund.there_in(self.account.method, day)
        return (there - _sum(self.lines_on_their_way(day))) - (booked - _sum(self.entries_on_their_way(day)))

    @cached_property
    def difference(self) -> int:
        """What nobody has explained and came to be in this month; in the first, all there was before it, too."""
        before = 0 if self.first <= self.begins else self._apart(self.first - ONE)
        return self._apart(self.last) - before

    @cached_property
    def figures(self) -> Figures:
        """What stands in the way of sealing it: all nothing where it agrees."""
        rows = Line.objects.filter(account=self.account, day__range=(self.first, self.last), match=None)
        values = {
            "open_lines": rows.filter(aside_because="").count(),
            "aside_lines": rows.exclude(aside_because="").count(),
            "missing_days": sum((last - first).days + 1 for first, last in self.missing),
            "difference_fen": self.difference,
        }
        return Figures(of=f"banking.month:{self.account.method}.{self.first:%Y-%m}", values=values, names=FIGURES)

    @property
    def agrees(self) -> bool:
        return not any(self.figures.values.values())

    @cached_property
    def explanation(self) -> Explanation | None:
        """What two people, or one so far, say of it as it is now."""
        rows = Explanation.objects.select_related("asked_by", "confirmed_by")
        newest = rows.filter(account=self.account, month=self.first).order_by("-asked_at", "-id").first()
        return newest if newest is not None and newest.figures == dict(self.figures.values) else None

    @property
    def may_be_sealed(self) -> bool:
        said = self.explanation
        return self.agrees or (said is not None and said.confirmed_by_id is not None)


def _sum(rows: QuerySet[Any]) -> int:
    return rows.order_by().aggregate(sum=Sum("fen"))["sum"] or 0


def month(account: BankAccount, day: date) -> Month | None:
    """The month of a day; None where the statements of the account begin later."""
    first, last = month_of(day), month_end(day)
    days = queries.covered(queries.standing(account))
    if not days or days[0][0] > last:
        return None
    begins = days[0][0]
    missing = queries.gaps(days, max(first, begins), last)
    return Month(account=account, first=first, last=last, begins=begins, missing=missing)
