"""What may wait for whoever looks after teams: people, hours to approve, certificates that end soon."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import DateTimeField, F, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.web.waiting import Wait
from weiyifang.volunteering import queries, rules
from weiyifang.volunteering.models import HelpState, ShiftState

AHEAD = timedelta(days=3)  # before a shift, when whoever looks after it is asked to find people


def _ending(actor: Actor) -> QuerySet[Any]:
    return queries.ending_soon(actor)


def _short_of_people(actor: Actor) -> QuerySet[Any]:
    """Shifts of the next days that still seek people."""
    now = clock.now()
    rows = queries.shifts_of(actor).filter(starts_at__gt=now, starts_at__lt=now + AHEAD)
    return rows.filter(state=ShiftState.PLANNED, sought__gt=0)


def _hours(actor: Actor) -> QuerySet[Any]:
    return queries.teams_with_hours_to_approve(actor)


def _help(actor: Actor) -> QuerySet[Any]:
    return queries.help_asked().filter(state=HelpState.OPEN)


WAITS = (
    Wait(
        code="volunteering.help",
        words=_("asks for help"),
        icon="heart",
        place="volunteering:bench",
        route="volunteering:manage_help",
        args=("number",),
        may=rules.can_manage_all,
        rows=_help,
        title="resident__name",
        who=None,
        since="asked_at",
        due="starts_at",
    ),
    Wait(
        code="volunteering.hours",
        words=ngettext_lazy("%d entry of hours to approve", "%d entries of hours to approve"),
        icon="heart",
        place="volunteering:bench",
        route="volunteering:team_hours",
        args=("number",),
        may=rules.can_manage_some,
        rows=_hours,
        title="name",
        since="oldest",
        many="waiting",
    ),
    Wait(
        code="volunteering.shift",
        words=_("people are missing"),
        icon="heart",
        place="volunteering:bench",
        route="volunteering:manage_shift",
        args=("number",),
        may=rules.can_manage_some,
        rows=_short_of_people,
        title="what",
        who="team__name",
        since="planned_at",
        due="starts_at",
    ),
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
