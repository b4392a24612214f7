"""Jobs: each calls one service."""

from __future__ import annotations

from weiyifang.activities import services
from weiyifang.core.actors import system
from weiyifang.core.server.jobs import job


@job(every="* * * * *", due=services.draws_due)
def draw_due() -> None:
    """Give the seats wherever everybody stood in one list until enrolment closed."""
    services.draw_due(by=system())


@job(every="0 2 * * *")  # 10:00 in China
def remind() -> None:
    """Remind whoever comes tomorrow."""
    services.remind(by=system())
