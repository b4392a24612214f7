"""Jobs of the clock."""

from __future__ import annotations

from weiyifang.core import actors
from weiyifang.core.server.jobs import job
from weiyifang.talents import queries, services


@job(every="*/10 * * * *", due=queries.homes_with_overdue)
def lapse_unanswered() -> None:
    """Close what was asked of somebody who did not answer in time."""
    services.lapse_due(by=actors.system())
