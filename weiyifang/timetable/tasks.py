"""Jobs of the clock."""

from __future__ import annotations

from weiyifang.core import actors
from weiyifang.core.server.jobs import job
from weiyifang.timetable import queries, services


@job(every="* * * * *", due=queries.homes_with_lapsed_holds)
def expire_allocations() -> None:
    """Release what was held and not confirmed in time."""
    services.expire_due(by=actors.system())
