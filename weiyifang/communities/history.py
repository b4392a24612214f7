"""What the facts of this package are about, for who reads what happened."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from weiyifang.communities import rules
from weiyifang.communities.models import OwnRule
from weiyifang.core import dated
from weiyifang.core.actors import Actor
from weiyifang.core.look import wording
from weiyifang.core.timeline import Names, Subject


def own_rules(ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Subject]:
    """Which rule, from which day on."""
    rows = OwnRule.objects.filter(pk__in=ids)
    route = "communities:rule" if rules.can_set_rules(actor) else ""
    return {
        row.pk: Subject(f"{dated.files[row.rule].title} · {wording.full_day(row.since)}", route, (row.rule,))
        if row.rule in dated.files
        else Subject(row.rule)
        for row in rows
    }


NAMES: Mapping[str, Names] = {OwnRule._meta.label_lower: own_rules}
