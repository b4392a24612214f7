"""The verbs. Nothing else writes: `writing` and `publishing` articles, `counting` reads.

Call them through the package: `news.services.publish(...)`. Refusals stand beside the verb that refuses.
"""

from __future__ import annotations

from weiyifang.news.services.counting import forget_readers, record_reads
from weiyifang.news.services.publishing import (
    NotPublished,
    OwnArticle,
    PinTooLong,
    ReasonNeeded,
    correct,
    forget_reasons,
    pin,
    publish,
    reopen,
    send_back,
    take_back,
    withdraw,
)
from weiyifang.news.services.writing import (
    Details,
    NoColumn,
    NoSuchOrganization,
    NotADraft,
    NothingWritten,
    OnlyANotice,
    edit,
    open_columns,
    submit,
    write,
)

__all__ = [
    "Details",
    "NoColumn",
    "NoSuchOrganization",
    "NotADraft",
    "NotPublished",
    "NothingWritten",
    "OnlyANotice",
    "OwnArticle",
    "PinTooLong",
    "ReasonNeeded",
    "correct",
    "edit",
    "forget_readers",
    "forget_reasons",
    "open_columns",
    "pin",
    "publish",
    "record_reads",
    "reopen",
    "send_back",
    "submit",
    "take_back",
    "withdraw",
    "write",
]
