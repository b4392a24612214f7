"""The worker's side: begin, do it, say how far, and note what came of it.

The work and the note that it is done are one transaction. So that others see how far it is before that transaction
ends, and a cancellation reaches it, how far it is goes over a connection of its own (`_Progress`).
"""

from __future__ import annotations

import logging
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.utils import translation

from weiyifang.core import clock, long_work
from weiyifang.core.actors import Actor, system
from weiyifang.core.columns import most
from weiyifang.core.events import announce
from weiyifang.core.long_work import Result
from weiyifang.core.refusals import NotAllowed, Refused
from weiyifang.core.server.jobs import by_name, enqueue
from weiyifang.core.states import move
from weiyifang.core.tenancy import current_community_id
from weiyifang.core.web import outage
from weiyifang.errands import events, terms
from weiyifang.errands.models import FLOW, OPEN, Errand, ErrandFile, State, Why
from weiyifang.errands.services.asking import CARRY_OUT, fact_of
from weiyifang.people import queries as people
from weiyifang.people.actors import actor_for
from weiyifang.people.secrets import seal_bytes

EVERY = 1.0  # seconds between two writings of how far it is, and two looks whether it is still wanted
AGAIN = timedelta(minutes=1)  # after which it begins again when something was in its way
SENTENCE = most(Errand, "said")
MOST_BEGUN = 5  # times; then somebody has to look
log = logging.getLogger(__name__)


class _NotWanted(Exception):
    """Whoever asked for it cancelled it."""


class _AnothersNow(Exception):
    """It began again elsewhere while this worker was held for dead: whatever was done here is undone."""


def carry_out(*, errand_id: UUID) -> None:
    """Do an errand that is open, and note what came of it. Whatever happens, nothing is half done.

    Announces `ErrandDone`, `ErrandNotDone` or `ErrandCancelled`; none when it is tried again in a minute.
    """
    errand = _begin(errand_id)
    if errand is None:
        return
    try:
        with transaction.atomic(), translation.override(errand.language):
            _finish(errand, _done(errand))
    except _AnothersNow:
        log.warning("an errand began again elsewhere: what was done of it here is undone")
    except _NotWanted:
        _end_ours(errand, State.CANCELLED)
    except NotAllowed:
        _end_ours(errand, State.FAILED, why=Why.NO_RIGHT)
    except Refused as refused:
        with translation.override(errand.language):
            _end_ours(errand, State.FAILED, why=Why.REFUSED, said=str(refused)[:SENTENCE])
    except Exception as error:
        found = outage.of(error)
        log.exception("an errand (%s) was not done", errand.kind)
        _again(errand, Why.NO_ROOM if found is outage.Outage.NO_ROOM else Why.BROKEN)


@transaction.atomic
def _begin(errand_id: UUID) -> Errand | None:
    """It is ours from here on. None: it is over, or was begun too often."""
    errand = Errand.objects.select_for_update(no_key=True).filter(pk=errand_id, state__in=OPEN).first()
    if errand is None:
        return None
    if errand.cancel_asked_at is not None:
        _end(errand, State.CANCELLED)
        return None
    if errand.begun >= MOST_BEGUN:
        _end(errand, State.FAILED, why=errand.why or Why.STOPPED)
        return None
    if errand.state == State.RUNNING:  # whoever had begun it is dead
        errand.why = Why.STOPPED
    move(
        errand,
        State.RUNNING,
        flow=FLOW,
        begun=errand.begun + 1,
        moved_at=clock.now(),
        done=0,
        total=0,
        why=errand.why,
    )
    return errand


def _done(errand: Errand) -> Result:
    kind, by = long_work.kind(errand.kind), _asker(errand)
    if not kind.may(by, errand.arguments):
        raise NotAllowed()
    with closing(_Progress(errand)) as progress:
        return kind.run(errand.arguments, by, progress)


