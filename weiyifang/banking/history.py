"""What the facts of this package are about: a statement."""

from __future__ import annotations

from collections.abc import Mapping

from weiyifang.banking import rules
from weiyifang.banking.models import Explanation, Line, Statement
from weiyifang.core.timeline import Names, Way, named_by

NAMES: Mapping[str, Names] = {
    Statement._meta.label_lower: named_by(Statement, "number", Way(route="banking:statement", rule=rules.can_see)),
    Explanation._meta.label_lower: named_by(
        Explanation,
        "month",
        Way(route="banking:month", args=("account__pk", "month__year", "month__month"), rule=rules.can_see),
    ),
    Line._meta.label_lower: named_by(Line, "day", Way(route="banking:line", rule=rules.can_see)),
}
