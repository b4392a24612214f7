"""Who is served next: the rule of the waiting list, without a database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from uuid import UUID

from weiyifang.capacity.models import WaitEntry


@dataclass
class Round:
    """Who gets places now, in order, and how often they passed over whom (id of the entry → times).

    `gathers`: the group for which what is free is kept, because nobody may pass it any more.
    """

    served: list[WaitEntry] = field(default_factory=list)
    passed: dict[UUID, int] = field(default_factory=dict)
    gathers: list[WaitEntry] = field(default_factory=list)


def serve(line: Iterable[WaitEntry], *, free: int, places: int, skips_allowed: int, now: datetime) -> Round:
    """Hand `free` places of a pool with `places` to people in the order of the line.

    A group comes all together or not at all. One that does not fit into what is free may be passed over by at most
    `skips_allowed` later ones, then all behind it wait for it, until places have been gathered for it long enough; from
    then on it is in nobody's way, and neither is one larger than the whole pool.
    """
    turn = Round()
    patient: list[tuple[int, list[WaitEntry]]] = []  # how many may still pass whom
    for group in _groups(line):
        first, wanted = group[0], sum(entry.places for entry in group)
        if free <= 0:
            break
        if wanted <= free:
            turn.served += group
            free -= wanted
            patient = [(left - 1, those) for left, those in patient]
            turn.passed = {one.id: turn.passed.get(one.id, 0) + 1 for _left, those in patient for one in those}
            if stops := [those for left, those in patient if left == 0]:
                turn.gathers = stops[0] if free else []
                break
        elif wanted <= places and (first.gathers_until is None or first.gathers_until > now):
            left = skips_allowed - first.skips
            if left <= 0:
                turn.gathers = group
                break
            patient.append((left, group))
    return turn


def _groups(line: Iterable[WaitEntry]) -> Iterator[list[WaitEntry]]:
    """Those who come together, and each who comes alone, in the order of the line."""
    for _key, group in groupby(line, key=lambda entry: entry.together or entry.id):
        yield list(group)
