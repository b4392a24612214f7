"""What the facts of this package are about, for who reads what happened: whose calendar."""

from __future__ import annotations

from collections.abc import Mapping

from weiyifang.calendars.models import Link
from weiyifang.core.timeline import Names, Way, named_by
from weiyifang.people import rules

NAMES: Mapping[str, Names] = {
    Link._meta.label_lower: named_by(
        Link,
        "resident__name",
        Way(route="people:resident", args=("resident__number",), rule=rules.can_see_residents),
    ),
}
