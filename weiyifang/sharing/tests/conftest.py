from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from weiyifang.communities.models import Community
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.core.tenancy import source_of
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Organization
from weiyifang.organizations.tests import make as organization
from weiyifang.sharing import verify
from weiyifang.timetable import verify as timetable_verify

NOON = datetime(2026, 10, 14, 4, tzinfo=UTC)  # a Wednesday, 12:00 in Chongqing


@pytest.fixture(autouse=True)
def noon() -> Iterator[datetime]:
    """The clock stands still: these tests are about days and hours."""
    with clock.at(NOON):
        yield NOON


@pytest.fixture
def promises(here: Community, request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test does, both calendars agree afterwards; unless it plants a fault itself."""
    yield
    if "planted" not in request.node.name:
        assert verify.check() == []
        assert timetable_verify.check() == []


@pytest.fixture
def choir(here: Community) -> Organization:
    """Led by the cast's leader (`leader_of`)."""
    made = organization.application(leader=organization.resident("何婆婆"))
    return organizations.file(organization=made, filing_no="备 1", by=system())


@pytest.fixture
def leader_of(choir: Organization) -> str:
    return source_of(choir)
