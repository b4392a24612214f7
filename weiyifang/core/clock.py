"""The one clock. Everything that asks what time it is asks here, so a year can be replayed and deadlines tested."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta

from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    moment = _moment.get()
    return timezone.now() if moment is None else moment


def is_set() -> bool:
    """Whether somebody has set it (`at`): then it says nothing about the computer's."""
    return _moment.get() is not None


def today() -> date:
    """The date where the community lives (settings.TIME_ZONE)."""
    return now().astimezone(timezone.get_default_timezone()).date()


def local(day: date, at: time | str) -> datetime:
    """`day` at the wall-clock time `at` ("14:30" or a `time`) where the community lives, as an aware moment."""
    wall = time.fromisoformat(at) if isinstance(at, str) else at
    return timezone.make_aware(datetime.combine(day, wall))


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of `day` and of the day after it."""
    return local(day, time.min), local(day + timedelta(days=1), time.min)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the clock stand still at `moment` (aware) while the block runs."""
    if timezone.is_naive(moment):
        raise ValueError("the clock needs an aware moment")
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
