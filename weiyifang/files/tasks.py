"""Jobs: each calls one service."""

from __future__ import annotations

from weiyifang.core.server.jobs import job
from weiyifang.files import services


@job(every="50 19 * * *")  # 3:50 at night in China
def sweep() -> None:
    """Delete what belongs to nobody."""
    services.sweep()
