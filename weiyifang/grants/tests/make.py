"""What the tests of running grants start from, made through the services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

from weiyifang.core import clock, tables
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import source_of
from weiyifang.grants import queries, services
from weiyifang.grants.models import GrantRun, RunningGrant
from weiyifang.organizations.models import Organization
from weiyifang.organizations.tests import make as groups
from weiyifang.people.roles import Permission

YEAR = 2026
Cast = Mapping[str, Actor]
TABLE = (("南湖合唱团", "92"), ("南湖棋社", "85.5"), ("南湖太极队", "61"), ("南湖诗社", "40"))
NAMES = tuple(name for name, _points in TABLE)


def organizations(names: Sequence[str] = NAMES) -> list[Organization]:
    return [groups.in_status("filed", name) for name in names]


def table(rows: Sequence[Sequence[str]] = TABLE, heads: Sequence[str] = ("社会组织", "得分")) -> bytes:
    return tables.write_xlsx("考核结果", [*heads], rows)


def draft(cast: Cast, content: bytes | None = None, year: int = YEAR) -> GrantRun:
    """A run with a table: 500, 400, 300 yuan and nothing."""
    run = services.begin_run(year=year, by=cast["staff"])
    found = services.bring_table(run=run, content=content or table(), by=cast["staff"])
    assert not found.wrong, found.wrong
    return GrantRun.objects.get(pk=run.pk)


def handed_in(cast: Cast, content: bytes | None = None, year: int = YEAR) -> GrantRun:
    return services.hand_in(run=draft(cast, content, year), by=cast["staff"])


def published(cast: Cast, content: bytes | None = None, year: int = YEAR) -> GrantRun:
    return services.publish(run=handed_in(cast, content, year), by=cast["secretary"])


def of(run: GrantRun, organization: Organization) -> RunningGrant:
    return queries.grants_of(run).select_related("run").get(organization=source_of(organization))


def after_appeals(run: GrantRun) -> AbstractContextManager[object]:
    """The day after the last one for appeals, at this hour."""
    return clock.at(clock.now() + timedelta(days=run.rule.appeal_days + 1))


def leads(cast: Cast, organization: Organization) -> Actor:
    """The cast's leader, as if they led this organization and no other."""
    return replace(cast["leader"], rights={Permission.MANAGE_OWN_ORGANIZATION: frozenset({source_of(organization)})})
