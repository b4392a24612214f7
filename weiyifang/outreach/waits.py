"""What may wait: for a grid worker the people of each of their grids, for the desk who has moved away."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, DateTimeField, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.web.waiting import Wait
from weiyifang.outreach import queries, rules
from weiyifang.people.rules import can_manage_residents


def _looks_after_grids(actor: Actor) -> bool:
    """Of their own: the committee sees the whole list on its page, nobody waits for it to go everywhere."""
    return rules.can_reach_out(actor) and not rules.can_reach_everybody(actor)


def _grids(actor: Actor) -> QuerySet[Any]:
    """Each with how many wait there, as of this morning; those in which nobody waits are left out."""
    morning = clock.day_bounds(clock.today())[0]
    many = queries.unreached_of_grid(OuterRef("pk")).values("community_id").annotate(many=Count("pk")).values("many")
    grids = rules.grids_of(actor).annotate(
        many=Coalesce(Subquery(many), 0, output_field=IntegerField()),
        morning=Value(morning, output_field=DateTimeField()),
    )
    return grids.filter(many__gt=0)


def _gone(_actor: Actor) -> QuerySet[Any]:
    return queries.said_gone()


WAITS = (
    Wait(
        code="outreach.unreached",
        words=ngettext_lazy("%d person not reached for long", "%d people not reached for long"),
        icon="people",
        place="outreach:bench",
        route="outreach:bench_grid",
        args=("number",),
        may=_looks_after_grids,
        rows=_grids,
        title="name",
        since="morning",
        many="many",
    ),
    Wait(
        code="outreach.moved",
        words=_("has moved away, somebody heard"),
        icon="people",
        place="people:residents",
        route="people:resident",
        args=("resident__number",),
        may=can_manage_residents,
        rows=_gone,
        title="resident__name",
        since="noted_at",
    ),
)
