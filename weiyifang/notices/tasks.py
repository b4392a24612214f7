"""Jobs: each calls one service."""

from __future__ import annotations

from weiyifang.core.server.jobs import job
from weiyifang.core.tenancy import in_community
from weiyifang.notices import queries, services


@job(queue="messages", every="* * * * *", outside=True)
def deliver() -> None:
    """Take what is new on its way, and hand over the text messages that are due: one question for all communities."""
    for community_id in queries.homes_with_work():
        with in_community(community_id):
            services.route_new()
            services.send_due()


@job(every="35 19 * * *")  # 3:35 at night in China
def forget_old() -> None:
    """Throw away what was told long ago, and end what it became too late to tell."""
    services.drop_late()
    services.forget_old()
