"""How often a community's pages have changed: a kept page (`core.web.kept`) is shown while the count is the same."""

from __future__ import annotations

import threading
import time
from functools import partial

from django.db import transaction

from weiyifang.core.models import Counter
from weiyifang.core.numbers import next_number
from weiyifang.core.prepared import Read
from weiyifang.core.tenancy import current_community_id, in_community

LEASE = 0.05  # seconds a process trusts the count of changes, and a change waits before it is answered
CHANGES = "changes of pages"  # the `Counter` of a community

_read = Read(lambda kind: Counter.objects.filter(kind=kind), "a kind")
_trusted: dict[int, tuple[int, float]] = {}  # community → its count of changes, and until when it is trusted
_here = threading.local()  # `.changed`: this thread's request outdated something


def outdate() -> None:
    """Inside a transaction of the community at hand: once it is committed, no page made before is shown any more."""
    next_number(CHANGES)
    transaction.on_commit(partial(_note_change, current_community_id()))


def changes(community_id: int) -> int:
    """How often the community's pages have changed; at most `LEASE` old."""
    asked_at = time.monotonic()
    count, until = _trusted.get(community_id, (0, 0.0))
    if asked_at >= until:
        with in_community(community_id):
            counter = _read.one(CHANGES)
        count = counter.last if counter is not None else 0
        _trusted[community_id] = (count, asked_at + LEASE)  # from before the question: the answer may be as old
    return count


def happened_here() -> bool:
    """Whether this thread has outdated pages since it was asked last: its answer waits until no process shows them."""
    changed = getattr(_here, "changed", False)
    _here.changed = False
    return changed


def _note_change(community_id: int) -> None:
    _trusted.pop(community_id, None)
    _here.changed = True
