"""What may wait at a door: today's dates that are not over yet, with the list to tick."""

from __future__ import annotations

from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from weiyifang.activities import rules
from weiyifang.activities.models import Session
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.web.access import holds
from weiyifang.core.web.waiting import Wait
from weiyifang.people.roles import Permission


def _today(actor: Actor) -> QuerySet[Session]:
    mine = rules.manageable_by(actor, Permission.CHECK_IN)
    return Session.objects.shown().to_come().on(clock.today()).filter(activity__in=mine)


WAITS = (
    Wait(
        code="activities.door",
        words=_("at the door today"),
        icon="calendar",
        place="activities:bench",
        route="activities:bench_session",
        args=("activity__number", "number"),
        may=holds(Permission.CHECK_IN),
        rows=_today,
        title="activity__title",
        who=Coalesce(NullIf(F("place"), Value("")), F("activity__place"), output_field=TextField()),
        since="starts_at",
        due="starts_at",
        begins=True,
    ),
)
