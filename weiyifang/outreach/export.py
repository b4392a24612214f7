"""What this package holds on one person: part of the person's own export."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from weiyifang.outreach import queries
from weiyifang.people.models import Resident
from weiyifang.people.privacy import Record


def held_on(resident: Resident) -> Iterable[Record]:
    """What they need, then every visit and call, the last first."""
    for need in queries.needs_of(resident):
        yield {_("need"): need.name, _("since"): need.since}
    for row in queries.contacts_of(resident):
        yield {
            _("day"): row.on,
            _("what came of it"): row.outcome_name,
            _("not before"): row.again_on,
        }
