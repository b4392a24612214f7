"""What somebody's own copy holds of this package."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from weiyifang.core.money import yuan
from weiyifang.people.models import Resident
from weiyifang.stage.models import Performer, Split


def held_on(resident: Resident) -> Iterator[dict[str, Any]]:
    """Line-ups, the latest first, then parts of what was paid."""
    places = Performer.objects.filter(resident=resident).select_related("engagement")
    for place in places.order_by("-put_in_at", "-id"):
        yield {
            _("show"): place.engagement.title,
            _("when"): place.engagement.when,
            _("where"): place.engagement.place,
            _("in the line-up until"): place.ended_at,
        }
    parts = Split.objects.filter(resident=resident).select_related("income__engagement")
    for part in parts.order_by("-shared_at", "-id"):
        yield {
            _("show"): part.income.engagement.title,
            _("your part in yuan"): yuan(part.amount_fen),
            _("received on"): part.income.received_on,
            _("given back"): part.income.is_given_back,
        }
