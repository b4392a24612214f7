"""What the facts say a row must look like: rows that can change, told again from the timeline, which cannot.

A row of the timeline is in the journal; a duty, a membership, a payment is not. But nothing happens to them without a
fact, so `verify` lives their facts once more and names every row that has come to another end.

What a fact must not say for ever – the name of a person – it holds as a fingerprint: a hash over a salt and the values.
The salt is in the row and goes with the name, and then nobody can find the name by trying names.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import models

from weiyifang.core.events import Event
from weiyifang.core.faults import Fault
from weiyifang.core.models import TimelineEntry
from weiyifang.core.tenancy import CommunityModel, source_of


class _Something:
    """Equal to everything but None: a day or a moment that has to be there."""

    def __eq__(self, other: object) -> bool:
        return other is not None

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "something"


class _Anything(_Something):
    """Equal to everything: what facts said before holds no longer."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = _Something.__hash__


SOMETHING, ANYTHING = _Something(), _Anything()


class Told(NamedTuple):
    """One fact, as the timeline keeps it."""

    kind: str
    subject: str
    by: UUID | None
    values: Mapping[str, Any]
    at: datetime

    def id(self, name: str) -> UUID | None:
        """The id that a value holds."""
        return UUID(self.values[name]) if self.values.get(name) else None

    def moment(self, name: str) -> datetime:
        return datetime.fromisoformat(self.values[name])


Row = Mapping[str, Any]  # attributes by name
Says = Callable[[Told], Row | Iterable[tuple[str, Row]]]  # of the fact's subject, or (source, of that row) each


def told(*kinds: type[Event]) -> Iterator[Told]:
    """The facts of these kinds, in the order they happened."""
    rows = TimelineEntry.objects.filter(verb__in=[kind.__name__ for kind in kinds]).order_by("id")
    fields = rows.values_list("verb", "subject", "actor_account_id", "values", "at")
    yield from (Told(*row) for row in fields.iterator(chunk_size=5_000))


def due(says: Mapping[type[Event], Says]) -> dict[str, dict[str, Any]]:
    """Source → what the row must look like after all its facts."""
    by_name = {kind.__name__: function for kind, function in says.items()}
    rows: dict[str, dict[str, Any]] = {}
    for fact in told(*says):
        said = by_name[fact.kind](fact)
        for source, row in [(fact.subject, said)] if isinstance(said, Mapping) else said:
            rows.setdefault(source, {}).update(row)
    return rows


def compare(
    rows: Iterable[CommunityModel], wanted: Mapping[str, Row], *, check: str, untold: str = "no fact tells of it"
) -> Iterator[Fault]:
    """A fault for each row that differs from what its facts say, that has none, or that is gone.

    `untold` is what is said of a row without facts; empty, and such rows are passed over.
    """
    missing = dict(wanted)
    for row in rows:
        source = source_of(row)
        want = missing.pop(source, None)
        if want is None:
            if untold:
                yield Fault(check=check, where=source, what=untold)
            continue
        if wrong := [name for name, value in want.items() if getattr(row, name) != value]:
            yield Fault(check=check, where=source, what=f"its facts say otherwise: {', '.join(wrong)}")
    for source in missing:
        yield Fault(check=check, where=source, what="is gone, and its facts stand")


def every(model: type[CommunityModel], *names: str) -> Iterator[Any]:
    """Each row of the community at hand, with these fields only."""
    rows: models.QuerySet[Any] = model.objects.only("id", "community", *names)
    return rows.iterator(chunk_size=5_000)


def new_salt() -> str:
    """What makes a fingerprint unguessable: 128 random bits."""
    return secrets.token_hex(16)


def fingerprint(salt: str, *values: Any) -> str:
    """The hash over a salt and values that a fact may hold in their place; "" without a salt."""
    text = json.dumps([salt, *values], ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest() if salt else ""
