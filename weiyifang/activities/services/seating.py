"""The pools of seats behind dates and terms: opened, resized, and closed in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from weiyifang.activities import closing, groups
from weiyifang.activities.models import Activity, Session, SessionState
from weiyifang.activities.services import drawing, shares
from weiyifang.capacity import queries
from weiyifang.capacity import services as capacity
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.look.wording import as_day
from weiyifang.core.tenancy import source_of


def open_for_term(activity: Activity, *, by: Actor) -> None:
    """Seats of a term, whose queue ends with its last date (see `close_in_time`)."""
    _open(activity, source_of(activity), by=by)
    drawing.prepare(activity, [None])


def open_for_dates(activity: Activity, sessions: Sequence[Session], *, by: Actor) -> None:
    """Seats of each of these new dates, if one enrols for dates at all."""
    if activity.places and not activity.is_term:
        for (minutes, hours), together in groupby(sessions, key=_dated):  # another rule may begin in between
            capacity.open_pools(
                owners={source_of(session): closing.closes_at(session.starts_at) for session in together},
                places=activity.places,
                name=activity.title,
                offer_hours=activity.offer_hours,
                gather_hours=hours,
                least_minutes=minutes,
                collects=activity.collects,
                by=by,
            )
        drawing.prepare(activity, sessions)
        if activity.shares:
            _share_out(activity, sessions, by=by)


def _share_out(activity: Activity, sessions: Sequence[Session], *, by: Actor) -> None:
    pools = {pool.owner: pool for pool in queries.pools_of([source_of(session) for session in sessions])}
    shares.share_out(activity, pools, sessions, by=by)


def _dated(session: Session) -> tuple[int, int]:
    """Minutes to answer an offer at least, and hours for which seats are kept for a group."""
    day = as_day(session.starts_at)
    return closing.rule_on(day).answer_minutes, groups.rule_on(day).gather_hours


def close_in_time(activity: Activity, sessions: Sequence[Session] = (), *, by: Actor) -> None:
    """Let queues end before the start: each of these dates' own, or that of a term before its last planned date.

    And let what is kept for some of these dates open as long before their start as ever.
    """
    if activity.is_term:
        last = Session.objects.filter(activity=activity, state=SessionState.PLANNED).order_by("-starts_at").first()
        starts = {source_of(activity): last.starts_at} if last is not None else {}
    else:
        starts = {source_of(session): session.starts_at for session in sessions}
    for pool in queries.pools_of(starts):
        start = starts[pool.owner]
        least = closing.rule_on(as_day(start)).answer_minutes
        capacity.close_at(pool=pool, closes_at=closing.closes_at(start), least_minutes=least, by=by)
        shares.move_openings(activity, pool, start, by=by)


def reseat(activity: Activity, *, is_reordered: bool = False, is_shared_anew: bool = False, by: Actor) -> None:
    """Give the pools of the term, or of the dates still to come, the number of seats the activity has now.

    `is_reordered`: and give them in the order it has now. `is_shared_anew`: and keep what it keeps now.
    """
    if activity.is_term:
        owners: dict[str, datetime | None] = {source_of(activity): None}
    else:
        owners = {source_of(one): one.starts_at for one in Session.objects.to_come().filter(activity=activity)}
    pools = {pool.owner: pool for pool in queries.pools_of(owners)}
    for owner, starts_at in owners.items():
        if owner in pools:
            if is_shared_anew:
                capacity.share_out(pool=pools[owner], shares=[], by=by)
            capacity.resize(pool=pools[owner], places=activity.places, by=by)
        else:
            _open(activity, owner, starts_at, by=by)
    if is_reordered:
        drawing.reorder(activity, list(pools.values()), by=by)
    if activity.is_term:
        close_in_time(activity, by=by)
    elif activity.places and (is_shared_anew or (activity.shares and owners.keys() - pools.keys())):
        coming = Session.objects.to_come().filter(activity=activity)
        _share_out(activity, [one for one in coming if is_shared_anew or source_of(one) not in pools], by=by)


def reseat_visits(activity: Activity, *, by: Actor) -> None:
    """Give the lessons still to come at which somebody visits the seats for visits that the class has now.

    Raises `capacity`'s `BelowTaken`. The others get theirs with the first visit.
    """
    lessons = Session.objects.to_come().filter(activity=activity)
    for pool in queries.pools_of([source_of(one) for one in lessons]):
        capacity.resize(pool=pool, places=activity.guest_seats, by=by)


def _open(activity: Activity, owner: str, starts_at: datetime | None = None, *, by: Actor) -> None:
    if activity.places:
        capacity.open_pool(
            owner=owner,
            places=activity.places,
            name=activity.title,
            offer_hours=activity.offer_hours,
            gather_hours=groups.rule_on(as_day(starts_at or clock.now())).gather_hours,
            closes_at=closing.closes_at(starts_at) if starts_at is not None else None,
            least_minutes=closing.rule_on(as_day(starts_at or clock.now())).answer_minutes,
            collects=activity.collects,
            by=by,
        )
