"""What is announced: all that happens on a waiting list, and all that happens without anybody asking for it.

Claims that somebody asked for are told by who asked: `holder` announces its own enrolment.
In each event `subject` is the holder (of `PoolResized` and `ShareOpened`: the owner), `owner` and `pool` say where.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event, Title


@dataclass(frozen=True, kw_only=True)
class PoolEvent(Event):
    """Something about `places` of a pool."""

    words = _("places moved")

    owner: str
    pool: Title
    places: int


@dataclass(frozen=True, kw_only=True)
class WaitingJoined(PoolEvent):
    """Somebody put themselves on the waiting list."""

    words = _("joined the queue")


@dataclass(frozen=True, kw_only=True)
class PlaceOffered(PoolEvent):
    """Places came free and are held for the holder, who has to answer by `until`."""

    words = _("was offered a place")

    until: datetime


@dataclass(frozen=True, kw_only=True)
class PlaceTakenFromList(PoolEvent):
    """Places came free and are the holder's at once (the pool's `offer_hours` is 0)."""

    words = _("moved up from the queue")


@dataclass(frozen=True, kw_only=True)
class OfferAccepted(PoolEvent):
    """The holder said yes to an offer."""

    words = _("took the offered place")


@dataclass(frozen=True, kw_only=True)
class OfferDeclined(PoolEvent):
    """The holder said no to an offer; the places went on."""

    words = _("let the offered place go")


@dataclass(frozen=True, kw_only=True)
class OfferLapsed(PoolEvent):
    """The holder did not answer in time; the places went on."""

    words = _("did not answer in time")


@dataclass(frozen=True, kw_only=True)
class WaitingLeft(PoolEvent):
    """The holder left the waiting list."""

    words = _("left the queue")


@dataclass(frozen=True, kw_only=True)
class TurnNotReached(PoolEvent):
    """The waiting list closed before the holder's turn came."""

    words = _("the queue closed before their turn")


@dataclass(frozen=True, kw_only=True)
class HoldLapsed(PoolEvent):
    """A hold that nobody confirmed in time ended; the places went on."""

    words = _("a held place became free")


@dataclass(frozen=True, kw_only=True)
class ShareOpened(Event):
    """The time of a share is over: the `places` that were left of it are everybody's."""

    words = _("what was kept is open to all")

    pool: Title
    share: str
    places: int


@dataclass(frozen=True, kw_only=True)
class PoolResized(Event):
    """A pool now has `after` places instead of `before`."""

    words = _("the number of places changed")

    pool: Title
    before: int
    after: int


ASKED_FOR = (WaitingJoined, OfferAccepted, OfferDeclined, WaitingLeft, PoolResized)
