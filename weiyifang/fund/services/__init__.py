"""The verbs; nothing else writes. `keeping`: the books. `income`: what comes in. `payments`: what goes out.

Call them through the package: `fund.services.receive(...)`. Refusals stand beside the verb that refuses.
"""

from weiyifang.fund.services.income import (
    FromAnotherTopic,
    NotYetReceived,
    Receipt,
    TakenBackAlready,
    receive,
    receive_many,
    take_back,
    take_back_of,
)
from weiyifang.fund.services.keeping import close_month, forget_giver, open_fund
from weiyifang.fund.services.limits import NotPositive, UnknownCode
from weiyifang.fund.services.payments import (
    APPROVAL_LASTS,
    Wanted,
    approve_payment,
    pay,
    refuse_payment,
    resubmit_payment,
    send_back_payment,
    submit_payment,
    withdraw_payment,
)

__all__ = [
    "APPROVAL_LASTS",
    "FromAnotherTopic",
    "NotPositive",
    "NotYetReceived",
    "Receipt",
    "TakenBackAlready",
    "UnknownCode",
    "Wanted",
    "approve_payment",
    "close_month",
    "forget_giver",
    "open_fund",
    "pay",
    "receive",
    "receive_many",
    "refuse_payment",
    "resubmit_payment",
    "send_back_payment",
    "submit_payment",
    "take_back",
    "take_back_of",
    "withdraw_payment",
]
