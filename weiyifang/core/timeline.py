"""Who did what to what, and when: one append-only row per announced fact.

It is the audit trail, the history on a page and the activity feed at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db import models
from django.db.models.functions import Cast
from django.urls import reverse

from weiyifang.core import bulk, clock, prepared
from weiyifang.core.actors import Actor, system
from weiyifang.core.forgetting import write_over
from weiyifang.core.ids import new_id
from weiyifang.core.models import Remark, TimelineEntry
from weiyifang.core.tenancy import CommunityModel, current_community_id, fill_community, id_in

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from weiyifang.core.events import Event

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
        "values": {name: plain(name, value) for name, value in event.values().items()},
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


class Subject(NamedTuple):
    """What a row is called, where it is looked at, and whose account it is, when it is a person."""

    title: str
    route: str = ""  # "" where the reader may not go
    args: tuple[Any, ...] = ()
    account_id: UUID | None = None

    @property
    def url(self) -> str:
        """The address, within a request."""
        return reverse(self.route, args=self.args) if self.route else ""


Names = Callable[[Collection[UUID], Actor], Mapping[UUID, Subject]]
_names: dict[str, Names] = {}
PERSON = "people.resident"
WHOM = ("resident_id", "helper_id")  # values of facts that say whom it is about besides their subject


def name_subjects_with(names: Mapping[str, Names]) -> None:
    """Register who knows what rows are called: kind of source (`news.article`) → ids to subjects, in one query."""
    _names.update(names)


@dataclass(frozen=True, kw_only=True)
class Way:
    """Where a row is looked at: a route, the fields that fill it in, and who may go there, to which of the rows."""

    route: str
    args: tuple[str, ...] = ("pk",)
    rule: Callable[[Actor], bool]
    only: models.Q | None = None


@dataclass(frozen=True)
class Called:
    """Rows of a model called by a field of theirs, and looked at the first of the ways that is open: a `Names`."""

    model: type[CommunityModel]
    title: str
    ways: tuple[Way, ...]

    def __call__(self, ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Subject]:
        way = next((way for way in self.ways if way.rule(actor)), None)
        rows = self.model.objects.filter(pk__in=ids)
        if way is None:
            return {pk: Subject(called) for pk, called in rows.values_list("pk", self.title)}
        is_open = (
            models.Value(True) if way.only is None else models.Case(models.When(way.only, then=True), default=False)
        )
        found = rows.annotate(is_open=is_open).values_list("pk", self.title, "is_open", *way.args)
        return {
            pk: Subject(called, way.route if leads and None not in args else "", tuple(args))
            for pk, called, leads, *args in found
        }

    def titles(self, kind: str, ids: Collection[UUID]) -> QuerySet[Any, tuple[str, UUID, str]]:
        """The kind, the id and the title of each, to be asked together with rows of other models."""
        title = Cast(models.F(self.title), models.TextField())
        rows = self.model.objects.filter(pk__in=ids).order_by()
        kinds = models.Value(kind, output_field=models.TextField())
        return rows.annotate(_kind=kinds, _title=title).values_list("_kind", "pk", "_title")


def named_by(model: type[CommunityModel], title: str, *ways: Way) -> Names:
    """Rows are called by a field of theirs (`activity__title`), and looked at the first of the ways that is open."""
    return Called(model, title, ways)


def titles_of(subjects: Iterable[str]) -> dict[str, str]:
    """What these rows are called, by their sources: one query for all things of `named_by`. Who is gone is left out."""
    asked: dict[str, dict[UUID, str]] = {}
    for subject in subjects:
        kind = subject.partition(":")[0]
        if kind in _names:
            asked.setdefault(kind, {})[id_in(subject)] = subject
    found, together = dict[str, str](), []
    for kind, by_id in asked.items():
        names = _names[kind]
        if isinstance(names, Called):
            together.append(names.titles(kind, by_id.keys()))
        else:
            found |= {by_id[pk]: named.title for pk, named in names(by_id.keys(), system()).items()}
    if together:
        first, *more = together
        found |= {asked[kind][pk]: title for kind, pk, title in first.union(*more, all=True)}
    return found


def with_titles(entries: Iterable[TimelineEntry], actor: Actor) -> list[TimelineEntry]:
    """Facts about many things: each knows what it is about and whom it was done for, as the actor may see it.

    One query for each kind of thing.
    """
    rows = list(entries)
    asked: dict[str, set[UUID]] = {}
    for row in rows:
        for kind, pk in [*_subject(row), *_whom(row)]:
            asked.setdefault(kind, set()).add(pk)
    known = {
        (kind, pk): one for kind, ids in asked.items() if kind in _names for pk, one in _names[kind](ids, actor).items()
    }
    for row in rows:
        row.about = next((known[one] for one in _subject(row) if one in known), None)
        whom = [known[one] for one in _whom(row) if one in known]
        row.whom = [one for one in whom if one.account_id is None or one.account_id != row.actor_account_id]
    return rows


def _subject(row: TimelineEntry) -> list[tuple[str, UUID]]:
    """Kind of source and id of what the fact is about, if it is about a row."""
    kind, _colon, pk = row.subject.partition(":")
    return [(kind, id_in(row.subject))] if pk else []


def _whom(row: TimelineEntry) -> list[tuple[str, UUID]]:
    """The same of the people it is about besides."""
    return [(PERSON, UUID(row.values[name])) for name in WHOM if row.values.get(name)]


# --- being forgotten ----------------------------------------------------------------------------------------------


def forget_remarks(subjects: Collection[str]) -> None:
    """Let go of what was said in words about these rows; that it happened stays."""
    Remark.objects.filter(entry__subject__in=subjects).delete()


def forget_name(name: str, *, instead: str) -> None:
    """Write another name wherever a remark says this one."""
    write_over(Remark.objects.all(), "text", name=name, instead=instead)


# What codes, sources, hashes and names of fields are made of. A sentence, or a person's name, is not.
_CODE = re.compile(r"[A-Za-z0-9_.:/+#-]{0,200}")


def plain(name: str, value: Any) -> Any:
    """A value as it is kept: ids, codes, days and moments as texts. Raises TypeError for a row, and for words."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, models.Model):
        raise TypeError("events carry ids and plain values, not rows")
    if isinstance(value, (list, tuple, frozenset, set)):
        return [plain(name, item) for item in value]
    if isinstance(value, str) and not _CODE.fullmatch(value):
        raise TypeError(f"{name} says something in words, and the timeline cannot forget: make it a Title or a Remark")
    return value
