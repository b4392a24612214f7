"""Jobs: what the calendar brings about and no fact announces."""

from __future__ import annotations

from weiyifang.core.server.jobs import job
from weiyifang.reactions import notices


@job(every="30 1 * * *")  # 9:30 in China
def remind_of_months() -> None:
    """Tell whoever seals months that one is over and still open."""
    notices.remind_of_month()
