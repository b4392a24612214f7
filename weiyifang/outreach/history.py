"""What the facts of this package are about, for who reads what happened: a grid. Contacts and needs are a person's."""

from __future__ import annotations

from collections.abc import Mapping

from weiyifang.core.timeline import Names, Way, named_by
from weiyifang.outreach import rules
from weiyifang.outreach.models import Grid

NAMES: Mapping[str, Names] = {
    Grid._meta.label_lower: named_by(
        Grid, "name", Way(route="outreach:grid", args=("number",), rule=rules.can_keep_grids)
    ),
}
