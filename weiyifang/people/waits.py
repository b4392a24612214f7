"""What may wait for whoever keeps the register: somebody to be forgotten, which a second person confirms."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from weiyifang.core.actors import Actor
from weiyifang.core.web.waiting import Wait
from weiyifang.people import queries, rules


def _to_confirm(actor: Actor) -> QuerySet[Any]:
    return queries.erasures_to_confirm(actor.account_id)


WAITS = (
    Wait(
        code="people.erasure",
        words=_("to be forgotten, if you confirm"),
        icon="person",
        place="people:residents",
        route="people:erase",
        args=("resident__number",),
        may=rules.can_manage_residents,
        rows=_to_confirm,
        title="resident__name",
        who=Coalesce(NullIf(F("asked_by__name"), Value("")), F("asked_by__username"), output_field=TextField()),
        since="asked_at",
    ),
)
