from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from weiyifang.communities.models import Community
from weiyifang.core.tenancy import in_community
from weiyifang.ledger.tests.make import Fund, fund

NANHU = 500108002001


@pytest.fixture
def nanhu(request: pytest.FixtureRequest) -> Iterator[Community]:
    """A community, chosen."""
    request.getfixturevalue("transactional_db" if _is_transactional(request) else "db")
    community = Community(
        id=NANHU, slug="nanhu", name="南湖社区居民委员会", short_name="南湖社区", platform_name="南湖微益坊"
    )
    community.save(force_insert=True)
    with in_community(community):
        yield community


@pytest.fixture
def our_fund(nanhu: Any) -> Fund:
    return fund()


def _is_transactional(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    return marker is not None and bool(marker.kwargs.get("transaction"))
