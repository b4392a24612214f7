from __future__ import annotations

from collections.abc import Iterator

import pytest

from weiyifang.timetable.tests.make import nanhu


@pytest.fixture
def home(db: None) -> Iterator[None]:
    """At home in Nanhu, on a Monday at eight."""
    with nanhu():
        yield
