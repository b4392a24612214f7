"""Statements add up, continue one another, and are what their facts say; so do their lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum

from weiyifang.banking import events, queries
from weiyifang.banking.models import BankAccount, Line, Match, MatchedEntry, Statement
from weiyifang.core import facts
from weiyifang.core.facts import SOMETHING, Row, Told
from weiyifang.core.faults import Fault
from weiyifang.fund import queries as fund
from weiyifang.fund.books import is_open


def check() -> list[Fault]:
    """What is broken in the community at hand; empty when every promise holds."""
    return [*_as_told(), *_sums(), *_chains(), *_matches()]


def _as_told() -> Iterator[Fault]:
    """Of which days, how many lines, and whether it was taken back."""

    def imported(fact: Told) -> Row:
        said: dict[str, Any] = {
            name: fact.values[name] for name in ("number", "closing_fen", "lines", "known", "sha256")
        }
        return (
            said
            | {name: date.fromisoformat(fact.values[name]) for name in ("since", "until")}
            | {"imported_by_id": fact.by, "taken_back_at": None}
        )

    wanted = facts.due(
        {
            events.StatementImported: imported,
            events.StatementTakenBack: lambda _fact: {"taken_back_at": SOMETHING},
        }
    )
    rows = Statement.objects.iterator()
    yield from facts.compare(rows, wanted, check="banking.statements", untold="nobody imported this statement")


def _sums() -> Iterator[Fault]:
    """A statement that stands brought the lines it says, and all in its days together are what it says."""
    brought = dict(Line.objects.values_list("statement").annotate(Count("id")).order_by())
    for row in Statement.objects.select_related("account").order_by("number"):
        want = 0 if row.taken_back_at else row.lines - row.known
        if brought.get(row.pk, 0) != want:
            what = f"{want} lines are its own, {brought.get(row.pk, 0)} are there"
            yield Fault.of(row, check="banking.lines", what=what)
        within = queries.lines_of(row).order_by().aggregate(n=Count("id"), fen=Sum("fen"))
        later = within["n"] != row.lines  # another brought lines of its last day
        moved = row.came_in_fen - row.went_out_fen
        if row.taken_back_at is None and not later and (within["fen"] or 0) != moved:
            yield Fault.of(row, check="banking.sums", what=f"moved {moved} fen, its lines {within['fen']}")


def _chains() -> Iterator[Fault]:
    """Within the days that are covered each balance is the one before and the line itself."""
    for account in BankAccount.objects.order_by("method"):
        for since, until in queries.covered(queries.standing(account)):
            there = queries.there_on(account, since - queries.ONE)
            first = queries.standing(account).filter(since=since).first()
            there = first.opening_fen if first else there
            for row in Line.objects.filter(account=account, day__range=(since, until)).order_by("day", "seq"):
                if there is not None and there + row.fen != row.balance_fen:
                    yield Fault.of(row, check="banking.balances", what=f"{there} and {row.fen}, yet {row.balance_fen}")
                there = row.balance_fen


def _matches() -> Iterator[Fault]:
    """In each match lines and entries are equal to the fen, whoever made it."""
    of_lines = dict(Line.objects.filter(match__isnull=False).values_list("match").annotate(Sum("fen")).order_by())
    of_entries: dict[UUID, int] = defaultdict(int)
    accounts = BankAccount.objects.order_by("method") if is_open() else []  # without a fund nothing was matched
    for account in accounts:
        there = MatchedEntry.objects.filter(account=account).values_list("transfer", "match")
        match_of = dict(there)
        for pk, fen in fund.of_place(account.method).filter(pk__in=match_of).values_list("pk", "fen"):
            of_entries[match_of[pk]] += fen
    for row in Match.objects.order_by("id"):
        lines, entries = of_lines.get(row.pk, 0), of_entries.get(row.pk, 0)
        if not lines == entries == row.fen:
            yield Fault.of(row, check="banking.matches", what=f"{row.fen} fen; lines {lines}, entries {entries}")
