"""Giving places back, the queue, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection

from weiyifang.activities import closing, services, verify
from weiyifang.activities.models import Enrollment, EnrollmentState, Method, Mode, Session, SessionState
from weiyifang.activities.tests import make
from weiyifang.capacity import services as capacity
from weiyifang.capacity import verify as capacity_verify
from weiyifang.capacity.models import Claim, ClaimState, PlacePool, WaitEntry
from weiyifang.communities.models import Community
from weiyifang.core import clock, timeline
from weiyifang.core.actors import system
from weiyifang.core.tenancy import source_of

pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture(autouse=True)
def every_promise_holds(here: Community) -> Iterator[None]:
    """After each test. What the queue's facts lead to stands in the table of reactions, as always."""
    yield
    assert verify.check() == []


def told(row: Enrollment) -> list[str]:
    return [entry.verb for entry in timeline.of(source_of(row))]


def fresh(row: Enrollment) -> Enrollment:
    return Enrollment.objects.select_related("activity", "session", "resident").get(pk=row.pk)


def test_a_seat_given_back_is_offered_to_the_next_in_line_at_once() -> None:
    session = make.session(places=1)
    first = make.enroll(session, make.resident("甲"))
    second, third = make.wait(session, make.resident("乙")), make.wait(session, make.resident("丙"))
    services.cancel_enrollment(enrollment=fresh(first), by=system())
    assert "EnrollmentOffered" in told(second)
    assert "EnrollmentOffered" not in told(third)
    services.accept_offer(enrollment=fresh(second), by=system())
    assert fresh(second).state == EnrollmentState.CONFIRMED


def test_an_offer_that_is_let_go_goes_to_the_next() -> None:
    session = make.session(places=1)
    first = make.enroll(session, make.resident("甲"))
    second, third = make.wait(session, make.resident("乙")), make.wait(session, make.resident("丙"))
    services.cancel_enrollment(enrollment=fresh(first), by=system())
    services.cancel_enrollment(enrollment=fresh(second), by=system())
    services.accept_offer(enrollment=fresh(third), by=system())
    assert make.pool(session).taken == 1


def test_an_offer_that_is_not_answered_lapses_and_cannot_be_taken_any_more() -> None:
    session = make.session(places=1, offer_hours=2)
    first, second = make.enroll(session, make.resident("甲")), make.wait(session, make.resident("乙"))
    services.cancel_enrollment(enrollment=fresh(first), by=system())
    with clock.at(clock.now().replace(hour=7)):
        with pytest.raises(services.OfferGone):
            services.accept_offer(enrollment=fresh(second), by=system())
        capacity.expire_due(by=system())
        assert fresh(second).state == EnrollmentState.LAPSED
        make.enroll(session, second.resident)  # and they may try again


def test_with_no_time_to_think_the_next_in_line_is_in_at_once() -> None:
    session = make.session(places=1, offer_hours=0)
    first, second = make.enroll(session, make.resident("甲")), make.wait(session, make.resident("乙"))
    services.cancel_enrollment(enrollment=fresh(first), by=system())
    assert fresh(second).state == EnrollmentState.CONFIRMED


def test_a_cancellation_can_be_taken_back_while_the_seat_is_free() -> None:
    session = make.session(places=1)
    enrollment = make.enroll(session)
    services.cancel_enrollment(enrollment=fresh(enrollment), by=system())
    services.undo_cancel(enrollment=fresh(enrollment), by=system())
    assert fresh(enrollment).state == EnrollmentState.CONFIRMED
    assert make.pool(session).taken == 1


def test_a_cancellation_cannot_be_taken_back_when_the_seat_is_gone() -> None:
    session = make.session(places=1)
    enrollment = make.enroll(session, make.resident("甲"))
    services.cancel_enrollment(enrollment=fresh(enrollment), by=system())
    make.enroll(session, make.resident("乙"))
    with pytest.raises(services.PlaceTaken):
        services.undo_cancel(enrollment=fresh(enrollment), by=system())


def test_a_cancellation_cannot_be_taken_back_after_enrolling_anew() -> None:
    session, person = make.session(places=2), make.resident()
    enrollment = make.enroll(session, person)
    services.cancel_enrollment(enrollment=fresh(enrollment), by=system())
    make.enroll(session, person)
    with pytest.raises(services.AlreadyEnrolled):
        services.undo_cancel(enrollment=fresh(enrollment), by=system())


def test_nothing_is_cancelled_after_it_began() -> None:
    session = make.session()
    enrollment = make.enroll(session)
    with clock.at(session.starts_at), pytest.raises(services.TooLateToCancel):
        services.cancel_enrollment(enrollment=fresh(enrollment), by=system())


