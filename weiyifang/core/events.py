"""Facts that packages announce. What follows from them is written in `weiyifang.reactions`, and only there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields
from functools import partial
from typing import Annotated, Any, ClassVar, get_type_hints

from django.db import connection
from django.utils.functional import Promise

from weiyifang.core import kinds, outdating, text, timeline
from weiyifang.core.actors import Actor

Reactions = Mapping[type["Event"], Sequence[Callable[[Any], None]]]
_reactions: Reactions = {}
_told_last = ""
_telling: ContextVar[list[Callable[[], None]] | None] = ContextVar("what is told at the end", default=None)
_batch: ContextVar[_Batch | None] = ContextVar("facts of a batch", default=None)


# What a fact says in words stays out of the timeline, which cannot forget. Fields of an event that are
Title = Annotated[str, "title"]  # names for people: told to whoever reacts, and read from the row when it is shown
Remark = Annotated[str, "remark"]  # typed by somebody, why or what: kept beside the timeline, where it can be forgotten


@dataclass(kw_only=True)
class _Batch:
    """What a batch verb has announced and not written yet."""

    entries: list[Any] = field(default_factory=list)
    outdates_pages: bool = False


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact, in the past tense, made of ids and plain values.

    `subject` is the source of the row it is about (`activities.enrollment:<id>`). `words` tell it to people, in the
    history of a page. A text is a code or a source, unless it is a `Title` or a `Remark`; the timeline refuses others.
    """

    words: ClassVar[str | Promise] = ""
    outdates_pages: ClassVar[bool] = False  # True: no page made before it is shown to anybody after it (`outdating`)

    subject: str

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        kinds.add(cls)

    def values(self) -> dict[str, Any]:
        """What the timeline keeps: every field but the subject and what is said in words."""
        return {name: getattr(self, name) for name in _said(type(self))[""]}

    def remarks(self) -> dict[str, str]:
        """What is kept beside it: the remarks that say something, by the name of their field."""
        said = ((name, text.paragraphs(getattr(self, name))) for name in _said(type(self))["remark"])
        return {name: words for name, words in said if words}


_said_by: dict[type[Event], dict[str, list[str]]] = {}


def _said(kind: type[Event]) -> dict[str, list[str]]:
    """The fields of a kind of fact, but for the subject: its titles, its remarks, and under "" its plain values."""
    if kind not in _said_by:
        hints = get_type_hints(kind, include_extras=True)
        said: dict[str, list[str]] = {"": [], "title": [], "remark": []}
        for one in fields(kind):
            if one.name != "subject":
                (mark,) = getattr(hints[one.name], "__metadata__", ("",))
                said[mark].append(one.name)
        _said_by[kind] = said
    return _said_by[kind]


def announce(event: Event, *, by: Actor) -> None:
    """Write the timeline and run every reaction in the caller's transaction: all of it happens, or none of it."""
    if not connection.in_atomic_block:
        raise RuntimeError(f"{type(event).__name__} announced outside a transaction")
    entry = timeline.entry_for(event, by=by)
    batch = _batch.get()
    if batch is None:
        timeline.write([entry])
    else:
        batch.entries.append(entry)
    _react(event)
    if batch is not None:
        batch.outdates_pages |= event.outdates_pages
    elif event.outdates_pages:
        outdating.outdate()


def _react(event: Event) -> None:
    """Every reaction, in the order of the table. People are told of a consequence when all that follows from the first
    fact is done: their notices are locked after all the rows that it moves. Whoever catches a refusal in a reaction
    must let nothing be announced before, as in `announced_together`.
    """
    telling = _telling.get()
    if telling is not None:
        for react in _reactions.get(type(event), ()):
            if react.__module__.startswith(_told_last):
                telling.append(partial(react, event))
            else:
                react(event)
        return
    token = _telling.set(telling := [])
    try:
        for react in _reactions.get(type(event), ()):
            react(event)
        while telling:
            telling.pop(0)()
    finally:
        _telling.reset(token)


@contextmanager
def announced_together() -> Iterator[None]:
    """Write the timeline rows of a batch verb in one statement at the end (reactions still run at once).

    Whoever catches a refusal inside it must let nothing be announced before: what waits here knows no savepoint.
    """
    if _batch.get() is not None:  # already inside a batch: the outermost writes
        yield
        return
    batch = _Batch()
    token = _batch.set(batch)
    try:
        yield
    finally:
        _batch.reset(token)
    timeline.write(batch.entries)
    if batch.outdates_pages:
        outdating.outdate()


def wire(reactions: Reactions, *, told_last: str) -> None:
    """Say what follows from which fact (called once, by `reactions`), and in which module people are told of it,
    or in modules whose names begin like it.
    """
    global _reactions, _told_last
    _reactions, _told_last = reactions, told_last


def reactions() -> Reactions:
    """The table that is wired now."""
    return _reactions
