"""Finding activities: by title, by place, by number."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from weiyifang.activities import rules
from weiyifang.activities.models import Activity
from weiyifang.activities.queries import by_next_date
from weiyifang.core.look.wording import when
from weiyifang.core.web.access import anyone
from weiyifang.core.web.finding import Finder, Hit, Sought, has_number, number_first


def _rows(sought: Sought) -> QuerySet[Activity]:
    """What is still to come first."""
    fits = Activity.objects.all().matching(sought.words).values("pk")
    rows = by_next_date(rules.visible_to(sought.by).filter(has_number(sought) | Q(pk__in=fits)))
    return number_first(rows, sought, *rows.query.order_by)


def _hits(rows: Sequence[Activity], sought: Sought) -> list[Hit]:
    return [
        Hit(
            title=row.title,
            desc=" · ".join(filter(None, [when(row.next_at) or str(row.get_state_display()), row.place])),  # type: ignore[attr-defined]  # annotated
            route="activities:bench_activity" if _works_on(row, sought) else "activities:detail",
            args=(row.number,),
            is_exact=row.number == sought.number,
        )
        for row in rows
    ]


def _works_on(row: Activity, sought: Sought) -> bool:
    return sought.at_desk and rules.can_manage(sought.by, row)


FINDERS = (
    Finder(
        code="activities",
        label=_("Activities"),
        icon="calendar",
        may=anyone,
        rows=_rows,
        hits=_hits,
        public=True,
    ),
)
