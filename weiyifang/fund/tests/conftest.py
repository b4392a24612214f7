from __future__ import annotations

import pytest

from weiyifang.core.actors import Actor, system
from weiyifang.fund import services
from weiyifang.fund.books import Books


@pytest.fixture
def fund(cast: dict[str, Actor]) -> Books:
    """An open fund."""
    return services.open_fund(by=system())
