"""Finding things to borrow: by name, by what is said about them, by number."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from weiyifang.core.web.access import anyone
from weiyifang.core.web.finding import Finder, Hit, Sought, has_number, number_first
from weiyifang.sharing import rules
from weiyifang.sharing.models import Resource


def _rows(sought: Sought) -> QuerySet[Resource]:
    fits = Resource.objects.all().matching(sought.words).values("pk")
    rows = Resource.objects.lent().filter(has_number(sought) | Q(pk__in=fits))
    return number_first(rows, sought, "name", "number")


def _hits(rows: Sequence[Resource], sought: Sought) -> list[Hit]:
    return [
        Hit(
            title=row.name,
            desc=" · ".join(filter(None, [str(row.get_kind_display()), row.place])),
            route="sharing:manage" if sought.at_desk and rules.can_keep(sought.by, row) else "sharing:detail",
            args=(row.number,),
            is_exact=row.number == sought.number,
        )
        for row in rows
    ]


FINDERS = (
    Finder(
        code="sharing",
        label=_("Rooms and things"),
        icon="key",
        may=anyone,
        rows=_rows,
        hits=_hits,
        public=True,
    ),
)
