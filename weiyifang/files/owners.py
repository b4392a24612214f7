"""Who may look at a file: whoever may look at what it belongs to. The owner's package says it, once, at start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import id_in


@dataclass(frozen=True, kw_only=True)
class Owner:
    """`may_see`: may the actor see the files of this row? `is_public`: may everybody, now?"""

    may_see: Callable[[UUID, Actor], bool]
    is_public: Callable[[UUID], bool] = lambda _pk: False


_owners: dict[str, Owner] = {}


def shown_with(owners: Mapping[str, Owner]) -> None:
    """Register who sees the files of which kind of row (`news.article`)."""
    _owners.update(owners)


def kinds() -> frozenset[str]:
    """The kinds of rows that may have files."""
    return frozenset(_owners)


def is_public(owner: str) -> bool:
    """May everybody look at the files of this row?"""
    found = _owners.get(owner.partition(":")[0])
    return found is not None and found.is_public(id_in(owner))


def may_see(owner: str, actor: Actor) -> bool:
    """May the actor look at the files of this row? Nobody, where no package says who."""
    found = _owners.get(owner.partition(":")[0])
    return found is not None and (found.is_public(id_in(owner)) or found.may_see(id_in(owner), actor))
