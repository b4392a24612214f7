from __future__ import annotations

import pytest

from weiyifang.communities.models import Community
from weiyifang.core.actors import system
from weiyifang.core.tenancy import source_of
from weiyifang.organizations import services as organizations
from weiyifang.organizations.tests import make as make_organizations


@pytest.fixture
def leader_of(here: Community) -> str:
    """The cast's leader leads something that is there."""
    choir = make_organizations.application(leader=make_organizations.resident("何婆婆"))
    return source_of(organizations.file(organization=choir, filing_no="备 1", by=system()))
