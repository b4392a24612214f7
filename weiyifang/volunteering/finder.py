"""Finding service teams: by name, by what they do, by number."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from weiyifang.core.web.access import anyone
from weiyifang.core.web.finding import Finder, Hit, Sought, has_number, number_first
from weiyifang.volunteering import rules
from weiyifang.volunteering.models import Team


def _rows(sought: Sought) -> QuerySet[Team]:
    fits = Team.objects.at_work().matching(sought.words).values("pk")
    return number_first(Team.objects.at_work().filter(has_number(sought) | Q(pk__in=fits)), sought, "number")


def _hits(rows: Sequence[Team], sought: Sought) -> list[Hit]:
    return [
        Hit(
            title=row.name,
            desc=row.purpose[:60],
            route="volunteering:manage"
            if sought.at_desk and rules.can_manage(sought.by, row)
            else "volunteering:detail",
            args=(row.number,),
            is_exact=row.number == sought.number,
        )
        for row in rows
    ]


FINDERS = (
    Finder(
        code="volunteering", label=_("Service teams"), icon="heart", may=anyone, rows=_rows, hits=_hits, public=True
    ),
)
