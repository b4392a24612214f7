"""Many people at the same moment: nobody gets a seat that is gone, nobody gets two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from unittest.mock import patch

import pytest
from django.db import connection

from tests.concurrency import at_once
from weiyifang.activities import services, verify
from weiyifang.activities.models import Attendance, Enrollment, EnrollmentState, Method, Session
from weiyifang.activities.tests import make
from weiyifang.capacity import services as capacity
from weiyifang.capacity.models import Claim, PlacePool
from weiyifang.core import database
from weiyifang.core.actors import system
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import fill_community
from weiyifang.people.models import Resident

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("here")]


LANES = 7  # as many at the same moment as the program has connections in one process, less the test's own


def rush(calls: Sequence[Callable[[], object]]) -> list[object]:
    """A crowd at a few doors: in each lane one after the other, the lanes at once. What each got, in order."""

    def lane(number: int) -> list[object]:
        got: list[object] = []
        for call in calls[number::LANES]:
            try:
                got.append(call())
            except Refused as refused:
                got.append(refused)
        return got

    results: list[object] = [None] * len(calls)
    for number, got in enumerate(at_once(*[partial(lane, number) for number in range(LANES)])):
        assert not isinstance(got, BaseException), got
        results[number::LANES] = got
    return results


def enrolling(session: Session, person: Resident) -> Callable[[], Enrollment]:
    return partial(services.enroll, session=session, resident=person, by=system())


def test_sixty_people_and_twenty_one_seats() -> None:
    session, people = make.session(places=21), make.residents(60)
    results = rush([enrolling(session, person) for person in people])
    refused = [result for result in results if not isinstance(result, Enrollment)]
    assert {type(result) for result in refused} == {services.SessionFull}
    assert (len(refused), Enrollment.objects.taking_a_place().count(), make.pool(session).taken) == (39, 21, 21)
    late = [person for person, result in zip(people, results, strict=True) if not isinstance(result, Enrollment)]
    queued = rush([partial(services.queue, session=session, resident=person, by=system()) for person in late])
    assert all(isinstance(result, Enrollment) for result in queued)
    assert make.pool(session).waiting == 39
    assert verify.check() == []


def test_without_the_pools_promise_the_same_sixty_get_too_many_seats() -> None:
    """The control: were claims not counted against the pool, this test's counterpart would notice."""
    session, people = make.session(places=21), make.residents(60)

    def claim_without_counting(*, pool: PlacePool, holder: str, places: int = 1, by: object) -> Claim:
        if PlacePool.objects.get(pk=pool.pk).free < places:
            raise capacity.Full(free=0)
        claim = Claim(pool=pool, holder=holder, places=places, state="taken")
        fill_community([claim])
        claim.save(force_insert=True)
        return claim

    with patch.object(capacity, "claim", claim_without_counting):
        rush([enrolling(session, person) for person in people])
    assert Enrollment.objects.taking_a_place().count() > 21
    assert verify.check() != []


def test_one_person_pressing_ten_times_at_once_gets_one_seat() -> None:
    session, person = make.session(places=21), make.resident()
    results = rush([enrolling(session, person) for _press in range(10)])
    assert sum(isinstance(result, Enrollment) for result in results) == 1
    assert {type(r) for r in results if not isinstance(r, Enrollment)} == {services.AlreadyEnrolled}
    assert make.pool(session).taken == 1


def test_whoever_enrols_while_it_is_called_off_is_not_forgotten() -> None:
    session, people = make.session(places=21), make.residents(8)
    calls: list[Callable[[], object]] = [enrolling(session, person) for person in people]
    calls.insert(4, lambda: services.cancel_session(session=make.again(session), reason="停电", by=system()))
    rush(calls)
    assert not Enrollment.objects.live().exists()
    assert make.pool(session).taken == 0
    assert verify.check() == []


def test_two_helpers_scan_the_same_person_at_once() -> None:
    session, person = make.session(days=0, hours=1), make.resident()
    scan = partial(services.check_in, session=session, resident=person, method=Method.QR, by=system())
    results = at_once(*[scan] * 6)
    assert sum(isinstance(result, Attendance) for result in results) == 1
    assert Attendance.objects.count() == 1


def test_two_scans_without_the_constraint_count_twice() -> None:
    """The control: the lock on the session alone does not count once; the unique constraint does."""
    session, person = make.session(days=0, hours=1), make.resident()
    with database.as_owner(connection), connection.cursor() as cursor:
        cursor.execute("DROP INDEX attendance_once")
    try:
        for _scan in range(2):
            services.check_in(session=session, resident=person, method=Method.QR, by=system())
        assert Attendance.objects.attendances() == 2
        assert [fault.check for fault in verify.check()] == ["activities.counted_once"]
    finally:
        with database.as_owner(connection), connection.cursor() as cursor:
            cursor.execute("TRUNCATE activities_attendance CASCADE")
            cursor.execute(
                "CREATE UNIQUE INDEX attendance_once"
                " ON activities_attendance (community_id, session_id, resident_id, turn)"
                " WHERE voids_id IS NULL AND resident_id IS NOT NULL"
            )


def test_a_seat_is_given_back_while_others_ask_for_it() -> None:
    session, people = make.session(places=1), make.residents(6)
    first = make.enroll(session, people[0])
    calls: list[Callable[[], object]] = [enrolling(session, person) for person in people[1:]]
    calls.insert(2, lambda: services.cancel_enrollment(enrollment=first, by=system()))
    rush(calls)
    first.refresh_from_db()
    assert first.state == EnrollmentState.CANCELLED
    assert make.pool(session).taken <= 1
    assert verify.check() == []
