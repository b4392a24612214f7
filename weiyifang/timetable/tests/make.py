"""Rooms, people and moments for these tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from weiyifang.communities.models import Community
from weiyifang.core import actors, clock
from weiyifang.core.tenancy import in_community
from weiyifang.timetable import services
from weiyifang.timetable.models import Allocation
from weiyifang.timetable.subjects import Subject

NANHU = 500108002001
MONDAY = datetime(2026, 11, 23, 0, tzinfo=UTC)  # 8:00 in Chongqing

ROOM = Subject(id=UUID(int=1), kind="sharing.resource", name="活动室")
PIANO = Subject(id=UUID(int=2), kind="sharing.resource", name="钢琴")
TEACHER = Subject(id=UUID(int=3), kind="people.resident", name="王老师")


@contextmanager
def nanhu(moment: datetime = MONDAY) -> Iterator[Community]:
    """Be in a community, at a moment."""
    home, _made = Community.objects.get_or_create(
        id=NANHU, defaults={"slug": "nanhu", "name": "南湖社区居民委员会", "short_name": "南湖社区"}
    )
    with in_community(home), clock.at(moment):
        yield home


def at(hour: float, day: int = 1) -> datetime:
    """A local hour, `day` days after Monday (1 = Tuesday)."""
    return MONDAY + timedelta(days=day, hours=hour - 8)


def on(day: int) -> date:
    """The local date, `day` days after Monday."""
    return timezone.localtime(at(12, day)).date()


def book(
    *subjects: Subject,
    start: float = 10,
    end: float = 11,
    day: int = 1,
    source: str = "one",
    before: int = 0,
    after: int = 0,
    hold_until: datetime | None = None,
) -> list[Allocation]:
    return services.allocate(
        subjects=subjects or [ROOM],
        starts_at=at(start, day),
        ends_at=at(end, day),
        source=source,
        buffer_before=before,
        buffer_after=after,
        hold_until=hold_until,
        by=actors.system(),
    )
