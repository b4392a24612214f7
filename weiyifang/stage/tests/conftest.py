"""The choir of the organizations' tests, led by the cast's leader, and an open fund."""

from __future__ import annotations

import pytest

from weiyifang.core.actors import system
from weiyifang.fund import services as fund
from weiyifang.organizations.tests.conftest import choir, leader_of

__all__ = ["choir", "leader_of"]


@pytest.fixture
def open_fund(here: object) -> None:
    fund.open_fund(by=system())
