"""What may wait for whoever looks after organizations: people who want to join, organizations to be filed."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from weiyifang.core.actors import Actor
from weiyifang.core.web.waiting import Wait
from weiyifang.organizations import queries, rules
from weiyifang.organizations.models import Organization, Status


def _asking(actor: Actor) -> QuerySet[Any]:
    return queries.waiting_requests(actor)


def _to_file(actor: Actor) -> QuerySet[Organization]:
    return Organization.objects.filter(status=Status.APPLIED)


WAITS = (
    Wait(
        code="organizations.join",
        words=_("wants to join"),
        icon="people",
        place="organizations:bench",
        route="organizations:manage",
        args=("organization__number",),
        may=rules.can_manage_some,
        rows=_asking,
        title="resident__name",
        who="organization__name",
        since="asked_at",
    ),
    Wait(
        code="organizations.file",
        words=_("asks to be filed"),
        icon="people",
        place="organizations:bench",
        route="organizations:manage",
        args=("number",),
        may=rules.can_manage_all,
        rows=_to_file,
        title="name",
        who=Coalesce("leader__name", Value("")),
        since="applied_at",
    ),
)
