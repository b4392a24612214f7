"""Finding people: by name, door, number, or a whole phone or identity number, for whoever may see the register."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import BooleanField, Case, ExpressionWrapper, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weiyifang.core.web.finding import Finder, Hit, Sought, has_number
from weiyifang.people import queries, rules
from weiyifang.people.models import Resident
from weiyifang.people.picking import as_name, told


def _rows(sought: Sought) -> QuerySet[Resident]:
    """Whoever lives here before who left; the whole name, or the number typed, before a part of a name."""
    words = as_name(sought.words) if sought.number is None else str(sought.number)
    whole = Q(name=words) | has_number(sought)
    first = Case(When(whole, then=Value(0)), default=Value(1))
    is_gone = ExpressionWrapper(Q(left_on__isnull=False), BooleanField())
    rows = queries.find_residents(words, living=queries.EVERYBODY).defer("phone", "id_number")
    return rows.order_by(first, is_gone, "number")


def _hits(rows: Sequence[Resident], sought: Sought) -> list[Hit]:
    by_phone = sought.number is None and queries.exact_number(sought.words) is not None
    return [
        Hit(
            title=f"{row.number} · {row.name}",
            desc=" · ".join(filter(None, [_("left") if row.left_on else "", told(row)])),
            route="people:resident",
            args=(row.number,),
            is_exact=by_phone or row.number == sought.number,
        )
        for row in rows
    ]


FINDERS = (
    Finder(
        code="people",
        label=gettext_lazy("Residents"),
        icon="people",
        may=rules.can_see_residents,
        rows=_rows,
        hits=_hits,
    ),
)
