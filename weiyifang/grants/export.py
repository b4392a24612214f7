"""What this package holds on one person: part of the person's own export."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from weiyifang.grants.models import Appeal
from weiyifang.people.models import Resident
from weiyifang.people.privacy import Record


def held_on(resident: Resident) -> Iterable[Record]:
    """The appeals they made for an organization they lead."""
    if resident.account_id is None:
        return
    rows = Appeal.objects.filter(made_by=resident.account_id).select_related("grant", "grant__run")
    for row in rows.order_by("-made_at", "-id"):
        yield {
            _("year"): row.grant.run.year,
            _("what is wrong with the result"): row.words,
            _("appealed at"): row.made_at,
            _("state"): row.get_state_display(),
            _("answer"): row.answer,
        }
