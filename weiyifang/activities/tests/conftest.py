from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from weiyifang.core import clock

NOON = datetime(2026, 10, 14, 4, tzinfo=UTC)  # a Wednesday, 12:00 in Chongqing


@pytest.fixture(autouse=True)
def noon() -> Iterator[datetime]:
    """The clock stands still: these tests are about days and deadlines."""
    with clock.at(NOON):
        yield NOON
