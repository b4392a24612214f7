"""Jobs of the clock."""

from __future__ import annotations

from weiyifang.core import actors
from weiyifang.core.server.jobs import job
from weiyifang.volunteering import services


@job(every="15 19 * * *")  # 3:15 at night in China
def pass_on_saved_time() -> None:
    """Let the saved time of whoever is gone for good go on, to whom they named or to the community."""
    services.pass_on_saved(by=actors.system())
