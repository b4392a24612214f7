"""What may wait: an answer of a troupe, a choice of the desk, a note that a show was held, what was paid for it."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.web.waiting import Wait
from weiyifang.people.roles import Permission
from weiyifang.stage import queries, rules
from weiyifang.stage.models import Answer, Offer, State


def _keeps_shows(actor: Actor) -> bool:
    return actor.may_somewhere(Permission.KEEP_SHOWS)


def _to_choose(actor: Actor) -> QuerySet[Any]:
    """A troupe would play, and nobody has said that it does."""
    made = Offer.objects.filter(engagement=OuterRef("pk"), state=Answer.MADE)
    return rules.visible_to(actor).filter(Exists(made), state=State.REQUESTED)


def _over(actor: Actor) -> QuerySet[Any]:
    """Agreed, over, and neither noted as held nor called off; of the troupes the actor leads, or all."""
    rows = rules.visible_to(actor).filter(state=State.AGREED, ends_at__lt=clock.now())
    scopes = actor.scopes(Permission.KEEP_SHOWS)
    return rows if scopes is None else rows.filter(organization__in=scopes)


WAITS = (
    Wait(
        code="stage.offer",
        words=_("a show is wanted: yes or no?"),
        icon="star",
        place="stage:bench",
        route="stage:answer",
        args=("pk",),
        may=_keeps_shows,
        rows=queries.offers_to_answer,
        title="engagement__title",
        who=None,
        since="asked_at",
        due="engagement__starts_at",
    ),
    Wait(
        code="stage.choice",
        words=_("a troupe would play: choose"),
        icon="star",
        place="stage:bench",
        route="stage:manage",
        args=("number",),
        may=rules.can_manage_all,
        rows=_to_choose,
        title="title",
        who=None,
        since="requested_at",
        due="starts_at",
    ),
    Wait(
        code="stage.held",
        words=_("was the show held?"),
        icon="star",
        place="stage:bench",
        route="stage:manage",
        args=("number",),
        may=_keeps_shows,
        rows=_over,
        title="title",
        who=None,
        since="ends_at",
    ),
    Wait(
        code="stage.income",
        words=_("a show is not paid yet"),
        icon="star",
        place="stage:bench",
        route="stage:manage",
        args=("number",),
        may=rules.can_record_income,
        rows=queries.awaiting_income,
        title="title",
        who=None,
        since="held_at",
    ),
)
