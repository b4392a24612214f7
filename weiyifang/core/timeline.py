"""Who did what to what, and when: one append-only row per announced fact.

It is the audit trail, the history on a page and the activity feed at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models

from weiyifang.core import bulk, clock, prepared
from weiyifang.core.actors import Actor
from weiyifang.core.events import Event
from weiyifang.core.forgetting import write_over
from weiyifang.core.ids import new_id
from weiyifang.core.models import Remark, TimelineEntry
from weiyifang.core.tenancy import CommunityModel, current_community_id, fill_community, id_in

if TYPE_CHECKING:
    from django.db.models import QuerySet

Entry = dict[str, Any]  # the fields of a TimelineEntry by name, and its remarks; its community is the one at hand
REMARKS = "remarks"
FEW = 200  # rows one statement takes; COPY is quicker for more, and would be sent anew each time for one


def entry_for(event: Event, *, by: Actor) -> Entry:
    """What the row will hold that tells of `event`."""
    return {
        "id": new_id(),
        "verb": type(event).__name__,
        "subject": event.subject,
        "actor_account_id": by.account_id,
        "actor_name": by.name if by.is_system else "",
        "values": {name: _plain(name, value) for name, value in event.values().items()},
        "at": clock.now(),
        REMARKS: event.remarks(),
    }


_WRITE = """
INSERT INTO core_timelineentry (id, community_id, verb, subject, actor_account_id, actor_name, values, at)
SELECT id, %(community)s::bigint, verb, subject, actor_account_id, actor_name, "values", at
  FROM json_to_recordset(%(entries)s::json)
    AS one (id uuid, verb text, subject text, actor_account_id uuid, actor_name text, "values" jsonb, at timestamptz)
"""


def write(entries: Sequence[Entry]) -> None:
    """Insert rows: few by one prepared statement, many by COPY. What was remarked is kept beside them."""
    told = [(entry["id"], entry.pop(REMARKS)) for entry in entries]
    if len(entries) > FEW:
        bulk.copy_in([TimelineEntry(**entry) for entry in entries])
    elif entries:
        prepared.execute(_WRITE, {"community": current_community_id(), "entries": prepared.recordset(entries)})
    remarks = [Remark(entry_id=pk, field=name, text=text) for pk, said in told for name, text in said.items()]
    fill_community(remarks)
    Remark.objects.bulk_create(remarks)


def of(subject: str) -> QuerySet[TimelineEntry]:
    """The history of one row, newest first, with its remarks; whoever acted is named when it is read."""
    return TimelineEntry.objects.filter(subject=subject).order_by("-at", "-id").prefetch_related("remarks")


# --- what each fact is about --------------------------------------------------------------------------------------

Titles = Callable[[Collection[UUID]], Mapping[UUID, str]]
_titles: dict[str, Titles] = {}


def name_subjects_with(titles: Mapping[str, Titles]) -> None:
    """Register who knows what rows are called: kind of source (`news.article`) → ids to titles, in one query."""
    _titles.update(titles)


def titled_by(model: type[CommunityModel], field: str) -> Titles:
    """What the rows of a model are called: the value of this field of theirs (`activity__title`)."""
    return lambda ids: dict(model.objects.filter(pk__in=ids).values_list("pk", field))


def with_titles(entries: Iterable[TimelineEntry]) -> list[TimelineEntry]:
    """Facts about many things: each knows what it is about (`about`), one query for each kind of thing."""
    rows = list(entries)
    asked: dict[str, dict[UUID, list[TimelineEntry]]] = {}
    for row in rows:
        kind = row.subject.partition(":")[0]
        if kind in _titles:
            asked.setdefault(kind, {}).setdefault(id_in(row.subject), []).append(row)
    for kind, by_id in asked.items():
        for pk, title in _titles[kind](by_id.keys()).items():
            for row in by_id.get(pk, ()):
                row.about = title
    return rows


# --- being forgotten ----------------------------------------------------------------------------------------------


def forget_remarks(subjects: Collection[str]) -> None:
    """Let go of what was said in words about these rows; that it happened stays."""
    Remark.objects.filter(entry__subject__in=subjects).delete()


def forget_name(name: str, *, instead: str) -> None:
    """Write another name wherever a remark says this one."""
    write_over(Remark.objects.all(), "text", name=name, instead=instead)


# What codes, sources, hashes and names of fields are made of. A sentence, or a person's name, is not.
_CODE = re.compile(r"[A-Za-z0-9_.:/+#-]{0,200}")


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, models.Model):
        raise TypeError("events carry ids and plain values, not rows")
    if isinstance(value, (list, tuple, frozenset, set)):
        return [_plain(name, item) for item in value]
    if isinstance(value, str) and not _CODE.fullmatch(value):
        raise TypeError(f"{name} says something in words, and the timeline cannot forget: make it a Title or a Remark")
    return value
