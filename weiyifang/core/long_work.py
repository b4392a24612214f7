"""Work that takes longer than anybody waits before a page: what can be handed over, and to whom.

Each kind says how it is done, who may, and what is told of it; a topic registers its own once, at start. Whoever
carries it out (`weiyifang.errands`, which stands above the people that may ask) registers itself too, so that every
floor can hand work over. A kind that is offered no more stays registered: its rows are still told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from django.conf import settings
from django.utils.functional import Promise

from weiyifang.core.actors import Actor

Arguments = Mapping[str, Any]
Came = Mapping[str, Any]
T = TypeVar("T")


class Step(Protocol):
    """To be called between two steps: how far it is. Raises when it is to stop; nothing may catch that."""

    def __call__(self, done: int, total: int) -> None: ...


def nowhere(done: int, total: int) -> None:
    """The `Step` of work that somebody waits for."""


def along(rows: Iterable[T], total: int, step: Step) -> Iterator[T]:
    """The rows one by one, with a step before each."""
    for done, row in enumerate(rows):
        step(done, total)
        yield row


@dataclass(frozen=True, kw_only=True)
class Made:
    """A file. Its name is made by the program and holds nobody's."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of it: ids and numbers, and perhaps a file."""

    came: Came = field(default_factory=dict)
    file: Made | None = None


Work = Callable[[Arguments, Actor, Step], Result]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """`run` does the work, inside a transaction, in the language of whoever asked. `may` is asked when it is asked for,
    again when it is done, and when its file is fetched. `words` tell what came of it; `onward` is the address of the
    page that shows it. `shows_numbers`: phones and identity numbers stand in it; a fresh second factor is asked for.
    """

    title: str | Promise
    run: Work
    may: Callable[[Actor, Arguments], bool]
    words: Callable[[Came], str] = lambda _came: ""
    onward: Callable[[Came], str] = lambda _came: ""
    shows_numbers: Callable[[Arguments], bool] = lambda _arguments: False
    names_people: bool = False  # its file goes when any of them is forgotten


_kinds: dict[str, Kind] = {}


def register(kinds: Mapping[str, Kind]) -> None:
    """Say what can be handed over (once, at start)."""
    _kinds.update(kinds)


def kind(code: str) -> Kind:
    """The kind with this code; raises KeyError."""
    return _kinds[code]


def every() -> Mapping[str, Kind]:
    """Every kind there is, by code."""
    return _kinds


def is_long(rows: int) -> bool:
    """The one rule: what has more rows than this is handed over, everything else is made while one waits."""
    return rows > settings.AT_ONCE


class Carrier(Protocol):
    """Takes work over, in the transaction at hand, and gives the address of the page that shows how far it is."""

    def __call__(self, *, kind: str, arguments: Arguments, by: Actor) -> str: ...


_carriers: list[Carrier] = []


def carried_by(carrier: Carrier) -> None:
    """Register who takes work over (once, at start)."""
    _carriers[:] = [carrier]


def hand_over(*, kind: str, arguments: Arguments, by: Actor) -> str:
    """Ask for long work; gives the address of its page. Raises what `errands.services.ask` raises."""
    return _carriers[0](kind=kind, arguments=arguments, by=by)
