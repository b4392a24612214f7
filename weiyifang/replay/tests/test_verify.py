"""Who was reached in a year is counted in two ways, and where they differ `verify` says so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from weiyifang.activities import services as activities
from weiyifang.activities.models import Attendance, Method
from weiyifang.activities.tests import make as activity
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.server.database import as_owner
from weiyifang.governance import verify as every
from weiyifang.people import reaching
from weiyifang.replay import verify
from weiyifang.sharing import services as sharing
from weiyifang.sharing.models import Booking, BookingState
from weiyifang.sharing.tests import make as thing
from weiyifang.talents import services as talents
from weiyifang.talents.models import RequestState, TalentRequest
from weiyifang.talents.tests import make as talent
from weiyifang.volunteering import services as volunteering
from weiyifang.volunteering.models import Hours, HoursState
from weiyifang.volunteering.tests import make as volunteer

pytestmark = pytest.mark.usefixtures("here")


def lived(by: Actor) -> None:
    """Each way reached somebody, and each also tried to and did not."""
    session = activity.session(days=0, hours=-1)
    for name in ("来了的", "没来的"):
        activities.check_in(session=session, resident=activity.resident(name), method=Method.ROSTER, by=by)
    mistake = Attendance.objects.get(resident__name="没来的")
    activities.void_attendance(attendance=mistake, reason="记错了人", by=by)
    team = volunteer.team()
    approved, taken_back, _waits = (volunteer.hours(team, days=days) for days in (1, 2, 3))
    volunteering.approve_hours(hours=[approved, taken_back], by=by)
    taken_back.refresh_from_db()
    volunteering.take_back_hours(hours=taken_back, reason="记重了", by=by)
    with clock.at(clock.now() - timedelta(days=9)):
        yes, no = (talent.request(talent.talent(f"能人{n}"), talent.resident(f"请人的{n}"), days=2) for n in (1, 2))
        talents.accept(request=yes, by=by)
        talents.decline(request=no, answer="那天走不开", by=by)
        chairs = thing.stock()
        lent, _booked = (thing.book(chairs, resident=talent.resident(f"借的{n}")) for n in (1, 2))
    with clock.at(lent.starts_at):
        sharing.hand_over(booking=lent, by=by)


def reached() -> dict[str, int]:
    today = clock.today()
    return {way.code: reaching.times(today - verify.YEAR, today, only=way).total() for way in reaching.ways()}


def test_what_really_happened_is_counted_alike_and_what_did_not_in_neither_way() -> None:
    lived(system())
    assert reached() == {"activities": 1, "sharing": 1, "talents": 1, "volunteering": 1}
    assert verify.check() == []


def test_each_topic_that_reaches_people_is_counted_in_another_way_too() -> None:
    assert verify.AGAIN.keys() == {way.code for way in reaching.ways()}


@pytest.mark.django_db(transaction=True)
@pytest.mark.any_lock_order  # what an intruder does keeps no order
@pytest.mark.parametrize("way", ["volunteering", "talents", "sharing"])
def test_whoever_is_made_to_look_reached_behind_the_programs_back_is_found(way: str) -> None:
    lived(system())
    with as_owner(connection):
        {
            "volunteering": lambda: Hours.objects.filter(state=HoursState.NOTED).update(state=HoursState.APPROVED),
            "talents": lambda: TalentRequest.objects.update(state=RequestState.ACCEPTED),
            "sharing": lambda: Booking.objects.update(state=BookingState.OUT),
        }[way]()
    found = [fault for name, faults in every.run() if name == "replay" for fault in faults]
    assert [fault.where for fault in found][:2] == [way, "everybody"]
    assert any(fault.where.startswith("people.resident:") for fault in found)
