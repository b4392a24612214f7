"""The stage, set: two communities, the cast, and what each package puts there (`tests/scenes.py`). See `Stage`."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.stage import NOON, Act, Acts, Paths, Stage, browsers_of
from weiyifang.communities.models import Community
from weiyifang.communities.services import open_community
from weiyifang.core import clock, found
from weiyifang.core.actors import system
from weiyifang.core.bulk import forget_plans
from weiyifang.core.tenancy import in_community, source_of
from weiyifang.news import reading
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Organization
from weiyifang.organizations.tests import make as organization
from weiyifang.people.demo import actors_of, make_cast, make_outsider
from weiyifang.people.models import Account, Resident
from weiyifang.people.tests.make import a_resident


def on_stage(slug: str, blocker: DjangoDbBlocker) -> Iterator[Stage]:
    """The stage in the community of this slug, in a transaction that is undone. For fixtures of a module."""
    with blocker.unblock(), transaction.atomic(), clock.at(NOON):
        _read_each_table_once()
        nanhu = open_community(code=500108002001, slug="nanhu", phone="023-0000 0000")
        neighbour = open_community(code=500108002002, slug="neighbour")
        here, other = (nanhu, neighbour) if slug == "nanhu" else (neighbour, nanhu)
        yield build(here, other)
        reading.counts.flush()
        transaction.set_rollback(True)


def _read_each_table_once() -> None:
    """Whatever was planned before, and until the transaction ends. Nobody has told the planner how full the tables are:
    it takes each for one row of this community, and would read it anew for every row of another.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
    forget_plans()


def build(community: Community, other: Community) -> Stage:
    """Everything in `community`; the outsider lives in `other`."""
    with in_community(community):
        a_resident("第一位")  # so that no number of ours is one of the neighbours' handful
        a_resident("第二位")
    accounts = {**make_cast(community), "outsider": make_outsider(other)}
    with in_community(community):
        led = _led(accounts["leader"])
        make_cast(community, leader_of=source_of(led))
        cast = actors_of(accounts)
        paths: Paths = {}
        acts: Acts = {}
        for scenes in found.modules("tests.scenes"):
            scenes.add(cast, led, paths, acts)
        acts["POST look/"] = Act(by="visitor", body={"mode": "care"})
    return Stage(community=community, cast=cast, browsers=browsers_of(accounts), paths=paths, acts=acts)


def _led(leader: Account) -> Organization:
    made = organization.application("南湖书法社", leader=Resident.objects.get(account=leader))
    return organizations.file(organization=made, by=system())
