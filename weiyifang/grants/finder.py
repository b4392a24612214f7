"""Finding what organizations were given: by their names."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weiyifang.core.money import yuan
from weiyifang.core.web.access import anyone
from weiyifang.core.web.finding import Finder, Hit, Sought
from weiyifang.grants import queries, rules
from weiyifang.grants.models import SHOWN, RunningGrant
from weiyifang.organizations import queries as organizations


def _grants(sought: Sought) -> QuerySet[RunningGrant]:
    """At a desk also of what is not published yet."""
    rows = rules.visible_to(sought.by) if sought.at_desk else RunningGrant.objects.filter(run__state__in=SHOWN)
    found = rows.filter(organization__in=organizations.sources_matching(sought.words))
    return found.select_related("run").order_by("-run__year", "place")


def _hits(rows: Sequence[RunningGrant], sought: Sought) -> list[Hit]:
    at_desk = sought.at_desk and rules.can_open(sought.by)
    return [
        Hit(
            title=f"{one.name} · {one.grant.run.year}",
            desc=" · ".join(
                filter(None, [_("%(amount)s yuan") % {"amount": yuan(one.grant.fen)}, str(one.grant.stands.label)])
            ),
            route="grants:grant" if at_desk else "grants:run",
            args=(one.grant.pk,) if at_desk else (one.grant.run.year,),
        )
        for one in queries.shown(rows)
    ]


FINDERS = (
    Finder(
        code="grants",
        label=gettext_lazy("Running grants"),
        icon="star",
        may=anyone,
        rows=_grants,
        hits=_hits,
        public=True,
    ),
)
