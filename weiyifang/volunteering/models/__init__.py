"""Tables and their promises: `teams` who helps where, `shifts` what is to be done when and who does it,
`hours` who was there,
`time_bank` who gave time on, `help` who asked for a hand.
"""

from __future__ import annotations

from weiyifang.volunteering.models.help import HELP_FLOW, HelpRequest, HelpState
from weiyifang.volunteering.models.hours import HOURS_FLOW, Hours, HoursQuerySet, HoursState
from weiyifang.volunteering.models.papers import YearPaper
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
from weiyifang.volunteering.models.time_bank import GIFT_FLOW, GiftState, TimeGift, TimeHeir

__all__ = [
    "GIFT_FLOW",
    "HELP_FLOW",
    "HOURS_FLOW",
    "SHIFT_FLOW",
    "SLOT_FLOW",
    "Belonging",
    "Certificate",
    "GiftState",
    "HelpRequest",
    "HelpState",
    "Hours",
    "HoursQuerySet",
    "HoursState",
    "Need",
    "Shift",
    "ShiftState",
    "Slot",
    "SlotState",
    "Team",
    "TeamQuerySet",
    "TimeGift",
    "TimeHeir",
    "Volunteer",
    "VolunteerQuerySet",
    "YearPaper",
]
