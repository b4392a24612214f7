"""Finding organizations: by name, by what they do, by number."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from weiyifang.core.web.access import anyone
from weiyifang.core.web.finding import Finder, Hit, Sought, has_number, number_first
from weiyifang.organizations import rules
from weiyifang.organizations.models import Organization


def _rows(sought: Sought) -> QuerySet[Organization]:
    seen = rules.visible_to(sought.by)
    fits = Organization.objects.all().matching(sought.words).values("pk")
    return number_first(seen.filter(has_number(sought) | Q(pk__in=fits)), sought, "number")


def _hits(rows: Sequence[Organization], sought: Sought) -> list[Hit]:
    return [
        Hit(
            title=row.name,
            desc=f"{row.kind_name} · {row.get_status_display()}",
            route="organizations:manage" if _works_on(row, sought) else "organizations:detail",
            args=(row.number,),
            is_exact=row.number == sought.number,
        )
        for row in rows
    ]


def _works_on(row: Organization, sought: Sought) -> bool:
    return sought.at_desk and rules.can_manage(sought.by, row)


FINDERS = (
    Finder(
        code="organizations",
        label=_("Organizations"),
        icon="home",
        may=anyone,
        rows=_rows,
        hits=_hits,
        public=True,
    ),
)
