"""The verbs: ask, cancel, carry out, fetch, forget. Nothing else writes."""

from weiyifang.errands.services.asking import (
    FileGone,
    TooManyAtOnce,
    ask,
    cancel,
    fetch,
    forget_files_that_name_people,
    forget_old,
)
from weiyifang.errands.services.carrying import carry_out

__all__ = [
    "FileGone",
    "TooManyAtOnce",
    "ask",
    "cancel",
    "carry_out",
    "fetch",
    "forget_files_that_name_people",
    "forget_old",
]
