"""Finding shows at the workbench: by what they are for, where, by number."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from weiyifang.core.web.finding import Finder, Hit, Sought, has_number, number_first
from weiyifang.stage import rules
from weiyifang.stage.models import Engagement


def _rows(sought: Sought) -> QuerySet[Engagement]:
    rows = rules.visible_to(sought.by)
    fits = rows.matching(sought.words).values("pk")
    found = rows.filter(has_number(sought) | Q(pk__in=fits)).defer("customer", "phone")
    return number_first(found, sought, "number")


def _hits(rows: Sequence[Engagement], sought: Sought) -> list[Hit]:
    return [
        Hit(
            title=row.title,
            desc=row.when,
            route="stage:manage",
            args=(row.number,),
            is_exact=row.number == sought.number,
        )
        for row in rows
    ]


FINDERS = (Finder(code="stage", label=_("Shows"), icon="star", may=rules.can_see_some, rows=_rows, hits=_hits),)