def _asker(errand: Errand) -> Actor:
    """Whoever asked, with the rights they hold now."""
    if errand.asked_by_id is None:
        return actor_for(None)
    return actor_for(people.account_in_use(errand.asked_by_id))


def _finish(errand: Errand, result: Result) -> None:
    """In the transaction of the work: from here on it is wanted, allowed and done, or none of it happened."""
    here = _ours(errand)
    if here is None:
        raise _AnothersNow
    if here.cancel_asked_at is not None:
        raise _NotWanted
    if not long_work.kind(here.kind).may(_asker(here), here.arguments):
        raise NotAllowed()
    now = clock.now()
    if (file := result.file) is not None:
        ErrandFile.objects.create(
            errand=here,
            name=file.name,
            media_type=file.media_type,
            size=len(file.content),
            content=seal_bytes(file.content),
            until=now + terms.kept_for(),
        )
    move(here, State.DONE, flow=FLOW, came=dict(result.came), ended_at=now, moved_at=now, why="")
    announce(events.ErrandDone(**fact_of(here)), by=system())


def _ours(errand: Errand) -> Errand | None:
    """The row, locked; None when it is not this beginning's any more."""
    rows = Errand.objects.select_for_update(no_key=True)
    return rows.filter(pk=errand.pk, state=State.RUNNING, begun=errand.begun).first()


@transaction.atomic
def _end_ours(errand: Errand, state: State, *, why: str = "", said: str = "") -> None:
    if (here := _ours(errand)) is not None:
        _end(here, state, why=why, said=said)


def _end(errand: Errand, state: State, *, why: str = "", said: str = "") -> None:
    """The row is locked."""
    now = clock.now()
    move(errand, state, flow=FLOW, why=why, said=said, ended_at=now, moved_at=now)
    if state == State.CANCELLED:
        announce(events.ErrandCancelled(**fact_of(errand)), by=system())
    else:
        announce(events.ErrandNotDone(**fact_of(errand), why=why), by=system())


@transaction.atomic
def _again(errand: Errand, why: Why) -> None:
    """Once more in a minute, from the start; the row says why, and a job for it is there as surely as the row."""
    here = _ours(errand)
    if here is None:
        return
    if here.begun >= MOST_BEGUN:
        _end(here, State.FAILED, why=why)
        return
    move(here, State.WAITING, flow=FLOW, why=why)
    enqueue(by_name(CARRY_OUT), at=clock.now() + AGAIN, errand_id=str(errand.pk))


_WRITE = """
UPDATE errands_errand SET done = %(done)s, total = %(total)s, moved_at = %(now)s
 WHERE community_id = %(community)s AND id = (
    SELECT id FROM errands_errand WHERE community_id = %(community)s AND id = %(id)s AND state = 'running'
       AND begun = %(begun)s FOR NO KEY UPDATE SKIP LOCKED)"""


@dataclass
class _Progress:
    """The `Step` of an errand. It writes beside the transaction of the work, and waits for nobody: somebody who holds
    the row at this moment is cancelling it.
    """

    errand: Errand
    _said_at: float = field(default=float("-inf"))

    def __post_init__(self) -> None:
        self._own = connection.copy()

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now < self._said_at + EVERY:
            return
        self._said_at = now
        values: dict[str, Any] = {
            "done": done,
            "total": total,
            "now": clock.now(),
            "community": current_community_id(),
            "id": self.errand.pk,
            "begun": self.errand.begun,
        }
        try:
            with self._own.cursor() as cursor:
                cursor.execute(_WRITE, values)
        except DatabaseError as error:  # the work does not hang on it; the next second another connection is made
            log.warning("how far an errand is could not be written: %s", type(error).__name__)
            self._own.close()
        if Errand.objects.filter(pk=self.errand.pk, cancel_asked_at__isnull=False).exists():
            raise _NotWanted

    def close(self) -> None:
        """Give the connection back."""
        self._own.close()
