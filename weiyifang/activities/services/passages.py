"""Note who left a date, and to whom a child was handed over. What was noted stays; a mistake is voided by a second row.

Facts may come late and in any order, from several phones: each is kept once, by its nonce, and what follows from all of
them is the rule of `queries.passages`. Who stood at the door is believed: whoever fetched is kept, also when a guardian
had taken that back meanwhile, and then the guardians are told, as they are of somebody nobody had named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.activities import door, events_passages, queries, rules
from weiyifang.activities.models import Fetcher, Passage, Session, SessionState, Way
from weiyifang.activities.services import returns
from weiyifang.activities.services.attending import CLOCKS_DIFFER, Recorded, SessionIsOff
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce, announced_together
from weiyifang.core.ids import new_id
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import require
from weiyifang.people import minors
from weiyifang.people import queries as register
from weiyifang.people.models import Resident


class NobodyNotesLeaving(Refused):
    """Left a date of which it is not noted who leaves."""

    sentence = _("At this date nobody notes who leaves. Whoever plans it can change that.")


class NotHere(Refused):
    """Left without having come."""

    sentence = _("%(name)s is not noted as having come. Check them in first.")


class LeftAlready(Refused):
    """Left twice."""

    sentence = _("%(name)s is noted as having left already.")


class ToWhom(Refused):
    """A child that left, and nobody said with whom."""

    sentence = _("To whom was %(name)s handed over? Say who fetched the child.")
    status = 422


class NotTheirs(Refused):
    """Fetched by who never was a guardian of this child, nor named for it."""

    sentence = _("This is no guardian of %(name)s, and nobody whom a guardian named. Say who it was, and why.")
    status = 422


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """By whom a child was fetched: a guardian, somebody named, or (with a name and a reason) somebody else."""

    guardian_id: UUID | None = None
    fetcher_id: UUID | None = None
    name: str = ""
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Left:
    """Somebody left, noted here or on a phone without network. `nonce` is made where it is noted: sent again, it is the
    same passage. `by`: None where nobody is handed over."""

    resident_id: UUID
    happened_at: datetime
    by: Fetched | None = None
    nonce: UUID = field(default_factory=new_id)


@transaction.atomic
def check_out(*, session: Session, resident: Resident, fetched: Fetched | None = None, by: Actor) -> Passage:
    """Note that who is here leaves now, with whoever was counted with them.

    Raises `NotHere`, `LeftAlready`, and what `record_departures` raises.
    """
    session = _held(session, by)
    here = queries.presence(session, resident.pk)
    if here is None:
        raise NotHere(name=resident.name)
    if here.left_at is not None:
        raise LeftAlready(name=resident.name)
    left = Left(
        resident_id=resident.pk, happened_at=max(clock.now(), here.in_at + timedelta(microseconds=1)), by=fetched
    )
    _record(session, [left], by=by)
    return Passage.objects.get(nonce=left.nonce)


@transaction.atomic
def record_departures(*, session: Session, batch: Sequence[Left], by: Actor) -> Recorded:
    """Note who left, in one go: also what a phone kept while it was offline. Sent twice, it counts once.

    A moment at which nobody can have left (a phone with a wrong clock) is not kept, it is now then. Raises
    `SessionIsOff`, `NobodyNotesLeaving`, `ToWhom`, `NotTheirs`. Announces `PassagesNoted`, and `HandedToAnother` for
    each child that went with somebody whom no guardian had named, or no longer.
    """
    return _record(_held(session, by), batch, by=by)


@transaction.atomic
def void_passage(*, passage: Passage, by: Actor) -> None:
    """It was a mistake: they did not leave, or not come back, or not with them. Announces `PassageVoided`."""
    session = _held(passage.session, by)
    if passage.voids_id is not None or Passage.objects.filter(voids=passage).exists():
        return  # pressed twice
    names = ("session_id", "resident_id", "way", "guardian_id", "fetcher_id")
    copied: dict[str, Any] = {name: getattr(passage, name) for name in names}
    row = Passage(**copied, happened_at=clock.now(), recorded_by_id=by.account_id, nonce=new_id(), voids=passage)
    row.save(force_insert=True)
    announce(events_passages.PassageVoided(subject=source_of(session), way=passage.way), by=by)


# --- parts ------------------------------------------------------------------------------------------------------


def _held(session: Session, by: Actor) -> Session:
    """The date, locked, so that voids and second presses are seen."""
    rows = Session.objects.select_for_update(of=("self",), no_key=True).select_related("activity")
    found = rows.get(pk=session.pk)
    require(rules.can_check_in(by, found.activity))
    if found.state == SessionState.CANCELLED:
        raise SessionIsOff()
    return found


def _record(session: Session, batch: Sequence[Left], *, by: Actor) -> Recorded:
    if not session.activity.notes_leaving:
        raise NobodyNotesLeaving()
    nonces = Passage.objects.filter(nonce__in=[left.nonce for left in batch]).values_list("nonce", flat=True)
    known = set(nonces)
    new = {left.nonce: left for left in batch if left.nonce not in known}
    children = queries.children_of(session, {left.resident_id for left in new.values()})
    may = queries.may_fetch(session, children)
    rows, told = list[Passage](), list[Passage]()
    for left in new.values():
        row = _row(session, left, by)
        if left.resident_id in children and not _hand_over(row, left.by, may.get(left.resident_id, ()), by):
            told.append(row)
        rows.append(row)
    returns.write(rows)
    with announced_together():
        if rows:
            fact = events_passages.PassagesNoted(subject=source_of(session), way=Way.OUT, passages=len(rows))
            announce(fact, by=by)
        for row in told:
            announce(_handed_to_another(row, session), by=by)
    return Recorded(new=len(rows), known=len(batch) - len(rows))


def _row(session: Session, left: Left, by: Actor) -> Passage:
    now = clock.now()
    is_likely = door.opens_at(session.starts_at) <= left.happened_at <= now + CLOCKS_DIFFER
    return Passage(
        id=new_id(),
        session=session,
        resident_id=left.resident_id,
        way=Way.OUT,
        happened_at=left.happened_at if is_likely else now,
        recorded_at=now,
        recorded_by_id=by.account_id,
        nonce=left.nonce,
    )


def _hand_over(row: Passage, fetched: Fetched | None, may: Sequence[queries.MayFetch], by: Actor) -> bool:
    """Write down with whom a child went; False: the guardians have to be told. Raises `ToWhom`, `NotTheirs`."""
    name = register.name_of(row.resident_id)
    if fetched is None:
        raise ToWhom(name=name)
    if fetched.guardian_id is not None:
        if not minors.was_ever_guardian(fetched.guardian_id, row.resident_id):
            raise NotTheirs(name=name)
        row.guardian_id = fetched.guardian_id
        return any(one.guardian and one.guardian.pk == fetched.guardian_id for one in may)
    if fetched.fetcher_id is not None:
        found = Fetcher.objects.filter(pk=fetched.fetcher_id, resident=row.resident_id, at_the_door=False).first()
        if found is None:
            raise NotTheirs(name=name)
        row.fetcher = found
        ended_since = found.ended_at is not None and found.ended_at > row.happened_at
        return ended_since or any(one.fetcher and one.fetcher.pk == found.pk for one in may)
    said = {"name": fetched.name, "why": fetched.why}
    if not all(said.values()):
        raise ToWhom(name=name)
    row.fetcher = Fetcher(
        resident_id=row.resident_id, at_the_door=True, named_by_id=by.account_id, **cleaned(Fetcher, said)
    )
    row.fetcher.save(force_insert=True)
    return False


def _handed_to_another(row: Passage, session: Session) -> events_passages.HandedToAnother:
    return events_passages.HandedToAnother(
        subject=source_of(row),
        session_id=session.pk,
        resident_id=row.resident_id,
        title=session.activity.title,
        left_at=row.happened_at,
    )
