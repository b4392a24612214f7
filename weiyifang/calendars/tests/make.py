"""Rows for tests, made through the verbs."""

from __future__ import annotations

from django.test import Client

from weiyifang.calendars import services
from weiyifang.calendars.models import Link
from weiyifang.core.actors import Actor
from weiyifang.timetable import ical
from weiyifang.timetable.ical import CalendarEvent


def link(by: Actor, *, of: str = "", with_others: bool = False) -> tuple[Link, str]:
    """Somebody's calendar, and the address it is read under."""
    assert by.resident_id is not None
    made, secret = services.make(resident_id=by.resident_id, of=of, with_others=with_others, by=by)
    return made, address(secret)


def address(secret: str) -> str:
    return f"/c/nanhu/calendars/{secret}.ics"


def read(address: str) -> list[CalendarEvent]:
    """What a phone finds there: it sends no cookie and says nothing about whose it is."""
    answer = Client().get(address)
    assert answer.status_code == 200, answer.status_code
    found = ical.parse(answer.content)
    assert not found.bad
    return [*found.events]


def titles(address: str) -> list[str]:
    return [one.title for one in read(address)]
