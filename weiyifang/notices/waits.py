"""What may wait for whoever calls people and knocks at doors: a list for each, told by how many stand on it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Min, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from weiyifang.core.actors import Actor
from weiyifang.core.web.waiting import Wait
from weiyifang.notices import queries, rules
from weiyifang.notices.models import Route


def _on_the_list(route: Route) -> Any:
    def rows(actor: Actor) -> QuerySet[Any]:
        grouped = queries.to_do(route).order_by().values("route")
        return grouped.annotate(people=Count("pk"), first=Min("due_at"), ends=Min("notice__until"))

    return rows


def _list(route: Route, words: Any) -> Wait:
    return Wait(
        code=f"notices.{route}",
        words=words,
        icon="phone",
        place="notices:bench",
        route="notices:list",
        args=("route",),
        may=rules.can_tell,
        rows=_on_the_list(route),
        since="first",
        due=Coalesce("ends", "first"),
        many="people",
    )


WAITS = (
    _list(Route.PHONE, _("people to call")),
    _list(Route.DOOR, _("doors to knock at")),
)
