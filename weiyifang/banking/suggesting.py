"""Which entry of the books a line may be: of its amount, near its day; the bank's number and the words decide between.

Sure is what is the only one on both sides and near, or says the same number of the bank's receipt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum

from weiyifang.banking import terms
from weiyifang.banking.models import BankAccount, Line, MatchedEntry
from weiyifang.fund import entries
from weiyifang.fund import queries as fund
from weiyifang.fund.entries import Entry
from weiyifang.ledger.models import Transfer

AT_ONCE = 2_000  # open lines that are looked at together


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """An entry that a line may be; `days` apart."""

    entry: Entry
    days: int
    says_the_same: bool  # the same number, or the same name


@dataclass(kw_only=True)
class Suggested:
    """What is suggested for one line, the likeliest first."""

    line: Line
    found: list[Suggestion] = field(default_factory=list)
    is_sure: bool = False

    @property
    def first(self) -> Suggestion | None:
        return self.found[0] if self.found else None


def open_lines(account: BankAccount) -> QuerySet[Line]:
    """Lines of which nobody has said yet what they are, as they happened."""
    return Line.objects.filter(account=account, match=None, aside_because="").order_by("day", "seq")


def open_entries(account: BankAccount, since: date | None = None, until: date | None = None) -> QuerySet[Any]:
    """Entries of the place that no line was matched with, latest first; `fen` as in `fund.queries.of_place`."""
    matched = MatchedEntry.objects.filter(account=account, transfer=OuterRef("pk"))
    return fund.of_place(account.method, since, until).filter(~Exists(matched))


def suggest(account: BankAccount, lines: Sequence[Line]) -> list[Suggested]:
    """For each of some lines (a page of them): a few queries, however many."""
    made = [Suggested(line=line) for line in lines]
    if not lines:
        return made
    rule = terms.rule()
    near = timedelta(days=rule.near_days)
    since, until = min(line.day for line in lines) - near, max(line.day for line in lines) + near
    amounts = {line.fen for line in lines}
    rows = open_entries(account, since, until).filter(fen__in=amounts)
    by_amount: dict[int, list[Entry]] = defaultdict(list)
    for row, entry in zip(rows, entries.entries(rows), strict=True):
        by_amount[row.fen].append(entry)
    rivals = _by_amount(open_lines(account).filter(fen__in=by_amount, day__range=(since - near, until + near)))
    for one in made:
        one.found = sorted(
            _near(one.line, by_amount[one.line.fen], rule.near_days),
            key=lambda found: (not found.says_the_same, found.days),
        )
        one.is_sure = _is_sure(one, by_amount[one.line.fen], rivals[one.line.fen], rule)
    return made


def _by_amount(lines: Iterable[Line]) -> Mapping[int, list[Line]]:
    found: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.fen].append(line)
    return found


def _near(line: Line, candidates: Iterable[Entry], near: int) -> Iterable[Suggestion]:
    for entry in candidates:
        days = abs((entry.transfer.effective_on - line.day).days)
        if days <= near:
            yield Suggestion(entry=entry, days=days, says_the_same=_same_number(line, entry) or _same_name(line, entry))


def _same_number(line: Line, entry: Entry) -> bool:
    return bool(entry.slip) and entry.slip in {line.serial, *line.words.split()}


def _same_name(line: Line, entry: Entry) -> bool:
    return len(entry.who) > 1 and entry.who in f"{line.name} {line.words}"


def _is_sure(one: Suggested, candidates: Sequence[Entry], rivals: Sequence[Line], rule: terms.TermsRule) -> bool:
    """The only one on both sides within the near days and close; or the only one of that number on both sides."""
    first = one.first
    if first is None:
        return False
    if _same_number(one.line, first.entry):
        others = [entry for entry in candidates if entry is not first.entry and _same_number(one.line, entry)]
        return not others and not any(line.pk != one.line.pk and _same_number(line, first.entry) for line in rivals)
    day = first.entry.transfer.effective_on
    beside = [line for line in rivals if abs((line.day - day).days) <= rule.near_days]
    return len(one.found) == 1 and len(beside) == 1 and first.days <= rule.sure_days


def sure(account: BankAccount) -> list[Suggested]:
    """All that are sure, of the first lines that are open."""
    return [one for one in suggest(account, list(open_lines(account)[:AT_ONCE])) if one.is_sure]


@dataclass(frozen=True, kw_only=True)
class Together:
    """Entries of one day that are a line together, as a day's takings that come in one sum."""

    day: date
    count: int
    transfers: Sequence[Transfer]


def together(account: BankAccount, line: Line) -> list[Together]:
    """Days near the line whose open entries in its direction add up to it; the nearest first."""
    near = timedelta(days=terms.rule().near_days)
    rows = open_entries(account, line.day - near, line.day + near)
    rows = rows.filter(fen__gt=0) if line.fen > 0 else rows.filter(fen__lt=0)
    days = rows.order_by().values("effective_on").annotate(sum=Sum("fen"), count=Count("id"))
    found = [(row["effective_on"], row["count"]) for row in days.filter(sum=line.fen, count__gt=1)]
    return [
        Together(day=day, count=count, transfers=list(rows.filter(effective_on=day)))
        for day, count in sorted(found, key=lambda one: abs((one[0] - line.day).days))[:3]
    ]
