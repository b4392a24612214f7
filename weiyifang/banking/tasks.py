"""Jobs: each calls one service."""

from __future__ import annotations

from weiyifang.banking import services
from weiyifang.core.server.jobs import job


@job(every="35 19 * * *")  # 3:35 at night in China
def forget_drafts() -> None:
    """Throw away uploaded statements that nobody said yes to."""
    services.forget_drafts()
