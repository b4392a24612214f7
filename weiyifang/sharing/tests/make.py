"""What these tests are about, made through the verbs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.people import services as people
from weiyifang.people.models import Resident
from weiyifang.sharing import services
from weiyifang.sharing.models import Booking, Resource


def resource(name: str = "二楼手工教室", **details: Any) -> Resource:
    """A room for twenty, lent to everybody at once."""
    told: dict[str, Any] = {"kind": "room", "seats": 20, "borrowers": "everyone", **details}
    return services.add(by=system(), name=name, **told)


def stock(name: str = "折叠椅", pieces: int = 60, **details: Any) -> Resource:
    return resource(name, **{"kind": "equipment", "pieces": pieces, **details})


def hall() -> tuple[Resource, Resource, Resource]:
    """A hall and its two halves."""
    whole = resource("三楼大厅", seats=120)
    return whole, resource("三楼大厅左半厅", whole=whole), resource("三楼大厅右半厅", whole=whole)


def at(days: int = 1, hour: int = 14, minute: int = 0) -> datetime:
    """A moment some days from today."""
    return clock.local(clock.today() + timedelta(days=days), f"{hour:02}:{minute:02}")


def resident(name: str = "王孃孃") -> Resident:
    return people.register_resident(name=name, by=system())


def book(
    of: Resource, days: int = 1, hour: int = 14, hours: int = 2, *, by: Actor | None = None, **more: Any
) -> Booking:
    told = {"purpose": "排练", **more}
    return services.book(
        resource=of, starts_at=at(days, hour), ends_at=at(days, hour + hours), by=by or system(), **told
    )
