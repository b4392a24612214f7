"""The fixtures others stand on."""

from __future__ import annotations

import pytest

from weiyifang.core.actors import Actor
from weiyifang.people.demo import make_cast
from weiyifang.people.models import Account, Duty
from weiyifang.people.roles import PERMISSION_NAMES, PERMISSIONS, ROLE_NAMES, Permission, Role
from weiyifang.people.testing import LED, ClientOf

pytestmark = pytest.mark.django_db


def test_there_is_somebody_for_every_role(cast: dict[str, Actor]) -> None:
    in_the_demo = {Role.TEAM_LEADER, Role.GRID_WORKER}  # with a team, and with a grid, that its year makes
    assert set().union(*(actor.roles for actor in cast.values())) == set(Role) - in_the_demo
    assert cast["resident"].is_member
    assert not cast["resident"].roles
    assert not cast["outsider"].is_member


def test_the_leader_leads_one_organization_only(cast: dict[str, Actor]) -> None:
    assert cast["leader"].may(Permission.PLAN_ACTIVITIES, within=LED)
    assert not cast["leader"].may(Permission.PLAN_ACTIVITIES)


def test_making_the_cast_twice_makes_it_once(accounts: dict[str, Account], here: object) -> None:
    before = Account.objects.count(), Duty.objects.count()
    make_cast(here, leader_of=LED)  # type: ignore[arg-type]  # the fixture is a community
    assert (Account.objects.count(), Duty.objects.count()) == before


def test_every_role_and_permission_has_a_name() -> None:
    assert set(ROLE_NAMES) == set(PERMISSIONS) == set(Role)
    assert set(PERMISSION_NAMES) == set(Permission)


def test_a_browser_of_the_cast_is_signed_in(client_of: ClientOf) -> None:
    assert "_auth_user_id" in client_of("staff").session
    assert "_auth_user_id" not in client_of("visitor").session
