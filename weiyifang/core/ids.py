"""Ids are UUIDv7 made by the application: sortable by creation, not guessable, safe to make offline and to retry."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from uuid_utils.compat import uuid7

_maker: ContextVar[SeededIds | None] = ContextVar("ids", default=None)


class SeededIds:
    """UUIDv7s from a seed and the clock: the same seed and the same moments give the same ids (for the replay)."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)  # noqa: S311  ids of a replay are meant to be repeatable
        self._last_ms = 0
        self._count = 0

    def __call__(self) -> UUID:
        from weiyifang.core import clock

        ms = int(clock.now().timestamp() * 1000)
        # within one millisecond a counter keeps the order of making; it never runs backwards
        self._last_ms, self._count = (ms, 0) if ms > self._last_ms else (self._last_ms, self._count + 1)
        ms = self._last_ms + (self._count >> 12)
        value = ms << 80 | 0x7 << 76 | (self._count & 0xFFF) << 64 | 0b10 << 62 | self._random.getrandbits(62)
        return UUID(int=value)


def new_id() -> UUID:
    """A new UUIDv7."""
    maker = _maker.get()
    return uuid7() if maker is None else maker()


@contextmanager
def seeded(seed: str) -> Iterator[None]:
    """Make repeatable ids while the block runs."""
    token = _maker.set(SeededIds(seed))
    try:
        yield
    finally:
        _maker.reset(token)
