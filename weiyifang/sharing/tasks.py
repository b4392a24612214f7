"""Jobs of the clock."""

from __future__ import annotations

from weiyifang.core import actors
from weiyifang.core.server.jobs import job
from weiyifang.sharing import queries, services


@job(every="* * * * *", due=queries.homes_with_unanswered)
def lapse_unanswered() -> None:
    """Close what was asked for and not answered in time."""
    services.lapse_due(by=actors.system())


@job(every="*/10 * * * *", due=queries.homes_with_overdue)
def tell_overdue() -> None:
    """Say of what is not back that it should be."""
    services.tell_overdue(by=actors.system())
