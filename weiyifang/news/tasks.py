"""Jobs of the paper."""

from __future__ import annotations

from weiyifang.core.server.jobs import job
from weiyifang.news import services


@job(every="40 18 * * *")  # 2:40 at night in China
def forget_readers() -> None:
    """Forget who read what long enough ago."""
    services.forget_readers()
