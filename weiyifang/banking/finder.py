"""Finding a line of a statement: by its words, by who it was, by the bank's number."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from weiyifang.banking import rules
from weiyifang.banking.models import Line
from weiyifang.core.look.wording import day
from weiyifang.core.money import yuan
from weiyifang.core.web.finding import Finder, Hit, Sought


def _lines(sought: Sought) -> QuerySet[Line]:
    said = Q(name__icontains=sought.words) | Q(words__icontains=sought.words) | Q(serial=sought.words)
    return Line.objects.filter(said).select_related("account").order_by("-day", "-seq")


def _hits(rows: Sequence[Line], sought: Sought) -> list[Hit]:
    return [
        Hit(
            title=f"{row.told} · {yuan(row.fen)}",
            desc=" · ".join(filter(None, [row.account.place, day(row.day), row.words and row.name])),
            route="banking:line",
            args=(row.pk,),
            is_exact=row.serial == sought.words,
        )
        for row in rows
    ]


FINDERS = (
    Finder(
        code="statement_lines",
        label=gettext_lazy("Lines of statements"),
        icon="scale",
        may=rules.can_see,
        rows=_lines,
        hits=_hits,
    ),
)
