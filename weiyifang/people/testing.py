"""Fixtures that every package's tests may use: a community, a neighbouring one, and the cast. (A pytest plugin.)"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Self

import pytest
from django.apps import apps
from django.db.models import Q
from django.test import Client, override_settings

from tests.made_once import made_once
from weiyifang.core.tenancy import CommunityModel, in_community, outside_any_community
from weiyifang.core.web import versions

if TYPE_CHECKING:
    from weiyifang.communities.models import Community
    from weiyifang.core.actors import Actor
    from weiyifang.people.models import Account, Resident

VISITOR = "visitor"  # not signed in
UUID_IN = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NUMBER_IN = re.compile(r"(?<=/)\d{1,9}(?=/)")
MOST_SEEN = 100  # rows of a kind
LED = "organizations.organization:01900000-0000-7000-8000-000000000001"  # what the cast's leader leads by default


class CommunityClient(Client):
    """A browser: it works outside any community, like a real request, whatever community the test stands in.

    Who presses a button has looked at the page before (`looks`): what is sent says so, unless the test says what was
    seen. That the pages carry it is the business of `tests/test_versions.py`.
    """

    looks = True

    def request(self, **request: Any) -> Any:
        with outside_any_community():
            return super().request(**request)

    def generic(self, method: str, path: Any, data: Any = "", *rest: Any, **more: Any) -> Any:
        given = {name.lower() for name in more.get("headers") or ()}
        if self.looks and method not in {"GET", "HEAD"} and "if-match" not in given:
            more["headers"] = {**(more.get("headers") or {}), "If-Match": _AsItStands(path)}
        return super().generic(method, path, data, *rest, **more)


class _AsItStands(str):
    """What says that all was seen as it is. It takes a question of every table, so it is written when a verb reads it,
    right after it locked its row, and not for the many that have nothing to compare.
    """

    path: str

    def __new__(cls, path: object) -> Self:
        header = super().__new__(cls, "*")
        header.path = str(path)
        return header

    def split(self, *by: Any, **more: Any) -> list[str]:
        return [f'"{mark}"' for mark in _as_it_stands(self.path)]


def _as_it_stands(path: str) -> list[str]:
    """The marks of what an address names, and of the newest few of what is found without a name."""
    from weiyifang.communities.models import Community

    slug = re.match(r"/c/([^/]+)/", path)
    community = slug and Community.objects.filter(slug=slug[1]).first()
    if not community:
        return []
    ids, numbers = UUID_IN.findall(path), [int(one) for one in NUMBER_IN.findall(path)]
    marks = []
    with in_community(community):
        for model in apps.get_models():
            if issubclass(model, CommunityModel) and model.in_view:
                rows = model.objects.filter(pk__in=ids) if ids else model.objects.order_by("-pk")
                if numbers and hasattr(model, "number"):
                    rows = model.objects.filter(Q(pk__in=ids) | Q(number__in=numbers))
                marks += [versions.mark(row) for row in rows[:MOST_SEEN]]
    return list(dict.fromkeys(marks))


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
    from weiyifang.people.demo import let_lead, make_cast, make_outsider, of_the_cast

    usual = leader_of if leader_of == LED else ""
    made_once(f"the cast {usual}", lambda: (make_cast(here, leader_of=usual), make_outsider(neighbour)))
    cast = of_the_cast()
    if leader_of != usual:
        let_lead(cast["leader"], leader_of)
    return cast


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
