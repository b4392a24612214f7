"""How a session, or a term, stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from weiyifang.activities.models import (
    Session,
)
from weiyifang.capacity import queries as capacity
from weiyifang.capacity.models import PlacePool, Share
from weiyifang.core import clock

FEW = 3  # this many free seats or fewer are "nearly full"


@dataclass(frozen=True, kw_only=True)
class Seats:
    """How a session (or a term) stands. `held` seats are offered to somebody who is deciding, `kept` ones stand for
    some until a moment (`shares`); `free` are those for everybody."""

    places: int = 0
    taken: int = 0
    held: int = 0
    kept: int = 0
    waiting: int = 0
    closes_at: datetime | None = None  # when its queue ends
    collects: bool = False  # nobody has a seat yet: `waiting` stand in one list
    shares: Sequence[Share] = ()  # that have seats left

    @property
    def queue_is_open(self) -> bool:
        return self.closes_at is None or self.closes_at > clock.now()

    @property
    def free(self) -> int:
        return max(self.places - self.taken - self.held - self.kept, 0)

    @property
    def set_aside(self) -> int:
        """Neither taken nor for everybody: offered to somebody, or kept for some."""
        return self.held + self.kept

    @property
    def has_some(self) -> bool:
        """Is there a seat for somebody, whoever that is?"""
        return self.free + self.kept > 0

    @property
    def is_open_door(self) -> bool:
        return self.places == 0

    @property
    def is_full(self) -> bool:
        return self.places > 0 and self.free == 0 and not self.collects

    @property
    def must_queue(self) -> bool:
        """Is there nothing but the queue, for anybody?"""
        return self.is_full and not self.kept and self.queue_is_open

    @property
    def some_must_queue(self) -> bool:
        """Are only seats left that are kept for some? Then the others may queue for them."""
        return self.is_full and self.kept > 0 and self.queue_is_open and not self.collects

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
        if self.is_full and self.kept:
            return _("only kept seats left")
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
    """How each session stands, by its id; one query, and another where something is kept."""
    owners = {session.pk: session.pool_owner for session in sessions}
    found = list(capacity.pools_of(set(owners.values())))
    keeping = {pool.owner for pool in found if pool.kept}
    shares = capacity.shares_of(keeping) if keeping else {}
    pools = {pool.owner: _seats(pool, shares.get(pool.owner, ())) for pool in found}
    return {pk: pools.get(owner, Seats()) for pk, owner in owners.items()}


def _seats(pool: PlacePool, shares: Sequence[Share]) -> Seats:
    return Seats(
        places=pool.places,
        taken=pool.taken,
        held=pool.held,
        kept=pool.kept,
        waiting=pool.waiting,
        closes_at=pool.closes_at,
        collects=pool.collects,
        shares=[one for one in shares if one.left],
    )
