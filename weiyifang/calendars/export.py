"""What this package holds on one person: part of the person's own export."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from weiyifang.calendars.models import Link
from weiyifang.organizations import queries as organizations
from weiyifang.people.models import Resident
from weiyifang.people.privacy import Record


def held_on(resident: Resident) -> Iterable[Record]:
    """Each address somebody had a calendar read under: of what, since when, until when. The address nobody has."""
    rows = list(Link.objects.filter(resident=resident).order_by("-made_at", "-id"))
    names = organizations.named({row.of for row in rows})
    for row in rows:
        yield {
            _("of what"): names[row.of].name if row.of in names else _("my own calendar"),
            _("with what those have for whom I act"): row.with_others,
            _("since"): row.made_at,
            _("last fetched on"): row.fetched_on,
            _("until"): row.ended_at,
        }
