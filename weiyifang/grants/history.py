"""What the facts of this package are about, for who reads what happened: a year's run, an appeal in it."""

from __future__ import annotations

from collections.abc import Mapping

from weiyifang.core.timeline import Names, Way, named_by
from weiyifang.grants import rules
from weiyifang.grants.models import Appeal, GrantRun

NAMES: Mapping[str, Names] = {
    GrantRun._meta.label_lower: named_by(GrantRun, "year", Way(route="grants:manage", rule=rules.can_see)),
    Appeal._meta.label_lower: named_by(
        Appeal, "grant__run__year", Way(route="grants:grant", args=("grant__pk",), rule=rules.can_see)
    ),
}
