"""Rows for tests, made through the verbs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from weiyifang.core import actors, clock
from weiyifang.core.actors import Actor
from weiyifang.people import queries as people_read
from weiyifang.people import services as people
from weiyifang.people.models import Purpose, Resident
from weiyifang.talents import services
from weiyifang.talents.models import Talent, TalentRequest


def words() -> None:
    """The community has published what talents say yes to."""
    if Purpose.TALENTS not in people_read.current_texts():
        people.publish_consent_text(purpose=Purpose.TALENTS, text="我愿意在能人榜上。", by=actors.system())


def resident(name: str = "王孃孃", born_on: date = date(1960, 3, 8), **details: Any) -> Resident:
    return people.register_resident(name=name, born_on=born_on, by=actors.system(), **details)


def talent(name: str = "拍照的", *, of: Resident | None = None, what: str = "给老人拍照", **details: Any) -> Talent:
    """Somebody who is on the list."""
    words()
    return services.put_down(resident=of or resident(name), what=what, agreed=True, by=actors.system(), **details)


def oneself(of: Resident) -> Actor:
    """A resident as the one who acts."""
    return Actor(community_id=of.community_id, resident_id=of.pk, name=of.name)


def at(days: int = 3, hour: str = "09:00") -> datetime:
    return clock.local(clock.today() + timedelta(days=days), hour)


def request(of: Talent, by: Resident | None = None, *, days: int | None = None, **details: Any) -> TalentRequest:
    """What a neighbour (any, if none is named) asks; so many days from today at nine for two hours, or at no time."""
    asker = by or resident("来请人的")
    times = {"starts_at": at(days), "ends_at": at(days, "11:00")} if days is not None else {}
    said = {"what": "给奶奶拍生日照", **times, **details}
    return services.ask(talent=of, resident=asker, by=oneself(asker), **said)


def accepted(of: Talent, by: Resident | None = None, **details: Any) -> TalentRequest:
    """What the talent said yes to."""
    return services.accept(request=request(of, by, **details), by=oneself(of.resident))
