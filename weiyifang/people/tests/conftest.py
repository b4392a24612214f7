from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from weiyifang.people.sms import MemorySender
from weiyifang.people.testing import CommunityClient


@pytest.fixture
def quiet(db: None) -> Iterator[None]:
    """No earlier test has used up a limit or sent a message."""
    cache.clear()
    MemorySender.sent.clear()
    yield
    cache.clear()


@pytest.fixture
def browser() -> CommunityClient:
    return CommunityClient()
