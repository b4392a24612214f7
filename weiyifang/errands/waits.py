"""What may wait for whoever oversees the work: long work that should have moved long ago, told by how much there is."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Min, QuerySet
from django.utils.translation import gettext_lazy as _

from weiyifang.core.actors import Actor
from weiyifang.core.web.waiting import Wait
from weiyifang.errands import queries, rules


def _standing_still(actor: Actor) -> QuerySet[Any]:
    together = queries.standing_still().order_by().values("community")
    return together.annotate(errands=Count("pk"), first=Min("moved_at"))


WAITS = (
    Wait(
        code="errands.still",
        words=_("Long work that stands still"),
        icon="clock",
        place="errands:bench",
        route="errands:bench",
        args=(),
        may=rules.can_oversee,
        rows=_standing_still,
        since="first",
        many="errands",
        is_oversight=True,
    ),
)
