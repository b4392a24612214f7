"""The verbs of scarce places. Each locks its pool's row first; nothing else writes these tables.

`claim`, `claim_many`, `confirm` and `release` announce nothing of their own: whoever asked for them tells it. What
happens on the waiting list, and what happens by the clock, is announced (see `events`).
"""

from __future__ import annotations

from weiyifang.capacity.services.claims import (
    AlreadyHolds,
    AlreadyWaiting,
    Full,
    HoldOver,
    KeptForTheList,
    StillCollects,
    TooFewLeft,
    claim,
    claim_many,
    confirm,
    release,
    release_together,
)
from weiyifang.capacity.services.pools import (
    BelowTaken,
    SettledAlready,
    close_at,
    collect,
    expire_due,
    locked,
    open_pool,
    open_pools,
    resize,
    settle,
)
from weiyifang.capacity.services.waiting import (
    GroupTooLarge,
    NoOffer,
    QueueClosed,
    accept,
    come_back,
    decline,
    leave,
    leave_together,
    wait,
    wait_together,
)

__all__ = [
    "AlreadyHolds",
    "AlreadyWaiting",
    "BelowTaken",
    "Full",
    "GroupTooLarge",
    "HoldOver",
    "KeptForTheList",
    "NoOffer",
    "QueueClosed",
    "SettledAlready",
    "StillCollects",
    "TooFewLeft",
    "accept",
    "claim",
    "claim_many",
    "close_at",
    "collect",
    "come_back",
    "confirm",
    "decline",
    "expire_due",
    "leave",
    "leave_together",
    "locked",
    "open_pool",
    "open_pools",
    "release",
    "release_together",
    "resize",
    "settle",
    "wait",
    "wait_together",
]
