"""Jobs of oversight."""

from __future__ import annotations

from weiyifang.core.server.jobs import job
from weiyifang.governance import services


@job(every="45 18 * * *")  # 2:45 at night in China
def anchor() -> None:
    """Look at every row that can only be added, and keep the heads of the chains."""
    services.anchor()
