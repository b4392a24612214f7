"""Rows for tests, made through the verbs."""

from __future__ import annotations

from datetime import date
from typing import Any

from weiyifang.core import actors
from weiyifang.people import queries as people_read
from weiyifang.people import services as people
from weiyifang.people.models import Purpose, Resident
from weiyifang.volunteering import services
from weiyifang.volunteering.models import Team, Volunteer


def words() -> None:
    """The community has published what volunteers say yes to."""
    if Purpose.VOLUNTEERING not in people_read.current_texts():
        people.publish_consent_text(purpose=Purpose.VOLUNTEERING, text="我愿意做志愿者。", by=actors.system())


def resident(name: str = "王孃孃", born_on: date = date(1960, 3, 8)) -> Resident:
    return people.register_resident(name=name, born_on=born_on, by=actors.system())


def volunteer(name: str = "志愿者", *, of: Resident | None = None, **details: Any) -> Volunteer:
    """Somebody who signed up."""
    words()
    return services.sign_up(resident=of or resident(name), agreed=True, by=actors.system(), **details)


def team(name: str = "送餐队", *, organizer: str = "", leader: Resident | None = None) -> Team:
    return services.begin(name=name, purpose="中午送饭。", organizer=organizer, leader=leader, by=actors.system())
