from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from weiyifang.core import clock
from weiyifang.people.sms import MemorySender

NOON = datetime(2026, 10, 14, 4, tzinfo=UTC)  # a Wednesday, 12:00 in Chongqing


@pytest.fixture(autouse=True)
def noon() -> Iterator[datetime]:
    """The clock stands still, and no text message is on its way."""
    MemorySender.sent.clear()
    with clock.at(NOON):
        yield NOON
