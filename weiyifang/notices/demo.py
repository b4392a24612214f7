"""The demo's messages: what the year's facts told people goes its way, and volunteers work through the lists."""

from __future__ import annotations

from weiyifang.core.actors import Actor
from weiyifang.notices import queries, services
from weiyifang.notices.models import Route


class Nobody:
    """Takes every text message and sends none: the people of a demo are invented."""

    def send(self, phone: str, text: str, *, key: str = "", code: str = "", short: str = "") -> None:
        """Nothing goes out."""


def go_round(*, by: Actor) -> None:
    """Route what is new, note the text messages as sent, and tell everybody on the lists."""
    set_out()
    for route in (Route.PHONE, Route.DOOR):
        for delivery in queries.to_do(route):
            services.mark(delivery=delivery, by=by)


def set_out() -> None:
    """Route what is new, and note the text messages as sent."""
    while services.route_new():
        pass
    services.send_due(gateway=Nobody())
