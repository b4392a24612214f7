"""What these tests are about, made through the verbs."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.people import services as people
from weiyifang.people.models import Resident
from weiyifang.sharing import services
from weiyifang.sharing.models import Application, Booking, Resource, Round


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


FIRST, LAST = date(2026, 11, 2), date(2026, 11, 29)  # a season of four weeks, Monday to Sunday
CLOSED = date(2026, 10, 21)  # the day after the last on which organizations apply


def round_(*things: Resource, **more: Any) -> Round:
    """A season one can apply for."""
    told: dict[str, Any] = {"title": "十一月", "first_day": FIRST, "last_day": LAST, **more}
    closes_at = more.get("closes_at", clock.local(CLOSED, "00:00"))
    return services.open_round(resources=things, by=system(), **told | {"closes_at": closes_at})


def wish(of: Resource | str, weekday: int = 2, begins: int = 14, ends: int = 16) -> services.Wished:
    """A weekly slot of a thing, or of any of a kind."""
    resource, kind = (None, of) if isinstance(of, str) else (of, "")
    return services.Wished(resource=resource, kind=kind, weekday=weekday, begins=time(begins), ends=time(ends))


def apply(
    of: Round, organization: str, *wishes: services.Wished, slots: int = 1, by: Actor | None = None
) -> Application:
    return services.apply(
        round_=of, organization=organization, purpose="排练", slots_wanted=slots, wishes=wishes, by=by or system()
    )


def shared_out(of: Round, by: Actor | None = None) -> Round:
    """Applications have closed, and the slots are shared out."""
    with clock.at(clock.local(CLOSED, "09:00")):
        return services.share_out(round_=of, by=by or system())


def booked(of: Round, *, skip_taken: bool = False, by: Actor | None = None) -> services.Outcome:
    with clock.at(clock.local(CLOSED, "10:00")):
        return services.book_round(round_=of, skip_taken=skip_taken, by=by or system())
