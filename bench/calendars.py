"""A person's calendar of a thousand dates, as a phone fetches it: asked, put together, sent.

    make bench ARGS=calendars

The dates are lessons of ten terms. "The library" is the same thousand events written by `icalendar`, without a
database, a page or an address looked up: by itself it takes about three times as long as the whole answer.
"""

from __future__ import annotations

from datetime import timedelta

from django.test import Client, override_settings
from icalendar import Calendar, Event

from bench.scratch import scratch_database
from bench.table import Row, compare
from weiyifang.activities import services as activities
from weiyifang.calendars import queries, services
from weiyifang.calendars.models import Link
from weiyifang.communities.services import open_community
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.tenancy import in_community, outside_any_community
from weiyifang.people import services as people
from weiyifang.timetable.diaries import Entry

NANHU, DATES, A_TERM = 500108002001, 1_000, 100


def run() -> list[Row]:
    """Measure on a database of its own."""
    with scratch_database(), override_settings(ALLOWED_HOSTS=["testserver"]):
        community = open_community(code=NANHU, slug="nanhu")
        with in_community(community):
            link, address = _with_dates()
            entries = queries.entries_of(link)
            assert len(entries) == DATES, len(entries)
        phone = Client()

        def fetched() -> None:
            answer = phone.get(address)
            assert answer.content.count(b"BEGIN:VEVENT") == DATES

        with outside_any_community():
            return [
                compare("a calendar of 1,000 dates", fetched, "icalendar writes it", lambda: _by_the_library(entries))
            ]


def _with_dates() -> tuple[Link, str]:
    account = people.make_account(username="diligent", name="好学的", phone="199 0000 1234", phone_verified=True)
    person = people.register_resident(name="好学的", by=system())
    people.link_account(resident=person, account=account, by=system())
    start = clock.local(clock.today() + timedelta(days=2), "09:00")
    for term in range(DATES // A_TERM):
        of = activities.plan(title=f"书法班{term}", place="二楼书画室", places=20, mode="term", by=system())
        times = [start + timedelta(days=3 * lesson, hours=term) for lesson in range(A_TERM)]
        activities.add_sessions(activity=of, spans=[(at, at + timedelta(minutes=50)) for at in times], by=system())
        activities.publish(activity=of, by=system())
        activities.enroll(session=of.sessions.get(number=1), resident=person, by=system())
    oneself = Actor(community_id=person.community_id, account_id=account.pk, resident_id=person.pk)
    link, secret = services.make(resident_id=person.pk, by=oneself)
    return link, f"/c/nanhu/calendars/{secret}.ics"


def _by_the_library(entries: list[Entry]) -> bytes:
    calendar = Calendar()
    for one in entries:
        event = Event()
        event.add("uid", one.uid)
        event.add("dtstamp", one.made_at)
        event.add("dtstart", one.starts_at)
        event.add("dtend", one.ends_at)
        event.add("summary", one.title)
        event.add("location", one.place)
        event.add("sequence", one.sequence)
        event.add("status", "CONFIRMED")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
