"""Rows for tests, made through the verbs."""

from __future__ import annotations

from typing import Any

from weiyifang.core import actors
from weiyifang.organizations import services
from weiyifang.organizations.models import Organization, Status
from weiyifang.people import services as people
from weiyifang.people.models import Resident

CREDIT_CODE = "DEMO00000000000001"


def resident(name: str = "王孃孃") -> Resident:
    return people.register_resident(name=name, by=actors.system())


def application(name: str = "南湖合唱团", *, leader: Resident | None = None, **details: Any) -> Organization:
    given = {"name": name, "kind": "culture", "pearl": name[-2], "purpose": "一起唱歌。", **details}
    return services.apply(leader=leader, by=actors.system(), **given)


def in_status(status: str, name: str = "南湖合唱团") -> Organization:
    """An organization that went the way to `status`."""
    made = application(name, leader=resident())
    if status in {Status.FILED, Status.REGISTERED}:
        made = services.file(organization=made, by=actors.system())
    if status == Status.REGISTERED:
        made = services.register(organization=made, credit_code=CREDIT_CODE, by=actors.system())
    if status == Status.DISSOLVED:
        made = services.dissolve(organization=made, reason="散了", by=actors.system())
    return made
