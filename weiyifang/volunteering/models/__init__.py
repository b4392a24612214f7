"""Tables and their promises: `teams` who helps where, `shifts` what is to be done when and who does it."""

from __future__ import annotations

from weiyifang.volunteering.models.shifts import (
    SHIFT_FLOW,
    SLOT_FLOW,
    Need,
    Shift,
    ShiftState,
    Slot,
    SlotState,
)
from weiyifang.volunteering.models.teams import (
    Belonging,
    Certificate,
    Team,
    TeamQuerySet,
    Volunteer,
    VolunteerQuerySet,
)

__all__ = [
    "SHIFT_FLOW",
    "SLOT_FLOW",
    "Belonging",
    "Certificate",
    "Need",
    "Shift",
    "ShiftState",
    "Slot",
    "SlotState",
    "Team",
    "TeamQuerySet",
    "Volunteer",
    "VolunteerQuerySet",
]
