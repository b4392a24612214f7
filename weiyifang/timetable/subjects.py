"""What can be taken, and where it is taken already."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

Span = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True, order=True)
class Subject:
    """A room, a bed, an instrument, a person: `kind` names its model, `name` is what people call it.

    `shared`: it is wanted beside others who share it, but not beside one who has it for themselves.
    """

    id: UUID
    kind: str
    name: str = field(default="", compare=False)
    shared: bool = field(default=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class Clash:
    """`subject` is taken by `source` from `starts_at` to `ends_at`."""

    subject: Subject
    starts_at: datetime
    ends_at: datetime
    source: str
