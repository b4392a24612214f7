"""Cells that were merged in a spreadsheet: one value stands in the first of them and is meant for all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

MOST = 700_000  # cells that are filled in; no honest table merges more
MOST_LINES = 50_000  # of one such cell
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')


class TooManyError(ValueError):
    """More than any honest table merges."""


@dataclass(frozen=True)
class Merged:
    """From line `top` to line `bottom`, in the column at `place` (from 0) and perhaps in those to the right of it."""

    top: int
    bottom: int
    place: int


def merged_in(sheet: bytes) -> list[Merged]:
    """What a sheet's XML says."""
    return [
        Merged(int(top), min(int(bottom), int(top) + MOST_LINES), _place(left.decode()))
        for left, top, _right, bottom in _MERGED.findall(sheet)
    ]


def _place(letters: str) -> int:
    """A is 0, Z is 25, AA is 26."""
    return reduce(lambda so_far, letter: so_far * 26 + ord(letter) - ord("A") + 1, letters, 0) - 1


def fill_down(rows: dict[int, Sequence[Any]], merged: Iterable[Merged]) -> dict[int, list[Merged]]:
    """Write what is merged over several of these rows (by line) into each of them; returns where that was done.

    That is what is meant by it: one address over a household's people. Raises `TooManyError`.
    """
    done: dict[int, list[Merged]] = {}
    left = MOST
    for one in merged:
        if one.top not in rows or one.bottom == one.top or one.place >= len(rows[one.top]):
            continue
        left -= one.bottom - one.top
        if left < 0:
            raise TooManyError
        value = rows[one.top][one.place]
        for line in range(one.top, one.bottom + 1):
            if line in rows and value != "":
                cells = [*rows[line], *[""] * (one.place + 1 - len(rows[line]))]
                cells[one.place] = value
                rows[line] = cells
                done.setdefault(line, []).append(one)
    return done
