"""What `weiyifang verify` finds: a planted fault of every kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from weiyifang.activities import services, verify
from weiyifang.activities.models import Attendance, Enrollment, Method, Session
from weiyifang.activities.tests import make
from weiyifang.capacity.models import Claim, PlacePool
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.core.ids import new_id
from weiyifang.people.models import Resident
from weiyifang.timetable.models import Allocation

pytestmark = pytest.mark.usefixtures("here")


def checks() -> set[str]:
    return {fault.check for fault in verify.check()}


def a_good_day() -> Session:
    session = make.session(days=0, hours=2, places=2)
    people = make.residents(3)
    make.enroll(session, people[0])
    make.enroll(session, people[1])
    make.wait(session, people[2])
    services.check_in(session=session, resident=people[0], method=Method.QR, by=system())
    return session


def plant_places_taken_for_nobody() -> None:
    PlacePool.objects.update(taken=1)


def plant_a_claim_without_enrolment() -> None:
    Claim.objects.filter(pk=Claim.objects.order_by("id")[0].pk).update(holder=f"activities.enrollment:{new_id()}")


def plant_an_enrolment_that_only_seems_to_wait() -> None:
    Enrollment.objects.waiting().update(state="cancelled")


def plant_an_enrolment_in_a_date_called_off() -> None:
    Session.objects.update(state="cancelled", cancel_reason="x")


def plant_a_person_counted_twice() -> None:
    row = Attendance.objects.get()
    _copy(row, turn=row.turn + 1)


def plant_a_seat_of_somebody_who_left() -> None:
    make.enroll(make.session())
    Resident.objects.update(left_on=clock.today())


def plant_more_people_than_seats() -> None:
    row = Attendance.objects.get()
    _copy(row, resident_id=make.resident("别人").pk, people=2)


def plant_a_void_of_something_else() -> None:
    row = Attendance.objects.get()
    _copy(row, people=-1, voids_id=row.pk, resident_id=make.resident("别人").pk)


def plant_a_lesson_charged_to_no_pupil() -> None:
    _copy(Attendance.objects.get(), resident_id=make.resident("别人").pk, fee_fen=2500)


def plant_a_date_missing_from_the_count() -> None:
    Session.objects.update(number=2)


def plant_a_room_that_was_not_taken() -> None:
    make.session()
    Allocation.objects.filter(subject_kind="place").delete()


def plant_a_room_taken_alone_that_is_shared() -> None:
    make.session()
    Allocation.objects.filter(subject_kind="place").update(is_shared=False)


def plant_a_room_taken_for_no_date() -> None:
    make.session()
    row = Allocation.objects.filter(subject_kind="place").last()
    assert row is not None
    row.pk, row.source = new_id(), f"activities.session:{new_id()}"
    row.save(force_insert=True)


def plant_a_date_that_moved_alone() -> None:
    make.session()
    Session.objects.to_come().update(ends_at=F("ends_at") + timedelta(minutes=1))


def _copy(row: Attendance, **changed: object) -> None:
    fields: dict[str, Any] = {"session_id": row.session_id, "resident_id": row.resident_id, "method": row.method}
    fields |= {"happened_at": clock.now(), "nonce": new_id(), **changed}
    Attendance(**fields).save(force_insert=True)


@pytest.mark.parametrize(
    ("plant", "found"),
    [
        (plant_places_taken_for_nobody, "activities.seats"),
        (plant_a_claim_without_enrolment, "activities.claims"),
        (plant_an_enrolment_that_only_seems_to_wait, "activities.queue"),
        (plant_an_enrolment_in_a_date_called_off, "activities.called_off"),
        (plant_a_person_counted_twice, "activities.counted_once"),
        (plant_a_seat_of_somebody_who_left, "activities.left"),
        (plant_more_people_than_seats, "activities.counted_once"),
        (plant_a_void_of_something_else, "activities.voids"),
        (plant_a_lesson_charged_to_no_pupil, "activities.lessons"),
        (plant_a_date_missing_from_the_count, "activities.numbers"),
        (plant_a_room_that_was_not_taken, "activities.bookings"),
        (plant_a_room_taken_alone_that_is_shared, "activities.bookings"),
        (plant_a_room_taken_for_no_date, "activities.bookings"),
        (plant_a_date_that_moved_alone, "activities.bookings"),
    ],
)
def test_a_planted_fault_is_found(plant: Callable[[], None], found: str) -> None:
    a_good_day()
    assert checks() == set()
    plant()
    assert found in checks()
