"""A query about whoever asks at the present moment, composed once for all who have the same duties.

What waits for somebody is asked of a dozen topics, each of which says its own part as a `QuerySet` of `actor` and
`clock.now()`. Composing that takes the ORM a hundred times as long as PostgreSQL takes to answer. So it is composed
twice, for two people who do not exist at two moments of this day, and compared. What both have is the same for
everybody with these duties on this day; where they differ, and the difference is the person or the time, a value is
filled in each time. What differs in any other way, or asked the database while it was composed, is not learned: then
it is composed each time, as ever.

(The rules of a day are no part of the difference: a community's own begin on a later day, see `core.dated`.)
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import get_language

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.prepared import execute, with_constants

Fill = Callable[[Actor, datetime], Any]
Compose = Callable[[Actor], QuerySet[Any, tuple[Any, ...]]]

ACCOUNTS, RESIDENTS = (UUID(int=11), UUID(int=12)), (UUID(int=21), UUID(int=22))  # nobody's
MOMENTS = "03:17:29.123457", "16:42:51.654321"  # of the day, apart in every part
WORD = 30  # letters: states and codes are in the statement's text, for indexes of such rows; sources are sent beside it
MOST = 500  # queries that are remembered: of so many duties, in so many communities

_learned: dict[Hashable, Learned | None] = {}


@dataclass(frozen=True)
class Learned:
    """A statement, and what is sent with it."""

    statement: str
    fills: Sequence[Fill]

    def rows(self, actor: Actor) -> list[tuple[Any, ...]]:
        """What it gives for this person now."""
        now = clock.now()
        return execute(self.statement, [fill(actor, now) for fill in self.fills])


def rows(name: Hashable, actor: Actor, compose: Compose) -> list[tuple[Any, ...]]:
    """The rows of `compose(actor)`, a query for tuples of plain values; `name` says which one it is.

    Each column is `Cast` to its type. It may depend on the actor's ids, roles and rights. The first to ask is answered
    as ever.
    """
    rights = frozenset(actor.rights.items())
    who = (actor.community_id, actor.account_id is None, actor.resident_id is None, actor.roles, rights)
    key = (name, who, actor.is_system, clock.today(), get_language())
    learned = _learned.get(key)
    if learned is not None:
        return learned.rows(actor)
    found = list(compose(actor))
    if key not in _learned:
        if len(_learned) >= MOST:
            _learned.clear()
        _learned[key] = learn(actor, compose)
    return found


def learn(actor: Actor, compose: Compose) -> Learned | None:
    """The query of everybody with these duties, today; None when it cannot be told what it depends on."""
    day, asked = clock.today(), list[str]()

    def note(run: Callable[..., Any], statement: str, *more: Any) -> Any:
        asked.append(statement)
        return run(statement, *more)

    examples = []
    for account_id, resident_id, time in zip(ACCOUNTS, RESIDENTS, MOMENTS, strict=True):
        who = Actor(
            community_id=actor.community_id,
            account_id=actor.account_id and account_id,
            resident_id=actor.resident_id and resident_id,
            roles=actor.roles,
            rights=actor.rights,
            is_system=actor.is_system,
        )
        with clock.at(clock.local(day, time)), connection.execute_wrapper(note):
            try:
                examples.append(compose(who).query.sql_with_params())
            except EmptyResultSet:  # there can be nothing, and nothing is asked
                return None
    (statement, values), (again, others) = examples
    if asked or statement != again:
        return None
    written, fills = list[Any](), list[Fill]()
    for one, other in zip(values, others, strict=True):
        if one == other and one != actor.community_id and _is_written_out(one):
            written.append(one)
            continue
        fill = _fill(one, other, actor.community_id, day)
        if fill is None:
            return None
        written.append(None)
        fills.append(fill)
    return Learned(with_constants(statement, written), fills)


def _is_written_out(value: Any) -> bool:
    return isinstance(value, int | timedelta) or (isinstance(value, str) and len(value) <= WORD)


def _fill(one: Any, other: Any, community_id: int, day: date) -> Fill | None:
    """What gives the one for the first example and the other for the second; None if nothing we know of does."""
    if one == other == community_id:
        return lambda actor, now: actor.community_id
    if one == other:
        return lambda actor, now: one
    if (one, other) == ACCOUNTS:
        return lambda actor, now: actor.account_id
    if (one, other) == RESIDENTS:
        return lambda actor, now: actor.resident_id
    if isinstance(one, datetime) and isinstance(other, datetime):
        first, second = (clock.local(day, time) for time in MOMENTS)
        if one - first == other - second:
            return lambda actor, now: now + (one - first)
    return None
