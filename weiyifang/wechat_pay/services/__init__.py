"""The verbs; nothing else writes. `ordering`: what somebody wants to give. `settling`: what WeChat says of it.
`looking`: what we ask by ourselves. `refunding`: what is given back, by two people.

Call them through the package: `wechat_pay.services.start(...)`. Refusals stand beside the verb that refuses.
"""

from weiyifang.wechat_pay.services.looking import ask, look_again
from weiyifang.wechat_pay.services.ordering import (
    Gift,
    NotOffered,
    SomebodyGives,
    TooLittle,
    TooMany,
    TooMuchAtOnce,
    check_nobody_gives,
    forget_person,
    start,
)
from weiyifang.wechat_pay.services.refunding import (
    AskedAlready,
    NotPaidYet,
    ask_refund,
    confirm_refund,
    pay_back,
    refuse_refund,
    withdraw_refund,
)
from weiyifang.wechat_pay.services.settling import Unacceptable, settle, take_notification

__all__ = [
    "AskedAlready",
    "Gift",
    "NotOffered",
    "NotPaidYet",
    "SomebodyGives",
    "TooLittle",
    "TooMany",
    "TooMuchAtOnce",
    "Unacceptable",
    "ask",
    "ask_refund",
    "check_nobody_gives",
    "confirm_refund",
    "forget_person",
    "look_again",
    "pay_back",
    "refuse_refund",
    "settle",
    "start",
    "take_notification",
    "withdraw_refund",
]
