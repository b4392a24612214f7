"""Promises between topics, recomputed: what one counted, the other has received."""

from __future__ import annotations

from collections.abc import Iterator

from weiyifang.activities import queries as activities
from weiyifang.core.faults import Fault
from weiyifang.fund import books
from weiyifang.fund import queries as fund
from weiyifang.stage import queries as stage

COUNTS, INCOMES = "activities.stallcount:", "stage.income:"


def check() -> list[Fault]:
    """What is broken in the community at hand; empty when every promise holds."""
    return [*_market_proceeds(), *_shares_of_shows()] if books.is_open() else []


def _market_proceeds() -> Iterator[Fault]:
    """What two people counted alike at a market's stall is in the fund, once, and nothing else in its name."""
    counted, received = activities.proceeds_by_source(), fund.standing_receipts_of(COUNTS)
    for source in sorted(counted.keys() | received.keys()):
        if counted.get(source) != received.get(source):
            what = f"counted {counted.get(source, 0)} fen, and the fund has {received.get(source, 0)}"
            yield Fault(check="reactions.market_proceeds", where=source, what=what)


def _shares_of_shows() -> Iterator[Fault]:
    """The fund's part of each income of a show that stands is in the fund, once, and nothing else in its name."""
    due, received = stage.fund_parts(), fund.standing_receipts_of(INCOMES)
    for source in sorted(due.keys() | received.keys()):
        if due.get(source) != received.get(source):
            what = f"the fund's part is {due.get(source, 0)} fen, and the fund has {received.get(source, 0)}"
            yield Fault(check="reactions.shares_of_shows", where=source, what=what)
