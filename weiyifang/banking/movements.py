"""The lines of a file, and the order in which they happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from operator import attrgetter

from django.utils.translation import gettext as _

from weiyifang.core.money import yuan


@dataclass(frozen=True, kw_only=True)
class ReadLine:
    """One movement. `fen` is positive when money came in; `number` only ends as the other account does."""

    line: int
    day: date
    fen: int
    balance: int | None = None
    time: str = ""
    name: str = ""
    number: str = ""
    words: str = ""
    serial: str = ""

    @property
    def out(self) -> int:
        """What went out."""
        return -self.fen


@dataclass(frozen=True)
class Wrong:
    """A row that cannot be taken, and why."""

    line: int
    why: str
    text: str = ""


@dataclass(frozen=True)
class Beside:
    """A row that is no movement of money."""

    line: int
    text: str


@dataclass(frozen=True)
class Ordered:
    """Lines in their order, where their balances do not add up, and whether in and out stood the other way round."""

    lines: Sequence[ReadLine]
    breaks: Sequence[Wrong]
    is_turned: bool


def in_order(read: Sequence[ReadLine]) -> Ordered:
    """Put the lines in the order in which they happened, and reckon the running balance again.

    Files are oldest first or newest first, some by day only. The order in which the balances add up is the right one;
    where none does, every line at which the nearest breaks is named. Where in and out stand the other way round, the
    balances tell.
    """
    nearest: Ordered | None = None
    has_balances = len(read) > 1 and all(line.balance is not None for line in read)
    for turned in (False, True) if has_balances else (False,):
        lines = [replace(line, fen=-line.fen) for line in read] if turned else read
        for order in _orders(lines):
            breaks = list(_breaks(order))
            if not breaks:
                return Ordered(order, [], turned)
            if not turned and (nearest is None or len(breaks) < len(nearest.breaks)):
                nearest = Ordered(order, breaks, turned)
    return nearest or Ordered([], [], False)


def _orders(lines: Sequence[ReadLine]) -> Iterator[list[ReadLine]]:
    is_old_first = not lines or lines[0].day <= lines[-1].day
    as_is, back = list(lines), list(reversed(lines))
    by_day = attrgetter("day")
    yield from (order for order in (as_is, back) if all(one.day <= two.day for one, two in pairwise(order)))
    yield sorted(as_is if is_old_first else back, key=by_day)
    yield sorted(back if is_old_first else as_is, key=by_day)


def _breaks(lines: Sequence[ReadLine]) -> Iterator[Wrong]:
    """Each line whose balance is not the one before and itself."""
    before: int | None = None
    for line in lines:
        if before is not None and line.balance is not None and before + line.fen != line.balance:
            words = _("before it %(before)s, with it %(after)s: but it says %(said)s")
            told = {"before": yuan(before), "after": yuan(before + line.fen), "said": yuan(line.balance)}
            yield Wrong(line.line, words % told)
        before = line.balance if line.balance is not None else None if before is None else before + line.fen
