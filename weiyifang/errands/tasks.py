"""Jobs: each calls one service."""

from __future__ import annotations

from uuid import UUID

from weiyifang.core.server.jobs import job
from weiyifang.errands import services


@job(queue="errands", alone=True)
def carry_out(errand_id: str) -> None:
    """Do what somebody asked for."""
    services.carry_out(errand_id=UUID(errand_id))


@job(every="55 19 * * *")  # 3:55 at night in China
def forget_old() -> None:
    """Throw away files whose days are over, and what was sought for with them."""
    services.forget_old()
