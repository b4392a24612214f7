"""Jobs: each calls one service."""

from __future__ import annotations

from weiyifang.activities import services
from weiyifang.core.actors import system
from weiyifang.core.server.jobs import job


@job(every="0 2 * * *")  # 10:00 in China
def remind() -> None:
    """Remind whoever comes tomorrow."""
    services.remind(by=system())
