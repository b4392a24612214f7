"""An organization with a leader, in the community at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from weiyifang.core import actors
from weiyifang.core.tenancy import source_of
from weiyifang.organizations import services
from weiyifang.organizations.models import Organization
from weiyifang.organizations.tests import make

if TYPE_CHECKING:
    from weiyifang.communities.models import Community


@pytest.fixture
def choir(here: Community) -> Organization:
    """Filed; led by a resident without an account until the cast's leader takes over (`leader_of`)."""
    organization = make.application(leader=make.resident("何婆婆"))
    return services.file(organization=organization, filing_no="备 1", by=actors.system())


@pytest.fixture
def leader_of(choir: Organization) -> str:
    """The cast's leader holds the duty in the choir."""
    return source_of(choir)
