"""Giving places back, the queue, and the way back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from weiyifang.activities import services, verify
from weiyifang.activities.models import Enrollment, EnrollmentState
from weiyifang.activities.tests import make
from weiyifang.capacity import services as capacity
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
