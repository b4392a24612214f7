"""Addresses are open for whoever lives here, and stand where their facts say."""

from __future__ import annotations

from collections.abc import Iterator

from weiyifang.calendars import events
from weiyifang.calendars.models import Link
from weiyifang.core import facts
from weiyifang.core.facts import SOMETHING, Row, Told
from weiyifang.core.faults import Fault
from weiyifang.core.tenancy import source_of


def check() -> list[Fault]:
    """What is broken in the community at hand; empty when every promise holds."""
    return [*_as_told(), *_whose()]


def _as_told() -> Iterator[Fault]:
    """Whose it is, of what, and whether it has ended."""

    def made(fact: Told) -> Row:
        return {
            "resident_id": fact.id("resident_id"),
            "of": fact.values["of"],
            "with_others": fact.values["with_others"],
            "ended_at": None,
        }

    wanted = facts.due(
        {events.LinkMade: made, events.LinkEnded: lambda _fact: {"ended_at": SOMETHING}},
    )
    rows = facts.every(Link, "resident", "of", "with_others", "ended_at")
    yield from facts.compare(rows, wanted, check="calendars.links", untold="nobody made it")


def _whose() -> Iterator[Fault]:
    """Nobody who has left reads a calendar."""
    for link in Link.objects.live().exclude(resident__left_on=None, resident__erased_at=None).order_by("id"):
        yield Fault(check="calendars.owners", where=source_of(link), what="is open, and its owner is gone")
