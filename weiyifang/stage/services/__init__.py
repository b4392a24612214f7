"""The verbs. Nothing else writes: `agreeing` from the request to the contract, `changing` what was wanted, `playing`
who is on and whether it was held, `sharing_out` what was paid and who gets which part, `leaving` what ends with a
person or a troupe.

Call them through the package: `stage.services.put_down(...)`. Refusals stand beside the verb that refuses.
"""

from __future__ import annotations

from weiyifang.stage.services.agreeing import (
    NobodyAsked,
    NoPrice,
    NotAhead,
    Said,
    TimesWrong,
    ask,
    choose,
    decline,
    make_offer,
    put_down,
)
from weiyifang.stage.services.changing import PurchaseSettled, edit, read_phone, what_moves
from weiyifang.stage.services.leaving import forget_person, give_up_of, hold
from weiyifang.stage.services.playing import (
    EmptyLineUp,
    NotBegun,
    NotInTheTroupe,
    OnAlready,
    OverAlready,
    ReasonMissing,
    call_off,
    note_held,
    put_in,
    step_back,
)
from weiyifang.stage.services.sharing_out import (
    BeforeTheShow,
    GivenBackAlready,
    MoreThanAgreed,
    MoreThanThere,
    NotHeld,
    give_back,
    receive,
)

__all__ = [
    "BeforeTheShow",
    "EmptyLineUp",
    "GivenBackAlready",
    "MoreThanAgreed",
    "MoreThanThere",
    "NoPrice",
    "NobodyAsked",
    "NotAhead",
    "NotBegun",
    "NotHeld",
    "NotInTheTroupe",
    "OnAlready",
    "OverAlready",
    "PurchaseSettled",
    "ReasonMissing",
    "Said",
    "TimesWrong",
    "ask",
    "call_off",
    "choose",
    "decline",
    "edit",
    "forget_person",
    "give_back",
    "give_up_of",
    "hold",
    "make_offer",
    "note_held",
    "put_down",
    "put_in",
    "read_phone",
    "receive",
    "step_back",
    "what_moves",
]
