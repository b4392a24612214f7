"""Jobs of the fund."""

from __future__ import annotations

from weiyifang.core import actors
from weiyifang.core.server.jobs import job
from weiyifang.fund import queries, services


@job(every="9 * * * *", due=queries.homes_with_lapsed_approvals)
def lapse_approvals() -> None:
    """End the approvals that nobody used in time. Pages go by the clock and say so before."""
    services.lapse_approvals(by=actors.system())
