"""Fixtures that every package's tests may use: a community, a neighbouring one, and the cast. (A pytest plugin.)"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client, override_settings

from weiyifang.core.tenancy import in_community, outside_any_community

if TYPE_CHECKING:
    from weiyifang.communities.models import Community
    from weiyifang.core.actors import Actor
    from weiyifang.people.models import Account, Resident

VISITOR = "visitor"  # not signed in
LED = "organizations.organization:01900000-0000-7000-8000-000000000001"  # what the cast's leader leads by default


class CommunityClient(Client):
    """A browser: it works outside any community, like a real request, whatever community the test stands in."""

    def request(self, **request: Any) -> Any:
        with outside_any_community():
            return super().request(**request)


ClientOf = Callable[[str], CommunityClient]  # the fixture `client_of`


@pytest.fixture(autouse=True, scope="session")
def demo_settings() -> Iterator[None]:
    """The cast may exist, staff need no second factor, and short messages are kept in memory."""
    with override_settings(DEMO=True, STAFF_TOTP=False, SMS_SENDER="weiyifang.people.sms.MemorySender"):
        yield


@pytest.fixture
def community(db: None) -> Community:
    """南湖社区 (500108002001), at /c/nanhu/."""
    from weiyifang.communities.services import open_community

    return open_community(code=500108002001, slug="nanhu", phone="023-0000 0000")


@pytest.fixture
def neighbour(db: None) -> Community:
    """Another community of the same street, at /c/neighbour/."""
    from weiyifang.communities.services import open_community

    return open_community(code=500108002002, slug="neighbour")


@pytest.fixture
def here(community: Community) -> Iterator[Community]:
    """Stand in the community while the test runs."""
    with in_community(community):
        yield community


@pytest.fixture
def leader_of() -> str:
    """The source of the organization the cast's leader leads; override it with a real one."""
    return LED


@pytest.fixture
def accounts(here: Community, neighbour: Community, leader_of: str) -> dict[str, Account]:
    """The cast's accounts by key (`demo.PARTS`), and `outsider`, who lives in the neighbouring community."""
    from weiyifang.people.demo import make_cast, make_outsider

    return {**make_cast(here, leader_of=leader_of), "outsider": make_outsider(neighbour)}


@pytest.fixture
def cast(accounts: dict[str, Account]) -> dict[str, Actor]:
    """The cast as actors here: `by=cast["staff"]`."""
    from weiyifang.people.demo import actors_of

    return actors_of(accounts)


@pytest.fixture
def resident_of(cast: dict[str, Actor]) -> Callable[[str], Resident]:
    """The resident record of one of the cast: `resident_of("resident")`, "volunteer", "leader" or "supervisor"."""
    from weiyifang.people.models import Resident

    def resident(key: str) -> Resident:
        resident_id = cast[key].resident_id
        assert resident_id is not None, f"{key} does not live here"
        return Resident.objects.get(pk=resident_id)

    return resident


@pytest.fixture
def client_of(accounts: dict[str, Account], community: Community) -> ClientOf:
    """A signed-in browser of one of the cast: `client_of("staff").get("/c/nanhu/…")`; `client_of("visitor")`."""

    def client(key: str) -> CommunityClient:
        browser = CommunityClient()
        if key != VISITOR:
            browser.force_login(accounts[key])
        return browser

    return client
