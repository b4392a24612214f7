"""What can be told: each kind says what for, makes the words and knows the page. Registered by `reactions`.

A kind that is told no more stays registered for as long as notices are kept: it makes the words of those that were.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from weiyifang.core.look import wording


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a notice is about, as things are called when it is read."""

    title: str = ""  # of the row it is about; "" when that is gone
    values: Mapping[str, Any] = field(default_factory=dict)

    def moment(self, name: str) -> str:
        """`10月17日 星期六 14:30`; "" when there is none."""
        return wording.span(datetime.fromisoformat(self.values[name])) if self.values.get(name) else ""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of notice. `purpose` (of `routes.toml`) decides by which routes it goes; `url` is its page.

    `short` stands in place of the words where a gateway takes only a few letters and cut words would be worth nothing.
    """

    purpose: str
    words: Callable[[Told], str]
    url: Callable[[Told], str]
    short: Callable[[Told], str] | None = None


_kinds: dict[str, Kind] = {}


def register(kinds: Mapping[str, Kind]) -> None:
    """Say what can be told (called once, by `reactions`). Raises ValueError for a purpose no rule speaks of."""
    from weiyifang.notices import routing

    for policy in routing.ROUTES.shipped:
        if unknown := {kind.purpose for kind in kinds.values()} - policy.purposes.keys():
            raise ValueError(f"the rule of {policy.since} says nothing about {sorted(unknown)}")
    _kinds.update(kinds)


def kind(code: str) -> Kind:
    """The kind with this code; raises KeyError."""
    return _kinds[code]


def every() -> Mapping[str, Kind]:
    """Every kind there is, by code."""
    return _kinds
