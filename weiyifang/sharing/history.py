"""What the facts of this package are about, for who reads what happened: the thing, and where it is looked at."""

from __future__ import annotations

from collections.abc import Mapping

from weiyifang.core.timeline import Names, Way, named_by
from weiyifang.core.web.access import anyone, holds
from weiyifang.people.roles import Permission
from weiyifang.sharing import rules
from weiyifang.sharing.models import Booking, Resource, Round

NAMES: Mapping[str, Names] = {
    Resource._meta.label_lower: named_by(
        Resource,
        "name",
        Way(route="sharing:manage", args=("number",), rule=holds(Permission.KEEP_THINGS)),
        Way(route="sharing:detail", args=("number",), rule=anyone),
    ),
    Booking._meta.label_lower: named_by(
        Booking, "resource__name", Way(route="sharing:booking", rule=holds(Permission.BOOK_THINGS))
    ),
    Round._meta.label_lower: named_by(
        Round,
        "title",
        Way(route="sharing:bench_round", args=("number",), rule=rules.can_share_out),
        Way(route="sharing:round", args=("number",), rule=anyone),
    ),
}
