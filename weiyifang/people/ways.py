"""Ways onward from a resident's page on the workbench, which packages above this one add."""

from __future__ import annotations

from collections.abc import Callable

from weiyifang.core.actors import Actor
from weiyifang.people.models import Resident

Way = Callable[[Resident, Actor], tuple[str, str] | None]  # address and words, or None for whoever may not go there
_ways: list[Way] = []


def add(way: Way) -> None:
    """Register a way."""
    _ways.append(way)


def onward(resident: Resident, actor: Actor) -> list[tuple[str, str]]:
    """The ways this actor may go: address and words of each."""
    return [found for way in _ways if (found := way(resident, actor)) is not None]
