"""The verbs; nothing else writes. `keeping`: the books. `income`: what comes in. `payments`: what goes out.
`papers`: what was photographed for it. `by_two`: what is moved and corrected. `comparing`: the books beside the bank.
`limits`: what an amount may be.

Call them through the package: `fund.services.receive(...)`. Refusals stand beside the verb that refuses.
"""

from weiyifang.fund.services.by_two import (
    BeforePayment,
    Correction,
    MoreThanPaid,
    Move,
    NotPaid,
    SamePlace,
    ask_correction,
    ask_move,
    confirm_correction,
    confirm_move,
    left_of,
    refuse_correction,
    refuse_move,
    withdraw_correction,
    withdraw_move,
)
from weiyifang.fund.services.comparing import BelowNothing, DifferenceNotSeen, NotExplained, NotOver, state_balance
from weiyifang.fund.services.income import (
    FromAnotherTopic,
    NotYetReceived,
    Receipt,
    TakenBackAlready,
    receive,
    receive_instead,
    receive_many,
    take_back,
    take_back_of,
)
from weiyifang.fund.services.keeping import close_month, forget_giver, open_fund
from weiyifang.fund.services.limits import NotPositive, TooMuch, UnknownCode
from weiyifang.fund.services.papers import add_paper, take_paper_away
from weiyifang.fund.services.payments import (
    ApprovalLapsed,
    Wanted,
    approve_payment,
    lapse_approvals,
    pay,
    refuse_payment,
    resubmit_payment,
    send_back_payment,
    submit_payment,
    withdraw_payment,
)

__all__ = [
    "ApprovalLapsed",
    "BeforePayment",
    "BelowNothing",
    "Correction",
    "DifferenceNotSeen",
    "FromAnotherTopic",
    "MoreThanPaid",
    "Move",
    "NotExplained",
    "NotOver",
    "NotPaid",
    "NotPositive",
    "NotYetReceived",
    "Receipt",
    "SamePlace",
    "TakenBackAlready",
    "TooMuch",
    "UnknownCode",
    "Wanted",
    "add_paper",
    "approve_payment",
    "ask_correction",
    "ask_move",
    "close_month",
    "confirm_correction",
    "confirm_move",
    "forget_giver",
    "lapse_approvals",
    "left_of",
    "open_fund",
    "pay",
    "receive",
    "receive_instead",
    "receive_many",
    "refuse_correction",
    "refuse_move",
    "refuse_payment",
    "resubmit_payment",
    "send_back_payment",
    "state_balance",
    "submit_payment",
    "take_back",
    "take_back_of",
    "take_paper_away",
    "withdraw_correction",
    "withdraw_move",
    "withdraw_payment",
]
