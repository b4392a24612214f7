"""Promises between topics, recomputed: what one counted, the other has received."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from weiyifang.activities import queries as activities
from weiyifang.core.faults import Fault
from weiyifang.fund import books
from weiyifang.fund import queries as fund
from weiyifang.stage import queries as stage

ATTENDANCES, COUNTS, INCOMES = "activities.attendance:", "activities.stallcount:", "stage.income:"


def check() -> list[Fault]:
    """What is broken in the community at hand; empty when every promise holds.

    What came in before it kept a fund is none of the fund's.
    """
    here = books.book_or_none()
    if here is None:
        return []
    since = here.book.opened_at
    return [
        *_received("lesson_fees", ATTENDANCES, activities.lesson_fees_by_source(since)),
        *_received("market_proceeds", COUNTS, activities.proceeds_by_source(since)),
        *_received("shares_of_shows", INCOMES, stage.fund_parts()),
    ]


def _received(check: str, prefix: str, due: Mapping[str, int]) -> Iterator[Fault]:
    """The fund has all of it, each once, and nothing else in its name. `due`: fen by source."""
    received = fund.standing_receipts_of(prefix)
    for source in sorted(due.keys() | received.keys()):
        if due.get(source) != received.get(source):
            what = f"{due.get(source, 0)} fen are the fund's, and it has {received.get(source, 0)}"
            yield Fault(check=f"reactions.{check}", where=source, what=what)