def test_who_waits_can_leave_after_it_began() -> None:
    session = make.session(places=1)
    make.enroll(session, make.resident("甲"))
    waiting = make.wait(session, make.resident("乙"))
    with clock.at(session.starts_at + timedelta(minutes=5)):
        services.cancel_enrollment(enrollment=fresh(waiting), by=system())
    assert fresh(waiting).state == EnrollmentState.CANCELLED


def test_the_turn_in_the_queue_is_given_back_where_it_was() -> None:
    session = make.session(places=2)
    first = make.enroll(session, make.resident("甲"))
    make.enroll(session, make.resident("子"))
    second, third = make.wait(session, make.resident("乙")), make.wait(session, make.resident("丙"))
    before = WaitEntry.objects.get(holder=source_of(second))
    services.cancel_enrollment(enrollment=fresh(second), by=system())
    with clock.at(clock.now() + timedelta(minutes=9)):
        services.undo_cancel(enrollment=fresh(second), by=system())
        assert fresh(second).state == EnrollmentState.WAITING
        after = WaitEntry.objects.get(holder=source_of(second))
        assert (after.pk, after.joined_at, after.skips) == (before.pk, before.joined_at, before.skips)
        services.cancel_enrollment(enrollment=fresh(first), by=system())
    assert "EnrollmentOffered" in told(second)
    assert "EnrollmentOffered" not in told(third)


def test_a_turn_that_comes_back_to_a_seat_that_is_free_is_asked_at_once() -> None:
    session = make.session(places=1)
    first, second = make.enroll(session, make.resident("甲")), make.wait(session, make.resident("乙"))
    services.cancel_enrollment(enrollment=fresh(second), by=system())
    services.cancel_enrollment(enrollment=fresh(first), by=system())
    services.undo_cancel(enrollment=fresh(second), by=system())
    services.accept_offer(enrollment=fresh(second), by=system())
    assert fresh(second).state == EnrollmentState.CONFIRMED


def test_the_turn_is_not_had_twice_after_queueing_anew() -> None:
    session, person = make.session(places=1), make.resident("乙")
    make.enroll(session, make.resident("甲"))
    waiting = make.wait(session, person)
    services.cancel_enrollment(enrollment=fresh(waiting), by=system())
    make.wait(session, person)
    with pytest.raises(services.AlreadyEnrolled):
        services.undo_cancel(enrollment=fresh(waiting), by=system())


def test_an_offer_that_was_let_go_does_not_come_back() -> None:
    session = make.session(places=1)
    first, second = make.enroll(session, make.resident("甲")), make.wait(session, make.resident("乙"))
    services.cancel_enrollment(enrollment=fresh(first), by=system())
    services.cancel_enrollment(enrollment=fresh(second), by=system())
    with pytest.raises(services.OfferLetGo):
        services.undo_cancel(enrollment=fresh(second), by=system())


def test_ten_minutes_after_there_is_no_way_back() -> None:
    enrollment = make.enroll(make.session(places=1))
    services.cancel_enrollment(enrollment=fresh(enrollment), by=system())
    with clock.at(clock.now() + services.WAY_BACK), pytest.raises(services.WayBackOver):
        services.undo_cancel(enrollment=fresh(enrollment), by=system())


@pytest.mark.parametrize("what", ["the date", "the activity", "the term"])
def test_nobody_comes_back_to_what_was_called_off(what: str) -> None:
    mode = Mode.TERM if what == "the term" else Mode.SESSION
    session = make.session(places=1, mode=mode)
    given_up, dismissed = make.enroll(session, make.resident("甲")), make.resident("乙")
    services.cancel_enrollment(enrollment=fresh(given_up), by=system())
    other = make.enroll(session, dismissed)
    if what == "the date":
        services.cancel_session(session=make.again(session), reason="下雨", by=system())
    else:
        services.cancel(activity=session.activity, reason="下雨", by=system())
    for enrollment in (given_up, other):
        with pytest.raises(services.NothingToComeBackTo):
            services.undo_cancel(enrollment=fresh(enrollment), by=system())
    assert make.pool(session).taken == 0


