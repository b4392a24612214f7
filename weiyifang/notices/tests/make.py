"""What these tests are about, made through the verbs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.core.tenancy import source_of
from weiyifang.notices import services
from weiyifang.notices.models import Notice
from weiyifang.people import queries as people_read
from weiyifang.people import services as people
from weiyifang.people.models import Purpose, Resident
from weiyifang.people.services import Door

HOME = Door("南湖路三号院", "3", "2", "5-1")


def resident(name: str = "王孃孃", **details: Any) -> Resident:
    """With a mobile and a door, and no account."""
    return people.register_resident(
        name=name, by=system(), **{"phone": "13800138000", "address": HOME, "born_on": date(1951, 3, 8), **details}
    )


def agreed(person: Resident) -> Resident:
    """They said yes to messages."""
    text = people_read.current_texts().get(Purpose.MESSAGES) or people.publish_consent_text(
        purpose=Purpose.MESSAGES, text="我们用短信告诉您活动的变动。", by=system()
    )
    people.give_consent(resident=person, text=text, by=system())
    return person


def told(person: Resident, kind: str = "called_off", *, until: datetime | None = None) -> Notice:
    """They are told that something is called off."""
    starts_at = clock.now() + timedelta(days=2)
    services.tell(
        kind=kind,
        about=source_of(person),
        residents=[person.pk],
        until=until,
        starts_at=starts_at,
        number=7,
        date=1,
    )
    return Notice.objects.filter(resident=person).latest("id")
