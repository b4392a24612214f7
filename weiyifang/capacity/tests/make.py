"""Pools, people and moments for these tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from weiyifang.capacity import services
from weiyifang.capacity.models import Claim, PlacePool
from weiyifang.communities.models import Community
from weiyifang.core import actors, clock
from weiyifang.core.tenancy import in_community

NANHU = 500108002001
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)  # 12:00 in Chongqing


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


def pool(places: int, *, offer_hours: int = 24, skips_allowed: int = 3, owner: str = "a session") -> PlacePool:
    return services.open_pool(
        owner=owner, places=places, offer_hours=offer_hours, skips_allowed=skips_allowed, by=actors.system()
    )


def take(of: PlacePool, holder: str, places: int = 1) -> Claim:
    return services.claim(pool=of, holder=holder, places=places, by=actors.system())
