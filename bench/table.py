"""A table of measurements: ours against something else on the same machine, in turns, medians."""

from __future__ import annotations

import statistics
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

RUNS = 7  # of each side, in turns; never fewer than 5


@dataclass(frozen=True, slots=True)
class Row:
    """One line: how long we take, how long `against` takes, in milliseconds."""

    name: str
    ours_ms: float
    against: str = ""
    against_ms: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times as long `against` takes: above 1 we are faster."""
        return None if self.against_ms is None else self.against_ms / self.ours_ms


def wall_ms() -> float:
    """The clock on the wall."""
    return time.perf_counter() * 1000


def compare(
    name: str,
    ours: Callable[[], object],
    against: str = "",
    theirs: Callable[[], object] | None = None,
    *,
    runs: int = RUNS,
    between: Callable[[], object] = lambda: None,
    clock: Callable[[], float] = wall_ms,
) -> Row:
    """Medians of `runs` (at least 5) calls of each side, taken in turns so that a busy moment meets both.

    `between` is called after each and not measured: what one side has still to do must not slow the other. `clock`
    gives the milliseconds so far: on the wall, or of CPU (`bench.cpu`).
    """
    runs = max(runs, 5)
    sides = [ours] if theirs is None else [ours, theirs]
    times: list[list[float]] = [[] for _side in sides]
    for run in range(-1, runs):  # the first round warms up and does not count
        for side, taken in zip(sides, times, strict=True):
            began = clock()
            side()
            milliseconds = clock() - began
            between()
            if run >= 0:
                taken.append(milliseconds)
    ours_ms, *theirs_ms = map(statistics.median, times)
    return Row(name, ours_ms, against, theirs_ms[0] if theirs_ms else None)


def elapsed_ms(call: Callable[[], object]) -> float:
    """How long one call takes, in milliseconds of the clock on the wall."""
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


def print_table(title: str, rows: Iterable[Row]) -> None:
    """Print the rows in aligned columns."""
    lines = [("", "ours, ms", "against", "its ms", "ratio")]
    lines += [
        (row.name, f"{row.ours_ms:.2f}", row.against, _number(row.against_ms), _number(row.ratio)) for row in rows
    ]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    print(title)
    for line in lines:
        print(
            "  ".join(
                _pad(cell, width, left=n in {0, 2}) for n, (cell, width) in enumerate(zip(line, widths, strict=True))
            )
        )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _pad(cell: str, width: int, *, left: bool) -> str:
    blanks = " " * (width - _width(cell))
    return cell + blanks if left else blanks + cell


def _width(text: Sequence[str]) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
