"""What of a lesson's fee is the teacher's: shared to the fen when it is attended, told to whom it concerns."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from weiyifang.activities import queries, services, verify
from weiyifang.activities.export import held_on
from weiyifang.activities.models import Activity, Attendance, Enrollment, Method, Mode, Session, TeacherPart
from weiyifang.activities.tests import make
from weiyifang.activities.tests.test_lessons import words
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.models import TimelineEntry
from weiyifang.core.server.database import as_owner
from weiyifang.people.models import Resident
from weiyifang.people.privacy import Amount
from weiyifang.people.testing import ClientOf

pytestmark = pytest.mark.usefixtures("here")


def a_class(fee_fen: int = 2501, share: int = 3_333, teacher: Resident | None = None, **details: Any) -> Session:
    """The first lesson of a class, in an hour; a second is in a week."""
    who = teacher or make.resident("王老师")
    term = make.activity(
        mode=Mode.TERM, places=9, title="书法班", fee_fen=fee_fen, instructor=who, teacher_share=share, **details
    )
    first = make.date_of(term, days=0, hours=1)
    make.date_of(term, days=7)
    services.publish(activity=term, by=system())
    return make.again(first)


def come(lesson: Session, who: Resident | None = None) -> Attendance:
    pupil = make.enroll(lesson, who).resident
    return services.check_in(session=lesson, resident=pupil, method=Method.ROSTER, by=system())


@pytest.mark.parametrize(
    ("fee_fen", "points", "teacher_fen"),
    [(2501, 3_333, 834), (1, 5_000, 1), (2500, 10_000, 2500), (3, 1, 0), (2500, 0, 0)],
)
def test_a_fee_is_shared_to_the_fen(fee_fen: int, points: int, teacher_fen: int) -> None:
    come(a_class(fee_fen, points))
    fact = TimelineEntry.objects.get(verb="LessonAttended")
    assert (fact.values["fee_fen"], fact.values["fund_fen"]) == (fee_fen, fee_fen - teacher_fen)
    assert sum(row.amount_fen for row in TeacherPart.objects.all()) == teacher_fen
    assert verify.check() == []


def test_without_a_teacher_there_is_no_share_and_what_was_shared_stays_as_it_was() -> None:
    lesson = a_class()
    come(lesson)
    services.edit(activity=lesson.activity, teacher_share=5_000, instructor=make.resident("李老师"), by=system())
    come(make.again(lesson))
    services.edit(activity=Activity.objects.get(), instructor=None, by=system())
    come(make.again(lesson))
    with clock.at(lesson.starts_at):
        told = queries.taught(Activity.objects.get())
    assert told.teachers == [("王老师", 834), ("李老师", 1251)]
    assert (told.fee_fen, told.fund_fen, told.pupils) == (7503, 5418, 3)
    assert verify.check() == []


def test_what_was_taken_back_at_the_door_is_in_no_sum() -> None:
    lesson = a_class()
    came = come(lesson)
    services.void_attendance(attendance=came, reason="认错了人", by=system())
    with clock.at(lesson.starts_at):
        told = queries.taught(lesson.activity)
    assert (told.fee_fen, told.teacher_fen, told.fund_fen) == (0, 0, 0)
    assert verify.check() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.any_lock_order
def test_a_part_that_is_not_the_share_is_found() -> None:
    come(a_class())
    with pytest.raises(DatabaseError), transaction.atomic():
        TeacherPart.objects.update(amount_fen=1)
    with as_owner(connection):
        TeacherPart.objects.update(amount_fen=F("amount_fen") + 1)
    assert {fault.check for fault in verify.check()} == {"activities.teachers_share"}


def test_the_teacher_reads_whose_the_fees_are_as_a_page_and_as_a_table(
    client_of: ClientOf, cast: dict[str, Actor]
) -> None:
    me = Resident.objects.get(pk=cast["volunteer"].resident_id or "")
    lesson = a_class(2500, 4_000, teacher=me)
    come(lesson)
    pupil = Resident.objects.get(pk=cast["resident"].resident_id or "")
    come(lesson, pupil)
    address = f"/c/nanhu/activities/{lesson.activity.number}/lessons/"
    with clock.at(lesson.ends_at):
        text = words(client_of("volunteer").get(address))
        assert f"{me.name} 20.00" in text
        assert "30.00" in text
        assert client_of("resident").get(f"{address}?format=csv").status_code == 403
        answer: Any = client_of("volunteer").get(f"{address}?format=csv")
        last = b"".join(answer).decode("utf-8-sig").splitlines()[-1]
        assert last == "合计,2,50.00,20.00,30.00"
        card = f"/c/nanhu/activities/enrollments/{Enrollment.objects.get(resident=pupil).pk}/card/"
        answer = client_of("resident").get(f"{card}?format=csv")
        assert b"".join(answer).decode("utf-8-sig").splitlines()[-1] == "合计,1,,25.00"
        assert "40%" in words(client_of("visitor").get(f"/c/nanhu/activities/{lesson.activity.number}/"))


def test_a_teachers_own_copy_has_their_parts() -> None:
    teacher = make.resident("王老师")
    come(a_class(2500, 4_000, teacher=teacher))
    assert Amount(1000) in [value for row in held_on(teacher) for value in row.values()]


def test_a_share_is_typed_in_per_cent_and_only_of_a_term(client_of: ClientOf) -> None:
    sent = {
        "title": "国画班",
        "kind": "class",
        "audience": "everyone",
        "place": "二楼",
        "mode": "term",
        "places": "9",
        "party_size": "1",
        "fee_fen": "25",
        "teacher_share": "33.33",
        "cover": "tea",
        "offer_hours": "24",
    }
    client_of("staff").post("/c/nanhu/workbench/activities/new/", sent)
    made = Activity.objects.get()
    assert made.teacher_share == 3_333
    edit = f"/c/nanhu/workbench/activities/{made.number}/edit/"
    assert 'value="33.33"' in client_of("staff").get(edit).content.decode()
    answer = client_of("staff").post("/c/nanhu/workbench/activities/new/", {**sent, "mode": "session"})
    assert answer.status_code == 422
