from __future__ import annotations

from collections.abc import Iterator

import pytest

from weiyifang.core import long_work
from weiyifang.errands.services import carrying
from weiyifang.errands.tests import make


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Work to try it with, which steps as often as it likes."""
    before = dict(long_work.every())
    long_work.register(make.KINDS)
    monkeypatch.setattr(carrying, "EVERY", 0.0)
    make.at_step.clear()
    yield
    long_work._kinds.clear()
    long_work.register(before)
