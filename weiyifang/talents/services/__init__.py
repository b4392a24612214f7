"""The verbs. Nothing else writes: `listing` what somebody can do, `asking` who asked them, `thanking` who thanked them,
`leaving` what ends when somebody goes.

Call them through the package: `talents.services.ask(...)`. Refusals stand beside the verb that refuses.
"""

from __future__ import annotations

from weiyifang.talents.services.asking import (
    AskedBefore,
    AskedThemselves,
    Busy,
    NotNow,
    TimeOver,
    TimeWrong,
    TooManyOpen,
    accept,
    ask,
    decline,
    lapse_due,
    withdraw,
)
from weiyifang.talents.services.leaving import (
    end_for,
    end_for_organization,
    forget_person,
    hold,
    take_off,
    take_off_resident,
)
from weiyifang.talents.services.listing import (
    OffTheList,
    OnTheList,
    edit,
    put_down,
)
from weiyifang.talents.services.thanking import NothingDone, ThankedAlready, show_thanks, take_back_thanks, thank

__all__ = [
    "AskedBefore",
    "AskedThemselves",
    "Busy",
    "NotNow",
    "NothingDone",
    "OffTheList",
    "OnTheList",
    "ThankedAlready",
    "TimeOver",
    "TimeWrong",
    "TooManyOpen",
    "accept",
    "ask",
    "decline",
    "edit",
    "end_for",
    "end_for_organization",
    "forget_person",
    "hold",
    "lapse_due",
    "put_down",
    "show_thanks",
    "take_back_thanks",
    "take_off",
    "take_off_resident",
    "thank",
    "withdraw",
]