def test_a_date_where_people_are_checked_in_is_not_called_off_until_each_is_undone() -> None:
    session = make.session(places=2, mode=Mode.TERM, fee_fen=2000)
    pupil = make.resident("甲")
    make.enroll(session, pupil)
    with clock.at(session.starts_at):
        came = services.check_in(session=session, resident=pupil, method=Method.ROSTER, by=system())
        with pytest.raises(services.PeopleCame):
            services.cancel_session(session=make.again(session), reason="停电", by=system())
        with pytest.raises(services.PeopleCame):
            services.cancel(activity=session.activity, reason="停电", by=system())
        services.void_attendance(attendance=came, reason="点错了", by=system())
        services.cancel_session(session=make.again(session), reason="停电", by=system())
    lesson = f"activities.attendance:{came.pk}"
    assert [entry.verb for entry in timeline.of(lesson)] == ["LessonVoided", "LessonAttended"]
    assert make.again(session).state == SessionState.CANCELLED


def a_full_date() -> tuple[Session, Enrollment, Enrollment]:
    """Two days from now: who has the one seat, and who waits for it."""
    session = make.session(places=1)
    return session, make.enroll(session, make.resident("有位子的")), make.wait(session, make.resident("在等的"))


def test_a_seat_that_comes_free_shortly_before_is_offered_until_the_queue_closes_not_past_the_start() -> None:
    session, first, second = a_full_date()
    with clock.at(session.starts_at - timedelta(hours=3)):
        services.cancel_enrollment(enrollment=fresh(first), by=system())
        entry = WaitEntry.objects.get(holder=source_of(second))
        assert entry.offer_expires_at == session.starts_at - timedelta(minutes=60)
    with clock.at(session.starts_at):
        with pytest.raises(services.OfferGone):
            services.accept_offer(enrollment=fresh(second), by=system())
        capacity.expire_due(by=system())
    assert fresh(second).state == EnrollmentState.LAPSED


def test_when_the_queue_closes_whoever_waits_is_told_and_no_seat_is_offered_any_more() -> None:
    session, first, second = a_full_date()
    with clock.at(session.starts_at - timedelta(minutes=60)):
        capacity.expire_due(by=system())
        assert fresh(second).state == EnrollmentState.UNREACHED
        assert told(second)[0] == "EnrollmentNotReached"
        services.cancel_enrollment(enrollment=fresh(first), by=system())
        with pytest.raises(services.OfferGone):
            services.accept_offer(enrollment=fresh(second), by=system())
        make.enroll(session, second.resident)  # a free seat goes to whoever asks
        with pytest.raises(services.FullAndClosed):
            make.enroll(session, make.resident("来晚的"))
        with pytest.raises(capacity.QueueClosed):
            make.wait(session, make.resident("也来晚的"))


def test_seats_added_during_the_event_are_offered_to_nobody() -> None:
    session, _first, second = a_full_date()
    with clock.at(session.starts_at + timedelta(minutes=10)):
        services.edit(activity=session.activity, places=5, by=system())
    assert "EnrollmentOffered" not in told(second)
    assert make.pool(session).held == 0


def test_the_queue_of_a_term_closes_with_its_last_date() -> None:
    session = make.session(places=1, mode=Mode.TERM)
    assert make.pool(session).closes_at == closing.closes_at(session.starts_at)
    last = make.date_of(session.activity, days=9)
    assert make.pool(session).closes_at == closing.closes_at(last.starts_at)
    services.cancel_session(session=make.again(last), reason="停电", by=system())
    assert make.pool(session).closes_at == closing.closes_at(session.starts_at)


def test_no_rule_lets_an_offer_run_past_the_start() -> None:
    with pytest.raises(closing.AnswerPastTheStart):
        closing.ClosingRule(since=clock.today(), closes_minutes=30, answer_minutes=30)


def test_queues_that_stood_before_there_was_an_end_get_one_on_upgrade() -> None:
    session, first, second = make.session(days=0, hours=3, places=1), *make.residents(2)
    gone, asked = make.enroll(session, first), make.wait(session, second)
    services.cancel_enrollment(enrollment=fresh(gone), by=system())
    term = make.session(places=1, mode=Mode.TERM)
    before = timedelta(hours=24) + clock.now()
    PlacePool.objects.update(closes_at=None)
    PlacePool.objects.filter(held=1).update(lapses_at=before)
    WaitEntry.objects.update(offer_expires_at=before)
    Claim.objects.filter(state=ClaimState.HELD).update(expires_at=before)
    upgrade = import_module("weiyifang.activities.migrations.0003_closing")
    with connection.cursor() as cursor:
        cursor.execute(upgrade.CLOSE)
        cursor.execute(upgrade.SHORTEN)
    assert make.pool(session).closes_at == closing.closes_at(session.starts_at)
    assert make.pool(term).closes_at == closing.closes_at(term.starts_at)
    entry = WaitEntry.objects.get(holder=source_of(asked))
    assert entry.offer_expires_at == make.pool(session).lapses_at == session.starts_at - timedelta(minutes=30)
    assert capacity_verify.check() == []
