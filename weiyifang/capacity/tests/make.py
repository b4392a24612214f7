"""Pools, people and moments for these tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from tests.concurrency import at_once
from weiyifang.capacity import services
from weiyifang.capacity.models import Claim, PlacePool, WaitEntry
from weiyifang.communities.models import Community
from weiyifang.core import actors, clock
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import in_community

NANHU = 500108002001
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)  # 12:00 in Chongqing
LANES = 5  # people who really press the button together: fewer than the program's connections

T = TypeVar("T")


@contextmanager
def nanhu(moment: datetime = NOON) -> Iterator[Community]:
    """Be in a community, at a moment."""
    home, _made = Community.objects.get_or_create(
        id=NANHU, defaults={"slug": "nanhu", "name": "南湖社区居民委员会", "short_name": "南湖社区"}
    )
    with in_community(home), clock.at(moment):
        yield home


@contextmanager
def later(**delta: float) -> Iterator[None]:
    """Some time after the moment at hand."""
    with clock.at(clock.now() + timedelta(**delta)):
        yield


def open_pool(places: int, *, offer_hours: int = 24, skips_allowed: int = 3, owner: str = "a-session") -> PlacePool:
    return services.open_pool(
        owner=owner, places=places, offer_hours=offer_hours, skips_allowed=skips_allowed, by=actors.system()
    )


def take(pool: PlacePool, holder: str, places: int = 1, *, hold_minutes: int = 0) -> Claim:
    until = clock.now() + timedelta(minutes=hold_minutes) if hold_minutes else None
    return services.claim(pool=pool, holder=holder, places=places, hold_until=until, by=actors.system())


def wait(pool: PlacePool, holder: str, places: int = 1) -> WaitEntry:
    return services.wait(pool=pool, holder=holder, places=places, by=actors.system())


def fresh(entry: WaitEntry) -> WaitEntry:
    entry.refresh_from_db()
    return entry


def counters(pool: PlacePool) -> tuple[int, int, int]:
    """taken, held, waiting."""
    pool.refresh_from_db()
    return pool.taken, pool.held, pool.waiting


def rush(calls: Sequence[Callable[[], T]]) -> list[T | Refused]:
    """Run many calls, always `LANES` of them at the same time; what was refused is given back."""

    def lane(number: int) -> list[T | Refused]:
        found: list[T | Refused] = []
        for call in calls[number::LANES]:
            try:
                found.append(call())
            except Refused as refusal:
                found.append(refusal)
        return found

    results: list[T | Refused] = []
    for done in at_once(*[lambda number=number: lane(number) for number in range(LANES)]):
        if isinstance(done, BaseException):
            raise done
        results += done
    return results
