"""Jobs of the clock."""

from __future__ import annotations

from weiyifang.capacity import queries, services
from weiyifang.core import actors
from weiyifang.core.server.jobs import job


@job(every="* * * * *", due=queries.homes_with_lapsed)
def expire_holds() -> None:
    """End holds, offers and queues whose time is over and hand their places on."""
    services.expire_due(by=actors.system())
