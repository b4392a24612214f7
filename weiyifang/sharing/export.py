"""What this package holds on a person, for their own copy of everything (`people.privacy`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from weiyifang.organizations.queries import named
from weiyifang.people.models import Resident
from weiyifang.sharing.models import Booking


def held_on(resident: Resident) -> Iterator[dict[str, Any]]:
    """Every booking, the newest first."""
    rows = list(Booking.objects.filter(resident=resident).select_related("resource").order_by("-id"))
    names = named({row.organization for row in rows if row.organization})
    for row in rows:
        yield {
            _("what"): row.resource.name,
            _("from"): row.starts_at,
            _("until"): row.ends_at,
            _("what for"): row.purpose,
            _("for which organization"): names[row.organization].name if row.organization in names else "",
            _("state"): str(row.get_state_display()),
            _("booked at"): row.asked_at,
        }
