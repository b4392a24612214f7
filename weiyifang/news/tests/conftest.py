"""A choir whose leader is the cast's, and a buffer of counts that no other test filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from weiyifang.core import actors
from weiyifang.core.tenancy import source_of
from weiyifang.news import reading
from weiyifang.organizations import services as organizations
from weiyifang.people import services as people

if TYPE_CHECKING:
    from weiyifang.communities.models import Community
    from weiyifang.organizations.models import Organization


@pytest.fixture
def choir(here: Community) -> Organization:
    """A filed organization."""
    by = actors.system()
    leader = people.register_resident(name="何婆婆", by=by)
    made = organizations.apply(leader=leader, name="南湖合唱团", kind="culture", pearl="歌", purpose="唱歌。", by=by)
    return organizations.file(organization=made, by=by)


@pytest.fixture
def leader_of(choir: Organization) -> str:
    """The cast's leader holds the duty in the choir."""
    return source_of(choir)


@pytest.fixture(autouse=True)
def nothing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins with an empty buffer."""
    monkeypatch.setattr(reading, "counts", reading.Counts())
