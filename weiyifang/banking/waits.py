"""What may wait for whoever keeps the books: lines of a statement of which nobody has said what they are."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, DateTimeField, Min, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import ngettext_lazy

from weiyifang.banking import rules
from weiyifang.banking.models import Line
from weiyifang.core.actors import Actor
from weiyifang.core.web.waiting import Wait


def _open(actor: Actor) -> QuerySet[Any]:
    """By place: how many, and how long the first has waited."""
    rows = Line.objects.filter(match=None, aside_because="").order_by().values("account")
    return rows.annotate(lines=Count("id"), first=Cast(Min("statement__imported_at"), DateTimeField()))


WAITS = (
    Wait(
        code="banking.lines",
        words=ngettext_lazy("%d line to match with the books", "%d lines to match with the books"),
        icon="scale",
        place="banking:bench",
        route="banking:lines",
        args=("account",),
        may=rules.can_keep,
        rows=_open,
        since="first",
        many="lines",
    ),
)
