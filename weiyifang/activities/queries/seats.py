"""How a session, or a term, stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from weiyifang.activities.models import (
    Session,
)
from weiyifang.capacity import queries as capacity
from weiyifang.capacity.models import PlacePool
from weiyifang.core import clock

FEW = 3  # this many free seats or fewer are "nearly full"


@dataclass(frozen=True, kw_only=True)
class Seats:
    """How a session (or a term) stands. `held` seats are offered to somebody who is deciding."""

    places: int = 0
    taken: int = 0
    held: int = 0
    waiting: int = 0
    closes_at: datetime | None = None  # when its queue ends
    collects: bool = False  # nobody has a seat yet: `waiting` stand in one list

    @property
    def queue_is_open(self) -> bool:
        return self.closes_at is None or self.closes_at > clock.now()

    @property
    def free(self) -> int:
        return max(self.places - self.taken - self.held, 0)

    @property
    def is_open_door(self) -> bool:
        return self.places == 0

    @property
    def is_full(self) -> bool:
        return self.places > 0 and self.free == 0

    @property
    def is_nearly_full(self) -> bool:
        return 0 < self.free <= FEW and self.places > FEW

    @property
    def words(self) -> str:
        """How it stands, in the fewest words."""
        if self.is_open_door:
            return _("just come")
        if self.collects:
            return ngettext("%(n)d on the list", "%(n)d on the list", self.waiting) % {"n": self.waiting}
        if self.is_full:
            return _("full, queue open") if self.queue_is_open else _("full")
        return ngettext("%(n)d seat left", "%(n)d seats left", self.free) % {"n": self.free}

    @property
    def tone(self) -> str:
        """The badge that goes with the words."""
        if self.is_open_door:
            return "info"
        return "wait" if self.is_full or self.is_nearly_full else "ok"

    @property
    def next_rank(self) -> int:
        """Which in the queue one would be now."""
        return self.waiting + 1


def seats_of(sessions: Iterable[Session]) -> dict[UUID, Seats]:
    """How each session stands, by its id; one query."""
    owners = {session.pk: session.pool_owner for session in sessions}
    pools = {pool.owner: _seats(pool) for pool in capacity.pools_of(set(owners.values()))}
    return {pk: pools.get(owner, Seats()) for pk, owner in owners.items()}


def _seats(pool: PlacePool) -> Seats:
    return Seats(
        places=pool.places,
        taken=pool.taken,
        held=pool.held,
        waiting=pool.waiting,
        closes_at=pool.closes_at,
        collects=pool.collects,
    )
