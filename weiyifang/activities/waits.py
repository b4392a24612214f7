"""What may wait: today's dates that are not over yet, with the list to tick; children whom nobody noted as fetched;
words about dates that were missed.
"""

from __future__ import annotations

from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from weiyifang.activities import queries, rules
from weiyifang.activities.models import Excuse, ExcuseState, Session
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.web.access import holds
from weiyifang.core.web.waiting import Wait
from weiyifang.people.roles import Permission


def _today(actor: Actor) -> QuerySet[Session]:
    mine = rules.manageable_by(actor, Permission.CHECK_IN)
    return Session.objects.shown().to_come().on(clock.today()).filter(activity__in=mine)


def _left_behind(actor: Actor) -> QuerySet[Session]:
    mine = rules.manageable_by(actor, Permission.CHECK_IN)
    return queries.forgotten_inside().filter(activity__in=mine)


def _objections(actor: Actor) -> QuerySet[Excuse]:
    mine = rules.manageable_by(actor, Permission.ENROL_OTHERS)
    rows = Excuse.objects.filter(state=ExcuseState.ASKED, enrollment__activity__in=mine)
    return rows.exclude(enrollment__enrolled_by_id=actor.account_id)  # not one's own: only those enrolled themselves


WAITS = (
    Wait(
        code="activities.absences",
        words=_("says why a missed date shall not count"),
        icon="speech",
        place="activities:bench",
        route="activities:bench_absences",
        args=("enrollment__activity__number", "enrollment__session__number"),
        may=holds(Permission.ENROL_OTHERS),
        rows=_objections,
        title="enrollment__activity__title",
        who="enrollment__resident__name",
        since="asked_at",
    ),
    Wait(
        code="activities.inside",
        words=_("is over, and a child has not been noted as fetched"),
        icon="alert",
        place="activities:bench",
        route="activities:bench_inside",
        args=("activity__number", "number"),
        may=holds(Permission.CHECK_IN),
        rows=_left_behind,
        title="activity__title",
        who=Coalesce(NullIf(F("place"), Value("")), F("activity__place"), output_field=TextField()),
        since="ends_at",
        due="ends_at",
    ),
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
