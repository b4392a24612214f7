"""Who is served next: the rule of the waiting list, without a database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from types import MappingProxyType
from uuid import UUID

from weiyifang.capacity.models import WaitEntry

Seating = dict[UUID, tuple[str, int]]  # id of the entry → out of which share its places come, and how many of them
NOTHING_KEPT: Mapping[str, int] = MappingProxyType({})


@dataclass
class Round:
    """Who gets places now, in order, and how often they passed over whom (id of the entry → times).

    `gathers`: the group for which what is free is kept, because nobody may pass it any more. `shares`: of those served,
    what comes out of shares.
    """

    served: list[WaitEntry] = field(default_factory=list)
    passed: dict[UUID, int] = field(default_factory=dict)
    gathers: list[WaitEntry] = field(default_factory=list)
    shares: Seating = field(default_factory=dict)


def serve(
    line: Iterable[WaitEntry],
    *,
    free: int,
    places: int,
    skips_allowed: int,
    now: datetime,
    kept: Mapping[str, int] = NOTHING_KEPT,
) -> Round:
    """Hand `free` places of a pool with `places`, and those `kept` in shares, to people in the order of the line.

    A group comes all together or not at all. One that does not fit into what is free may be passed over by at most
    `skips_allowed` later ones, then all behind it wait for it, until places have been gathered for it long enough; from
    then on it is in nobody's way, and neither is one larger than the whole pool. Whoever gets by with a share passes
    over nobody: those before could not have had its places.
    """
    turn, kept = Round(), dict(kept)
    patient: list[tuple[int, list[WaitEntry]]] = []  # how many may still pass whom
    for group in _groups(line):
        if free <= 0 and not any(kept.values()):
            break
        first, shares, waits_long = group[0], seated(group, kept), list[WaitEntry]()
        wanted = sum(entry.places for entry in group)
        of_all = wanted - sum(places for _name, places in shares.values())
        if of_all <= free:
            turn.served += group
            turn.shares |= shares
            _take(kept, shares)
            free -= of_all
            if of_all:
                patient = [(left - 1, those) for left, those in patient]
                turn.passed = {one.id: turn.passed.get(one.id, 0) + 1 for _left, those in patient for one in those}
                if (stops := [those for left, those in patient if left == 0]) and free:
                    waits_long = stops[0]
        elif free > 0 and wanted <= places and (first.gathers_until is None or first.gathers_until > now):
            left = skips_allowed - first.skips
            if left <= 0:
                waits_long = group
            else:
                patient.append((left, group))
        if waits_long:  # all that is for everybody is kept for them, and their part of the shares
            turn.gathers = waits_long
            _take(kept, seated(waits_long, kept))
            free = 0
    return turn


def seated(group: Sequence[WaitEntry], kept: Mapping[str, int]) -> Seating:
    """Which of these sit in a share, given what is kept: whoever fits the fewest first, each in one share.

    Where several are open to somebody, it is the one with most for them, then the one with most left.
    """
    if not any(kept.values()):
        return {}
    left, found = dict(kept), Seating()
    for entry in sorted(group, key=lambda one: len(one.fits)):
        open_ones = [(min(n, left.get(name, 0)), left.get(name, 0), name) for name, n in entry.fits.items()]
        places, _left, name = max(open_ones, default=(0, 0, ""))
        if places:
            found[entry.id] = name, places
            left[name] -= places
    return found


def _take(kept: dict[str, int], shares: Seating) -> None:
    for name, places in shares.values():
        kept[name] -= places


def _groups(line: Iterable[WaitEntry]) -> Iterator[list[WaitEntry]]:
    """Those who come together, and each who comes alone, in the order of the line."""
    for _key, group in groupby(line, key=lambda entry: entry.together or entry.id):
        yield list(group)
