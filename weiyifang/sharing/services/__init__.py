"""The verbs; nothing else writes. `keeping`: what is lent, and when it is closed; `booking`: who has it, and
`taking` what has to be true for that; `lending`: what went out, and came back.

Call them through the package: `sharing.services.book(...)`. Refusals stand beside the verb that refuses.
"""

from __future__ import annotations

from weiyifang.sharing.services.booking import (
    HasBegun,
    Scope,
    Series,
    WhyNeeded,
    approve,
    book,
    book_series,
    cancel,
    move,
    refuse,
)
from weiyifang.sharing.services.ending import forget_purposes, give_up_of, lapse_due
from weiyifang.sharing.services.keeping import (
    AnotherRoom,
    Details,
    NameTaken,
    Over,
    PiecesPromised,
    StillBooked,
    StillMissing,
    add,
    close,
    edit,
    end_closure,
    reopen,
    retire,
)
from weiyifang.sharing.services.lending import (
    DoesNotAddUp,
    MoreThanBooked,
    NotItsDay,
    NotSoManyMissing,
    hand_over,
    note_found,
    take_back,
    tell_overdue,
)
from weiyifang.sharing.services.taking import (
    Closed,
    Gone,
    Missed,
    NotFree,
    OverTheHours,
    TooFewPieces,
    TooLong,
    TooSoon,
    hours_in_words,
)

__all__ = [
    "AnotherRoom",
    "Closed",
    "Details",
    "DoesNotAddUp",
    "Gone",
    "HasBegun",
    "Missed",
    "MoreThanBooked",
    "NameTaken",
    "NotFree",
    "NotItsDay",
    "NotSoManyMissing",
    "Over",
    "OverTheHours",
    "PiecesPromised",
    "Scope",
    "Series",
    "StillBooked",
    "StillMissing",
    "TooFewPieces",
    "TooLong",
    "TooSoon",
    "WhyNeeded",
    "add",
    "approve",
    "book",
    "book_series",
    "cancel",
    "close",
    "edit",
    "end_closure",
    "forget_purposes",
    "give_up_of",
    "hand_over",
    "hours_in_words",
    "lapse_due",
    "move",
    "note_found",
    "refuse",
    "reopen",
    "retire",
    "take_back",
    "tell_overdue",
]
