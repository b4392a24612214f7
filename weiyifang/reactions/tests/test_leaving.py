"""Whoever leaves the community leaves their seats to the next, and has them again if it was a mistake."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from weiyifang.activities import services as activities
from weiyifang.activities import verify
from weiyifang.activities.models import Enrollment, EnrollmentState, Method
from weiyifang.activities.tests import make
from weiyifang.capacity import queries as capacity
from weiyifang.capacity.models import WaitEntry
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.notices.models import Notice
from weiyifang.people import services as people
from weiyifang.people.models import Resident
from weiyifang.people.terms import way_back
from weiyifang.sharing.models import BookingState
from weiyifang.sharing.tests import make as sharing_make
from weiyifang.talents import verify as talents_verify
from weiyifang.talents.models import Talent, TalentRequest
from weiyifang.talents.tests import make as talents_make
from weiyifang.timetable.models import Allocation
from weiyifang.volunteering import services as volunteering
from weiyifang.volunteering.models import Slot, Volunteer
from weiyifang.volunteering.tests import make as volunteering_make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]

CONFIRMED, WAITING, CANCELLED = EnrollmentState.CONFIRMED, EnrollmentState.WAITING, EnrollmentState.CANCELLED


def states(who: Resident) -> list[str]:
    return list(Enrollment.objects.filter(resident=who).order_by("id").values_list("state", flat=True))


def test_who_leaves_gives_back_what_is_to_come_and_nothing_else() -> None:
    who, next_in_line = make.resident("要走的"), make.resident("下一位")
    over = make.session(days=1)
    make.enroll(over, who)
    with clock.at(over.starts_at):
        activities.check_in(session=over, resident=who, method=Method.QR, by=system())
    with clock.at(over.ends_at):
        seat, term, queue = make.session(places=1, offer_hours=0), make.session(mode="term"), make.session(places=1)
        make.enroll(seat, who)
        make.wait(seat, next_in_line)
        make.enroll(term, who)
        make.enroll(queue)
        make.wait(queue, who)
        people.mark_left(resident=who, by=system())
        assert states(who) == [CONFIRMED, CANCELLED, CANCELLED, CANCELLED]
        assert states(next_in_line) == [CONFIRMED], "in the same moment"
        assert verify.check() == []


def test_who_was_marked_by_mistake_has_again_what_can_be_had() -> None:
    who, rival = make.resident("没走的"), make.resident("抢到的")
    free, gone, off, queue = (make.session(places=1, title=title) for title in ("空着", "没了", "取消了", "排队"))
    for session in (free, gone, off):
        make.enroll(session, who)
    make.enroll(queue)
    turn = make.wait(queue, who)
    own = make.enroll(make.session(), who)
    activities.cancel_enrollment(enrollment=own, by=system())
    people.mark_left(resident=who, by=system())
    behind = make.wait(queue, rival)
    make.enroll(gone, rival)
    activities.cancel_session(session=off, reason="停水", by=system())
    people.mark_returned(resident=who, by=system())
    assert states(who) == [CONFIRMED, CANCELLED, CANCELLED, WAITING, CANCELLED], "the last they gave up themselves"
    assert ranks_of(turn, behind) == [1, 2], "the turn is where it was"
    assert verify.check() == []


def test_who_comes_back_after_a_month_has_no_seats_of_before() -> None:
    who, session = make.resident(), make.session(days=60)
    make.enroll(session, who)
    people.mark_left(resident=who, by=system())
    with clock.at(clock.now() + way_back() + timedelta(minutes=1)):
        people.mark_returned(resident=who, by=system())
    assert states(who) == [CANCELLED]


def test_who_left_cannot_be_enrolled_until_they_are_back() -> None:
    who, session = make.resident(), make.session(places=1)
    gone = people.mark_left(resident=who, by=system())
    with pytest.raises(activities.NoLongerHere):
        make.enroll(session, gone)
    make.enroll(session, people.mark_returned(resident=gone, by=system()))


def test_who_is_forgotten_leaves_their_seats_too() -> None:
    who, session = make.resident(), make.session(places=1)
    make.enroll(session, who)
    people.erase_person(resident=who, by=system())
    assert make.pool(session).taken == 0
    assert verify.check() == []


def ranks_of(*turns: Enrollment) -> list[int | None]:
    holders = [f"activities.enrollment:{turn.pk}" for turn in turns]
    entries = {entry.holder: entry for entry in WaitEntry.objects.filter(holder__in=holders)}
    return [capacity.rank(entries[holder]) for holder in holders]


@pytest.mark.parametrize("ends", [people.mark_left, people.erase_person])
def test_who_booked_what_a_keeper_answers_and_has_a_seat_gives_both_back_in_the_one_order(
    cast: dict[str, Actor], resident_of: Callable[[str], Resident], ends: Callable[..., Resident]
) -> None:
    """The guard of locks watches it: the keeper's notice is put away after the seat is free."""
    who, session = resident_of("resident"), make.session(places=1)
    make.enroll(session, who)
    room = sharing_make.resource(needs_approval=True)
    booking = sharing_make.book(room, resident=who, by=cast["resident"])
    asked = Notice.objects.filter(kind="booking_to_answer")
    assert asked.filter(done_at=None).exists()
    ends(resident=who, by=system())
    booking.refresh_from_db()
    assert (make.pool(session).taken, booking.state) == (0, BookingState.CANCELLED)
    assert not asked.filter(done_at=None).exists()
    assert not Notice.objects.filter(resident_id=who.pk).exists(), "who leaves or is forgotten is told nothing"


def test_who_helps_and_booked_gives_both_back_in_the_one_order() -> None:
    """The guard of locks (`tests/lock_order.py`) watches it."""
    team = volunteering_make.team()
    who = volunteering_make.home(volunteering_make.member(team, "要走的"))
    need = volunteering_make.shift(team).needs.get()
    volunteering.assign(need=need, resident=who, by=system())
    booking = sharing_make.book(sharing_make.resource(), resident=who)
    people.mark_left(resident=who, by=system())
    need.refresh_from_db()
    booking.refresh_from_db()
    assert (need.taken, booking.state) == (0, BookingState.CANCELLED)
    assert not Allocation.objects.live().exists()
    assert not Slot.objects.live().exists()
    assert not Volunteer.objects.active().exists()


@pytest.mark.parametrize("ends", [people.mark_left, people.erase_person])
def test_who_promised_something_and_booked_gives_both_up_in_the_one_order(ends: Callable[..., Resident]) -> None:
    """The guard of locks (`tests/lock_order.py`) watches it."""
    one = talents_make.talent("要走的")
    promised = talents_make.accepted(one, days=3)
    asked = talents_make.accepted(talents_make.talent("留下的"), one.resident, days=4)
    booking = sharing_make.book(sharing_make.resource(), resident=one.resident)
    ends(resident=one.resident, by=system())
    booking.refresh_from_db()
    assert booking.state == BookingState.CANCELLED
    assert not TalentRequest.objects.filter(pk__in=[promised.pk, asked.pk]).open().exists()
    assert not Allocation.objects.live().exists()
    assert Talent.objects.listed().count() == 1
    assert talents_verify.check() == []
