"""The verbs; nothing else writes. `entering`: a run's table until it is handed in. `deciding`: it is published, and the
money set aside. `appealing`: leaders object, somebody answers. `paying`: all of it at once.

Call them through the package: `grants.services.publish(...)`. Refusals stand beside the verb that refuses.
"""

from weiyifang.grants.services.appealing import (
    AppealTimeOver,
    AskedAlready,
    answer_appeal,
    appeal,
    ask_corrected,
    forget_person,
    withdraw_appeal,
)
from weiyifang.grants.services.deciding import NotAtWork, SignerGone, publish, send_back
from weiyifang.grants.services.entering import (
    NothingEntered,
    TooManyGrants,
    YearTaken,
    begin_run,
    bring_table,
    drop_run,
    hand_in,
    remove_result,
    set_result,
    take_up,
)
from weiyifang.grants.services.paying import AppealsOpen, NothingToPay, StillAppealable, pay_out

__all__ = [
    "AppealTimeOver",
    "AppealsOpen",
    "AskedAlready",
    "NotAtWork",
    "NothingEntered",
    "NothingToPay",
    "SignerGone",
    "StillAppealable",
    "TooManyGrants",
    "YearTaken",
    "answer_appeal",
    "appeal",
    "ask_corrected",
    "begin_run",
    "bring_table",
    "drop_run",
    "forget_person",
    "hand_in",
    "pay_out",
    "publish",
    "remove_result",
    "send_back",
    "set_result",
    "take_up",
    "withdraw_appeal",
]
