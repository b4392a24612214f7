"""What is said about the slots of a season."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from weiyifang.notices.kinds import Kind, Told


def _round(told: Told) -> str:
    return reverse("sharing:round", args=[told.values["number"]])


ROUNDS = {
    "slots_open": Kind(
        purpose="affairs",
        words=lambda told: (
            _("Your organization can wish for a weekly slot now: %s. Its page says until when.") % told.title
        ),
        url=_round,
    ),
    "slots_shared_out": Kind(
        purpose="affairs",
        words=lambda told: (
            _("The weekly slots are shared out, and not booked yet: %s. Does something speak against it? Call now.")
            % told.title
        ),
        url=_round,
    ),
    "slots_booked": Kind(
        purpose="affairs",
        words=lambda told: _("The weekly slots are booked: %s. Its page says which are yours.") % told.title,
        url=_round,
    ),
    "slots_called_off": Kind(
        purpose="changed",
        words=lambda told: _("The weekly slots are not shared out: %s. Its page says why.") % told.title,
        url=_round,
    ),
}
