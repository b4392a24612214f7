"""What may wait: a table to confirm, an appeal to answer, a corrected grant to ask for, a run to pay out."""

from __future__ import annotations

from typing import Any

from django.db.models import DateTimeField, F, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from weiyifang.core.actors import Actor
from weiyifang.core.web.access import holds
from weiyifang.core.web.waiting import Wait
from weiyifang.grants import queries, rules
from weiyifang.grants.models import GrantRun, RunState
from weiyifang.people.roles import Permission


def _to_confirm(actor: Actor) -> QuerySet[Any]:
    return GrantRun.objects.filter(state=RunState.HANDED_IN).exclude(handed_in_by=actor.account_id)


def _to_answer(actor: Actor) -> QuerySet[Any]:
    rows = queries.open_appeals().exclude(made_by=actor.account_id)
    return rows.exclude(grant__run__handed_in_by=actor.account_id)


def _came_back(actor: Actor) -> QuerySet[Any]:
    return GrantRun.objects.filter(state=RunState.DRAFT).exclude(reason="")


def _to_pay(actor: Actor) -> QuerySet[Any]:
    rows = queries.due_runs().exclude(handed_in_by=actor.account_id)
    return rows.exclude(confirmed_by=actor.account_id)


def _year(name: str) -> Any:
    return Cast(F(name), TextField())


WAITS = (
    Wait(
        code="grants.confirm",
        words=_("running grants: to confirm and publish"),
        icon="star",
        place="grants:bench",
        route="grants:manage",
        may=holds(Permission.APPROVE_PAYMENT),
        rows=_to_confirm,
        title=_year("year"),
        since="handed_in_at",
    ),
    Wait(
        code="grants.came_back",
        words=_("running grants: came back, change the table"),
        icon="undo",
        place="grants:bench",
        route="grants:manage",
        may=rules.can_keep,
        rows=_came_back,
        title=_year("year"),
        who="reason",
        since="begun_at",
    ),
    Wait(
        code="grants.appeals",
        words=_("running grants: an appeal to answer"),
        icon="star",
        place="grants:bench",
        route="grants:grant",
        args=("grant",),
        may=holds(Permission.APPROVE_PAYMENT),
        rows=_to_answer,
        title=_year("grant__run__year"),
        since="made_at",
    ),
    Wait(
        code="grants.again",
        words=_("running grants: ask for a corrected amount"),
        icon="star",
        place="grants:bench",
        route="grants:grant",
        may=rules.can_keep,
        rows=lambda _actor: queries.to_ask_again(),
        title=_year("run__year"),
        fen="new_fen",
        since=Cast(F("run__published_on"), DateTimeField()),
    ),
    Wait(
        code="grants.pay",
        words=_("running grants: to pay out"),
        icon="star",
        place="grants:bench",
        route="grants:manage",
        may=holds(Permission.PAY),
        rows=_to_pay,
        title=_year("year"),
        since=Cast(F("appeals_until"), DateTimeField()),
    ),
)
