"""What may wait for the desk: a talent who was asked has not answered for some days, and may need a call."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.web.waiting import Wait
from weiyifang.talents import limits, rules
from weiyifang.talents.models import TalentRequest


def _unanswered(actor: Actor) -> QuerySet[TalentRequest]:
    since = clock.now() - timedelta(days=limits.rule_on(clock.today()).help_days)
    return TalentRequest.objects.waiting().filter(asked_at__lte=since)


WAITS = (
    Wait(
        code="talents.unanswered",
        words=_("Call them: somebody waits for their answer"),
        icon="star",
        place="talents:bench",
        route="talents:request",
        args=("pk",),
        may=rules.can_manage_all,
        rows=_unanswered,
        title="talent__what",
        who="talent__resident__name",
        since="asked_at",
        due="lapses_at",
    ),
)
