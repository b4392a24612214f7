from __future__ import annotations

from collections.abc import Iterator

import pytest

from weiyifang.capacity.tests.make import nanhu


@pytest.fixture(autouse=True)
def home(db: None) -> Iterator[None]:
    """Every test is at home in Nanhu, on a Tuesday at noon."""
    with nanhu():
        yield
