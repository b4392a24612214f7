"""Verbs that lock the same rows, at the same moment: none stops the other (docs/adr/0025)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError, transaction

from tests.concurrency import at_once
from weiyifang.activities import services, verify
from weiyifang.activities.models import Enrollment, EnrollmentState, Session
from weiyifang.activities.services import leaving
from weiyifang.activities.tests import make
from weiyifang.capacity import services as capacity
from weiyifang.capacity.models import PlacePool
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.core.refusals import Refused
from weiyifang.people.models import Resident
from weiyifang.people.testing import ClientOf

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("here")]


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever gives a place back takes a moment for it: long enough for the other to come."""
    give_back = leaving._give_back

    def after_a_while(*args: object, **more: object) -> None:
        time.sleep(0.3)
        give_back(*args, **more)  # type: ignore[arg-type]  # a dictionary of plain values

    monkeypatch.setattr(leaving, "_give_back", after_a_while)


def an_offer_that_is_over(session: Session) -> Enrollment:
    """A place that came free was offered to the next, who let the time pass."""
    first = make.enroll(session, make.resident("先来的"))
    second = make.wait(session, make.resident("后来的"))
    services.cancel_enrollment(enrollment=first, by=system())
    return second


def leave(enrollment: Enrollment) -> None:
    services.cancel_enrollment(enrollment=Enrollment.objects.get(pk=enrollment.pk), by=system())


def expire() -> None:
    time.sleep(0.1)  # the one who leaves has begun
    capacity.expire_due(by=system())


def deadlocks(results: list[BaseException | None]) -> list[BaseException]:
    return [result for result in results if isinstance(result, OperationalError)]


@pytest.mark.usefixtures("slowly")
def test_one_leaves_in_the_moment_their_offer_lapses() -> None:
    session = make.session(places=1, offer_hours=2)
    offered = an_offer_that_is_over(session)
    with clock.at(clock.now() + timedelta(hours=3)):
        results = at_once(partial(leave, offered), expire)
    assert results == [None, None]
    assert Enrollment.objects.get(pk=offered.pk).state == EnrollmentState.CANCELLED
    assert verify.check() == []


@pytest.mark.usefixtures("slowly")
@pytest.mark.any_lock_order
def test_with_the_enrolment_locked_before_the_pool_the_two_stop_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(leaving, "_locked_pool", lambda owner: PlacePool.objects.filter(owner=owner).first())
    session = make.session(places=1, offer_hours=2)
    offered = an_offer_that_is_over(session)
    with clock.at(clock.now() + timedelta(hours=3)):
        results = at_once(partial(leave, offered), expire)
    assert len(deadlocks(results)) == 1, results


def test_many_leave_while_the_date_is_called_off() -> None:
    session, people = make.session(places=3), make.residents(4)
    rows = [make.enroll(session, person) for person in people[:3]] + [make.wait(session, people[3])]

    def call_off() -> None:
        services.cancel_session(session=make.again(session), reason="下雨", by=system())

    results = at_once(*[partial(leave, row) for row in rows], call_off)
    assert deadlocks(results) == []
    assert all(result is None or isinstance(result, Refused) for result in results), results
    assert set(Enrollment.objects.values_list("state", flat=True)) == {EnrollmentState.CANCELLED}
    assert make.pool(session).taken == 0
    assert verify.check() == []


def test_whoever_waits_too_long_hears_a_sentence_and_nothing_is_done(
    client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    session, who = make.session(places=1), resident_of("resident")
    browser = client_of("resident")
    browser.raise_request_exception = False
    waited = threading.Event()

    def hold_the_pool() -> None:
        with transaction.atomic():
            PlacePool.objects.select_for_update().get(owner=session.pool_owner)
            waited.wait(20)

    def ask() -> Any:
        time.sleep(0.2)
        try:
            return browser.post(
                f"/c/nanhu/activities/{session.activity.number}/{session.number}/enrollments/", {"who": str(who.pk)}
            )
        finally:
            waited.set()

    _held, answer = at_once(hold_the_pool, ask)
    assert not isinstance(answer, BaseException), answer
    assert answer.status_code == 503
    assert "再试" in answer.content.decode()
    assert not Enrollment.objects.exists()
