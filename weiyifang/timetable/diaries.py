"""What stands in somebody's calendar, over all topics, which know nothing of one another.

A package says in its `diary.py` (`DIARY`) what of it is somebody's, and what an organization's. The modules are found
by themselves. Each asks a fixed number of questions, however many dates there are.

An entry holds what its owner may show to whoever looks at their phone: what a thing is called, when and where. Nothing
that somebody else typed about a person, and no name of a person.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from weiyifang.core import found

HOST = "weiyifang"  # behind the @ of a UID


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One date. `key`: the id of the row it comes from, and what tells its dates apart; never given anew.

    `sequence` grows with each change of the time, the place or the state. `whose`: the resident it is for, if it is
    one's. `route` with `args`: its page, looked at by whoever is signed in.
    """

    key: str
    title: str
    starts_at: datetime
    ends_at: datetime
    made_at: datetime
    place: str = ""
    sequence: int = 0
    is_off: bool = False
    whose: UUID | None = None
    route: str = ""
    args: tuple[Any, ...] = ()

    @property
    def uid(self) -> str:
        """By which a calendar knows it again (RFC 5545, 3.8.4.7)."""
        return f"{self.key}@{HOST}"


OfPeople = Callable[[Collection[UUID], datetime, datetime], Iterable[Entry]]
OfOrganization = Callable[[str, datetime, datetime], Iterable[Entry]]


@dataclass(frozen=True, kw_only=True)
class Diary:
    """What of one package stands in calendars, between two moments: of these residents, of an organization (source)."""

    of_people: OfPeople
    of_organization: OfOrganization


@cache
def diaries() -> tuple[Diary, ...]:
    """Those of all packages, lower floors first."""
    return tuple(module.DIARY for module in found.modules("diary"))


def of_people(residents: Collection[UUID], since: datetime, until: datetime) -> list[Entry]:
    """What these residents have, in order of time."""
    return _in_order(one for diary in diaries() for one in diary.of_people(residents, since, until))


def of_organization(source: str, since: datetime, until: datetime) -> list[Entry]:
    """What an organization has, in order of time."""
    return _in_order(one for diary in diaries() for one in diary.of_organization(source, since, until))


def _in_order(entries: Iterable[Entry] | Iterator[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda one: (one.starts_at, one.key))
