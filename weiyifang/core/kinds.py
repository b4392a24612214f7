"""Every kind of fact there is, by name: the timeline keeps the name alone, whoever reads it needs the words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from weiyifang.core.events import Event

_kinds: dict[str, type[Event]] = {}


def kinds() -> Mapping[str, type[Event]]:
    """The kinds of all packages."""
    return _kinds


def add(kind: type[Event]) -> None:
    """Register a kind as its class is made. Raises `TypeError` when another has its name."""
    other = _kinds.setdefault(kind.__name__, kind)
    if (other.__module__, other.__qualname__) != (kind.__module__, kind.__qualname__):
        raise TypeError(f"{kind.__module__}.{kind.__qualname__}: {other.__module__} has a fact of this name already")
    _kinds[kind.__name__] = kind
