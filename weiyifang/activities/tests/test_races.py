"""Many people at the same moment: nobody gets a seat that is gone, nobody gets two."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from unittest.mock import patch

import pytest
from django.db import IntegrityError, connection

from tests.concurrency import at_once
from weiyifang.activities import events, services, verify
from weiyifang.activities.models import Activity, Attendance, Enrollment, EnrollmentState, Method, Session
from weiyifang.activities.services import bringing, crowd, enrolling, planning
from weiyifang.activities.services.rows import new_enrollment
from weiyifang.activities.tests import make
from weiyifang.capacity import services as capacity
from weiyifang.capacity.models import Claim, PlacePool
from weiyifang.core import events as core_events
from weiyifang.core.actors import system
from weiyifang.core.ids import new_id
from weiyifang.core.models import TimelineEntry
from weiyifang.core.refusals import Refused
from weiyifang.core.server import database
from weiyifang.core.tenancy import fill_community
from weiyifang.people.models import Resident

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("here")]


LANES = 6  # as many at the same moment as the program has connections in one process, less the test's own two


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


def enroll(session: Session, person: Resident) -> Callable[[], Enrollment]:
    return partial(services.enroll, session=session, resident=person, by=system())


def test_sixty_people_and_twenty_one_seats() -> None:
    session, people = make.session(places=21), make.residents(60)
    results = rush([enroll(session, person) for person in people])
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

    def claim_without_counting(
        *, pool: PlacePool, holder: str, places: int = 1, fits: object = None, by: object
    ) -> Claim:
        if PlacePool.objects.get(pk=pool.pk).free < places:
            raise capacity.Full(free=0)
        claim = Claim(pool=pool, holder=holder, places=places, state="taken")
        fill_community([claim])
        claim.save(force_insert=True)
        return claim

    def claim_many_without_counting(
        *, pool: PlacePool, wanted: Sequence[tuple[str, int]], fits: object = None, by: object
    ) -> list[Claim]:
        return [claim_without_counting(pool=pool, holder=holder, places=places, by=by) for holder, places in wanted]

    with (
        patch.object(capacity, "claim", claim_without_counting),
        patch.object(capacity, "claim_many", claim_many_without_counting),
    ):
        rush([enroll(session, person) for person in people])
    assert Enrollment.objects.taking_a_place().count() > 21
    assert verify.check() != []


def serve(session: Session, asked: Sequence[tuple[Resident, int]]) -> list[Enrollment | Refused | None]:
    """What came of each who stands in one line for so many places."""

    def wish(person: Resident, places: int) -> crowd.Wish:
        enrollment = new_enrollment(session, person, places, "", EnrollmentState.CONFIRMED, by=system())
        return crowd.Wish(enrollment, session, system(), None, alone=enrolling._enroll_alone)

    return crowd.serve(session.pool_owner, [wish(person, places) for person, places in asked])


def outcomes(session: Session, asked: Sequence[tuple[Resident, int]]) -> list[str]:
    """In, to try alone, or a refusal."""
    found = serve(session, asked)
    return ["alone" if one is None else one.code if isinstance(one, Refused) else "in" for one in found]


def test_in_one_transaction_whoever_can_be_is_in_and_the_others_try_alone() -> None:
    session, (first, second, third, fourth) = make.session(places=4, party_size=9), make.residents(4)
    make.enroll(session, first)
    asked = [(first, 1), (second, 1), (third, 9), (second, 1), (fourth, 2)]
    assert outcomes(session, asked) == ["alone", "in", "SessionFull", "alone", "in"]
    assert set(Enrollment.objects.live().values_list("resident_id", "places")) == {
        (first.pk, 1),
        (second.pk, 1),
        (fourth.pk, 2),
    }
    assert make.pool(session).taken == 4
    assert TimelineEntry.objects.filter(verb="EnrollmentConfirmed").count() == 3
    assert verify.check() == []


def test_whoever_stands_in_line_behind_the_last_seat_hears_it_at_once() -> None:
    session, people = make.session(places=2), make.residents(4)
    asked = [(person, 1) for person in (people[0], people[1], people[2], people[0], people[3])]
    assert outcomes(session, asked) == ["in", "in", "SessionFull", "alone", "SessionFull"]


def test_when_another_process_was_faster_the_line_gets_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    session, (faster, *people) = make.session(places=3), make.residents(5)
    claim_many, comes = capacity.claim_many, [faster]

    def after_the_faster(**wanted: Any) -> Any:
        if comes:
            at_once(enroll(session, comes.pop()))
        return claim_many(**wanted)

    monkeypatch.setattr(capacity, "claim_many", after_the_faster)
    assert outcomes(session, [(person, 1) for person in people]) == ["in", "in", "SessionFull", "SessionFull"]
    assert make.pool(session).taken == 3
    assert TimelineEntry.objects.filter(verb="EnrollmentConfirmed").count() == 3
    assert verify.check() == []


def test_who_comes_too_late_hears_how_many_wait_already() -> None:
    session, people = make.session(places=1), make.residents(4)
    make.enroll(session, people[0])
    make.wait(session, people[1])
    refusals = serve(session, [(person, 1) for person in people[2:]])
    assert [str(refusal) for refusal in refusals] == [str(services.SessionFull(free=0, ahead=1))] * 2


@pytest.mark.parametrize("error", [services.OfferGone(), IntegrityError("somewhere else")])
def test_when_what_follows_fails_for_one_the_neighbours_get_their_seats(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, people = make.session(places=21), make.residents(12)

    def fail_for_one(event: events.EnrollmentConfirmed) -> None:
        if event.resident_id == people[5].pk:
            raise error

    monkeypatch.setattr(core_events, "_reactions", {events.EnrollmentConfirmed: [fail_for_one]})
    assert outcomes(session, [(person, 1) for person in people]) == ["alone"] * 12
    assert not Enrollment.objects.exists()
    assert not TimelineEntry.objects.filter(verb="EnrollmentConfirmed").exists()
    results = at_once(*[enroll(session, person) for person in people[:LANES]])
    assert [isinstance(result, Enrollment) for result in results] == [place != 5 for place in range(LANES)]
    assert make.pool(session).taken == LANES - 1
    assert verify.check() == []


def test_called_off_meanwhile_nobody_of_the_line_is_in() -> None:
    session, people = make.session(places=21), make.residents(3)
    asked = [(person, 1) for person in people]
    services.cancel_session(session=make.again(session), reason="停电", by=system())
    assert outcomes(session, asked) == ["alone"] * 3
    assert not Enrollment.objects.exists()
    assert make.pool(session).taken == 0


def test_one_person_pressing_ten_times_at_once_gets_one_seat() -> None:
    session, person = make.session(places=21), make.resident()
    results = rush([enroll(session, person) for _press in range(10)])
    assert sum(isinstance(result, Enrollment) for result in results) == 1
    assert {type(r) for r in results if not isinstance(r, Enrollment)} == {services.AlreadyEnrolled}
    assert make.pool(session).taken == 1


def test_whoever_enrols_while_it_is_called_off_is_not_forgotten() -> None:
    session, people = make.session(places=21), make.residents(8)
    calls: list[Callable[[], object]] = [enroll(session, person) for person in people]
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
    calls: list[Callable[[], object]] = [enroll(session, person) for person in people[1:]]
    calls.insert(2, lambda: services.cancel_enrollment(enrollment=first, by=system()))
    rush(calls)
    first.refresh_from_db()
    assert first.state == EnrollmentState.CANCELLED
    assert make.pool(session).taken <= 1
    assert verify.check() == []


def test_whoever_puts_themselves_on_a_list_at_the_same_moment_has_a_ticket_of_their_own() -> None:
    session, people = make.session(order="lottery", closes_hours=24, places=5), make.residents(24)
    rush([enroll(session, person) for person in people])
    assert {one.ticket for one in Enrollment.objects.all()} == {*range(1, 25)}
    assert (make.pool(session).taken, make.pool(session).waiting) == (0, 24)
    assert verify.check() == []


def test_however_many_press_at_once_the_seats_are_given_once() -> None:
    session = make.lottery(people=12, places=5)
    results = at_once(*[partial(services.draw, session=session, by=system()) for _press in range(LANES)])
    assert sum(isinstance(result, services.NothingToDraw) for result in results) == LANES - 1
    assert (make.pool(session).taken, make.pool(session).waiting) == (5, 7)
    assert TimelineEntry.objects.filter(verb="SeatsGiven").count() == 1
    assert verify.check() == []


@pytest.mark.parametrize("looks_again", [True, False], ids=["looks again", "control"])
def test_who_enrols_while_a_file_is_taken_back_stops_it(monkeypatch: pytest.MonkeyPatch, looks_again: bool) -> None:
    """The control: if nobody looked again, they would be called off in the next moment."""
    session, person, brought_in = make.session(), make.residents(1)[0], new_id()
    Activity.objects.update(brought_in=brought_in)
    looked, enrolled, cancel = threading.Event(), threading.Event(), planning.cancel

    def cancel_later(**given: Any) -> None:
        looked.set()
        assert enrolled.wait(10)
        cancel(**given)

    def enroll_then() -> Enrollment:
        assert looked.wait(10)
        row = services.enroll(session=session, resident=person, by=system())
        enrolled.set()
        return row

    monkeypatch.setattr(planning, "cancel", cancel_later)
    if not looks_again:
        monkeypatch.setattr(bringing, "_refuse_any", lambda found, in_use: None)
    taken_back, row = at_once(partial(services.take_back, brought_in=brought_in, by=system()), enroll_then)
    assert isinstance(taken_back, services.SomebodyEnrolled) is looks_again
    assert isinstance(row, Enrollment)
    assert Enrollment.objects.get(pk=row.pk).state == ("confirmed" if looks_again else "cancelled")
