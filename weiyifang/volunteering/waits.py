"""What may wait for whoever looks after teams: certificates that end soon."""

from __future__ import annotations

from typing import Any

from django.db.models import DateTimeField, F, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from weiyifang.core.actors import Actor
from weiyifang.core.web.waiting import Wait
from weiyifang.volunteering import queries, rules


def _ending(actor: Actor) -> QuerySet[Any]:
    return queries.ending_soon(actor)


WAITS = (
    Wait(
        code="volunteering.certificate",
        words=_("certificate ends soon"),
        icon="heart",
        place="volunteering:bench",
        route="volunteering:volunteer",
        args=("volunteer__pk",),
        may=rules.can_manage_some,
        rows=_ending,
        title="volunteer__resident__name",
        who=None,
        since="seen_on",
        due=Cast(F("valid_until"), DateTimeField()),
    ),
)
