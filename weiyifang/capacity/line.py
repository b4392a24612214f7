"""Who is served next: the rule of the waiting list, without a database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from weiyifang.capacity.models import WaitEntry


@dataclass
class Round:
    """Who gets places now, in order, and how often they passed over whom (id of the entry → times)."""

    served: list[WaitEntry] = field(default_factory=list)
    passed: dict[UUID, int] = field(default_factory=dict)


def serve(line: Iterable[WaitEntry], *, free: int, places: int, skips_allowed: int) -> Round:
    """Hand `free` places of a pool with `places` to people in the order of the line.

    A group comes all together or not at all. One that does not fit into what is free may be passed over by at most
    `skips_allowed` later entries, then all behind it wait for it. One larger than the whole pool is in nobody's way.
    """
    turn = Round()
    patience: dict[UUID, int] = {}  # id → how many may still pass
    for entry in line:
        if free <= 0:
            break
        if entry.places <= free:
            turn.served.append(entry)
            free -= entry.places
            patience = {id_: left - 1 for id_, left in patience.items()}
            turn.passed = {id_: turn.passed.get(id_, 0) + 1 for id_ in patience}
            if 0 in patience.values():
                break
        elif entry.places <= places:
            left = skips_allowed - entry.skips
            if left <= 0:
                break
            patience[entry.id] = left
    return turn
