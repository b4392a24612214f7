"""Who did what to what, and when: one append-only row per announced fact.

It is the audit trail, the history on a page and the activity feed at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models

from weiyifang.core import bulk, clock, prepared
from weiyifang.core.actors import Actor
from weiyifang.core.events import Event
from weiyifang.core.ids import new_id
from weiyifang.core.models import TimelineEntry
from weiyifang.core.tenancy import current_community_id

if TYPE_CHECKING:
    from django.db.models import QuerySet

Entry = dict[str, Any]  # the fields of a TimelineEntry by name; its community is the one at hand
FEW = 200  # rows one statement takes; COPY is quicker for more, and would be sent anew each time for one


def entry_for(event: Event, *, by: Actor) -> Entry:
    """What the row will hold that tells of `event`."""
    return {
        "id": new_id(),
        "verb": type(event).__name__,
        "subject": event.subject,
        "actor_account_id": by.account_id,
        "actor_name": "" if by.account_id else by.name,
        "values": {name: _plain(value) for name, value in event.values().items()},
        "at": clock.now(),
    }


_WRITE = """
INSERT INTO core_timelineentry (id, community_id, verb, subject, actor_account_id, actor_name, values, at)
SELECT id, %(community)s::bigint, verb, subject, actor_account_id, actor_name, "values", at
  FROM json_to_recordset(%(entries)s::json)
    AS one (id uuid, verb text, subject text, actor_account_id uuid, actor_name text, "values" jsonb, at timestamptz)
"""


def write(entries: Sequence[Entry]) -> None:
    """Insert rows: few by one prepared statement, many by COPY."""
    if len(entries) > FEW:
        bulk.copy_in([TimelineEntry(**entry) for entry in entries])
    elif entries:
        prepared.execute(_WRITE, {"community": current_community_id(), "entries": prepared.recordset(entries)})


def of(subject: str) -> QuerySet[TimelineEntry]:
    """The history of one row, newest first; whoever acted is named when it is read."""
    return TimelineEntry.objects.filter(subject=subject).order_by("-at", "-id")


def _plain(value: Any) -> Any:
    if isinstance(value, (UUID, date, datetime)):
        return str(value)
    if isinstance(value, models.Model):
        raise TypeError("events carry ids and plain values, not rows")
    if isinstance(value, (list, tuple, frozenset, set)):
        return [_plain(item) for item in value]
    return value
