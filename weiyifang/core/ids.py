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

    def __call__(self, count: int) -> list[UUID]:
        from weiyifang.core import clock

        ms = int(clock.now().timestamp() * 1000)
        # within one millisecond a counter keeps the order of making; it never runs backwards
        if ms > self._last_ms:
            self._last_ms, first = ms, 0
        else:
            first = self._count + 1
        self._count = first + count - 1
        bits, begin = self._random.getrandbits, self._last_ms
        return [
            UUID(int=begin + (n >> 12) << 80 | 0x7 << 76 | (n & 0xFFF) << 64 | 0b10 << 62 | bits(62))
            for n in range(first, first + count)
        ]


def new_id() -> UUID:
    """A new UUIDv7."""
    maker = _maker.get()
    return uuid7() if maker is None else maker(1)[0]


def new_ids(count: int) -> list[UUID]:
    """Several, in order."""
    maker = _maker.get()
    return [uuid7() for _each in range(count)] if maker is None else maker(count)


@contextmanager
def seeded(seed: str) -> Iterator[None]:
    """Make repeatable ids while the block runs."""
    token = _maker.set(SeededIds(seed))
    try:
        yield
    finally:
        _maker.reset(token)
