"""Somebody who is counted already is noted as coming once more: where it is noted who leaves, they are back in.

Kept of every such fact, also of one that was sent late and in any order: what follows is the rule of
`queries.passages`. It changes no figure of who was reached.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from weiyifang.activities import events_passages
from weiyifang.activities.models import Attendance, Passage, Session, Way
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.tenancy import fill_community, source_of


@dataclass(frozen=True, kw_only=True)
class Again:
    """One fact that made no attendance."""

    session: Session
    resident_id: UUID
    happened_at: datetime
    nonce: UUID


def note(facts: Sequence[Again], *, by: Actor) -> None:
    """Keep those of dates that note who leaves, each once, in sessions that are held. Announces `PassagesNoted`."""
    noted = [one for one in facts if one.session.activity.notes_leaving]
    if not noted:
        return
    nonces = [one.nonce for one in noted]
    known = set(Passage.objects.filter(nonce__in=nonces).values_list("nonce", flat=True))
    known |= set(Attendance.objects.filter(nonce__in=nonces).values_list("nonce", flat=True))
    new = {one.nonce: one for one in noted if one.nonce not in known}
    write([_row(one, by) for one in new.values()])
    for session in sorted({one.session for one in new.values()}, key=lambda one: one.pk):
        passages = sum(one.session == session for one in new.values())
        fact = events_passages.PassagesNoted(subject=source_of(session), way=Way.IN, passages=passages)
        announce(fact, by=by)


def write(rows: list[Passage]) -> None:
    """New rows, in one statement."""
    fill_community(rows)
    Passage.objects.bulk_create(rows)


def _row(one: Again, by: Actor) -> Passage:
    return Passage(
        session=one.session,
        resident_id=one.resident_id,
        way=Way.IN,
        happened_at=one.happened_at,
        recorded_at=clock.now(),
        recorded_by_id=by.account_id,
        nonce=one.nonce,
    )
