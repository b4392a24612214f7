"""Finding who can do something: by what they can do, by their words, by topic, by name."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from weiyifang.core.web.access import member
from weiyifang.core.web.finding import Finder, Hit, Sought, has_number, number_first
from weiyifang.talents import queries
from weiyifang.talents.models import Talent


def _rows(sought: Sought) -> QuerySet[Talent]:
    fits = Talent.objects.listed().matching(sought.words).values("pk")
    return number_first(queries.listed().filter(has_number(sought) | Q(pk__in=fits)), sought, "number")


def _hits(rows: Sequence[Talent], sought: Sought) -> list[Hit]:
    return [
        Hit(
            title=f"{row.resident.name} · {row.what}",
            desc=row.topic_names,
            route="talents:detail",
            args=(row.number,),
            is_exact=row.number == sought.number,
        )
        for row in rows
    ]


FINDERS = (Finder(code="talents", label=_("Talents"), icon="star", may=member, rows=_rows, hits=_hits, public=True),)
