"""Jobs of the books."""

from __future__ import annotations

from weiyifang.core import actors, timekeeping
from weiyifang.core.server.jobs import job
from weiyifang.ledger import queries, services


@job(every="* * * * *", due=queries.homes_to_seal)
def seal() -> None:
    """Number and chain what was posted since the last minute."""
    if timekeeping.is_right():
        services.seal_new()


@job(every="30 18 * * *")  # 2:30 at night in China
def seal_all() -> None:
    """The same, looking at every transfer: one with an old id may have been committed late."""
    if timekeeping.is_right():
        services.seal_all()


@job(every="* * * * *", due=queries.homes_with_lapsed_holds)
def expire_holds() -> None:
    """Free what was set aside and not used in time."""
    services.expire_holds(by=actors.system())
