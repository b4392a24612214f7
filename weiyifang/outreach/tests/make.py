"""Rows for tests, made through the verbs."""

from __future__ import annotations

from datetime import date
from typing import Any

from weiyifang.activities import services as activities
from weiyifang.activities.models import Method
from weiyifang.activities.tests import make as activity
from weiyifang.core import actors
from weiyifang.core.actors import Actor
from weiyifang.outreach import services
from weiyifang.outreach.models import Contact, Grid
from weiyifang.people import queries as people_read
from weiyifang.people import services as people
from weiyifang.people.actors import actor_for
from weiyifang.people.models import Account, Purpose, Resident
from weiyifang.people.services import Door

COMPOUND = "清水溪小区"


def door(building: str = "1", number: str = "1-1", compound: str = COMPOUND) -> Door:
    return Door(compound, building, "1", number)


def resident(
    name: str = "何大爷", *, at: Door | None = None, born_on: date | None = date(1950, 1, 2), **more: Any
) -> Resident:
    """Somebody behind a door of the compound."""
    return people.register_resident(name=name, born_on=born_on, address=at or door(), by=actors.system(), **more)


def grid(name: str = "一网格", *, buildings: str = "", compound: str = COMPOUND) -> Grid:
    """A grid of these buildings, in which somebody lives; empty: without any."""
    made = services.make_grid(name=name, by=actors.system())
    if buildings:
        services.put_buildings_in(grid=made, compound=compound, buildings=buildings, by=actors.system())
    return made


def worker(of: Grid, account: Account) -> Actor:
    """Whoever looks after it, as the one who acts."""
    services.let_look_after(grid=of, account=account, by=actors.system())
    return actor_for(Account.objects.get(pk=account.pk))


def agreed(name: str = "何大爷", **more: Any) -> Resident:
    """Somebody who said yes to health and identity details."""
    one = resident(name, **more)
    texts = people_read.current_texts()
    text = texts.get(Purpose.SENSITIVE) or people.publish_consent_text(
        purpose=Purpose.SENSITIVE, text="可以记下我需要什么。", by=actors.system()
    )
    people.give_consent(resident=one, text=text, by=actors.system())
    return one


def contact(of: Resident, outcome: str = "visited", **more: Any) -> Contact:
    return services.note_contact(resident=of, outcome=outcome, by=actors.system(), **more)


def came(*people_: Resident, **details: Any) -> None:
    """They came to an activity that has begun (today, unless `days` says when)."""
    session = activity.session(**{"days": 0, "hours": -1, "title": "茶话会", **details})
    for one in people_:
        activities.check_in(session=session, resident=one, method=Method.ROSTER, by=actors.system())
