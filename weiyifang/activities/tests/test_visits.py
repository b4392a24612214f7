"""One lesson of a class: on trial, and to make one up; a seat once, a fee once, earned by the pupil's own class."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

import pytest
from django.db.models import F

from weiyifang.activities import codes, queries, services, verify
from weiyifang.activities.models import Activity, Attendance, Enrollment, LessonLeave, Method, Mode, Session
from weiyifang.activities.tests import make
from weiyifang.capacity.services import BelowTaken
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.models import TimelineEntry
from weiyifang.people.models import Resident
from weiyifang.people.testing import ClientOf

pytestmark = pytest.mark.usefixtures("here")


class Classes(NamedTuple):
    """Two classes of one teacher. `missed` is tomorrow's lesson of the pupil's own; the other has two after it."""

    pupil: Enrollment
    missed: Session
    other: Activity
    first: Session
    second: Session


def a_class(title: str, teacher: Resident | None, *days: int, **details: Any) -> tuple[Activity, list[Session]]:
    found = make.activity(mode=Mode.TERM, places=9, title=title, instructor=teacher, **details)
    lessons = [make.date_of(found, days=day) for day in days]
    services.publish(activity=found, by=system())
    return found, [make.again(one) for one in lessons]


@pytest.fixture
def me(cast: dict[str, Actor]) -> Resident:
    assert cast["resident"].resident_id is not None
    return Resident.objects.get(pk=cast["resident"].resident_id)


@pytest.fixture
def two(me: Resident) -> Classes:
    teacher = make.resident("王老师")
    _own, (missed, *_later) = a_class("书法一班", teacher, 1, 8, fee_fen=2500)
    other, (first, second) = a_class("书法二班", teacher, 3, 5, fee_fen=4000, guest_seats=1, trials=True)
    pupil = make.enroll(missed, me)
    return Classes(
        Enrollment.objects.select_related("activity", "resident").get(pk=pupil.pk), missed, other, first, second
    )


def leave(two: Classes) -> LessonLeave:
    return services.take_leave(enrollment=two.pupil, lesson=two.missed, by=system())


def make_up(two: Classes, lesson: Session | None = None) -> Enrollment:
    who = two.pupil.resident
    return services.make_up(lesson=lesson or two.first, missed=two.missed, resident=who, by=system())


def come(lesson: Session, who: Resident) -> Attendance:
    with clock.at(lesson.starts_at):
        return services.check_in(session=make.again(lesson), resident=who, method=Method.ROSTER, by=system())


def test_a_trial_has_a_seat_of_its_lesson_costs_nothing_and_there_is_one(two: Classes) -> None:
    child = make.resident("小明")
    tried = services.try_lesson(lesson=two.first, resident=child, by=system())
    assert tried.visit_words == "试听"
    with pytest.raises(services.TriedAlready):
        services.try_lesson(lesson=two.second, resident=child, by=system())
    with pytest.raises(services.NoVisitSeat):
        services.try_lesson(lesson=two.first, resident=make.resident("晚来的"), by=system())
    assert make.pool(two.first).taken == 0, "no seat of the term is taken"
    assert come(two.first, child).fee_fen == 0
    assert verify.check() == []


def test_a_class_without_trials_and_a_date_that_is_no_lesson_are_not_tried(two: Classes) -> None:
    for lesson in (two.missed, make.session(days=3, guest_seats=2, trials=True)):
        with pytest.raises(services.NoTrials):
            services.try_lesson(lesson=lesson, resident=make.resident(), by=system())


def test_a_pupil_does_not_try_their_own_class_and_who_became_one_pays_as_one(two: Classes) -> None:
    with pytest.raises(services.NoTrials):
        services.try_lesson(lesson=two.missed, resident=two.pupil.resident, by=system())
    child = make.resident("小明")
    services.try_lesson(lesson=two.second, resident=child, by=system())
    make.enroll(two.first, child)
    other = make.enroll(two.first, make.resident("小红")).resident
    with pytest.raises(services.AlreadyEnrolled):
        services.try_lesson(lesson=two.first, resident=other, by=system())
    assert len([one for one in queries.roster(two.second).guests() if one.resident == child]) == 1
    assert come(two.second, child).fee_fen == 4000


def test_a_lesson_made_up_is_paid_once_at_the_fee_of_the_own_class_which_earns_it(two: Classes) -> None:
    leave(two)
    make_up(two)
    (line,) = [one.enrollment for one in queries.roster(two.first).guests()]
    assert line is not None
    assert line.visit_words == "补 10月15日 星期四“书法一班”的课"
    assert come(two.first, two.pupil.resident).fee_fen == 2500
    fact = TimelineEntry.objects.get(verb="LessonAttended")
    assert fact.values["activity_id"] == str(two.missed.activity_id)
    with clock.at(two.second.ends_at):
        card = queries.attended_by(two.pupil)
        assert (card.given, card.attended, card.made_up, card.fee_fen) == (1, 1, 1, 2500)
        assert (queries.taught(two.missed.activity).fee_fen, queries.taught(two.missed.activity).made_up) == (2500, 1)
        assert (queries.taught(two.other).fee_fen, queries.taught(two.other).people) == (0, 0)
        assert [one.visitors for one in queries.lessons_of_all(two.other)] == [1, 0]
    assert verify.check() == []


def test_whoever_was_let_in_early_does_not_give_the_seat_of_a_visit_back(two: Classes) -> None:
    leave(two)
    made = make_up(two)
    with clock.at(two.first.starts_at - timedelta(minutes=30)):
        services.check_in(session=two.first, resident=two.pupil.resident, method=Method.QR, by=system())
        with pytest.raises(services.CameAlready):
            services.cancel_enrollment(enrollment=made, by=system())


def test_what_a_pupil_makes_up_where_they_became_a_pupil_meanwhile_is_still_of_their_own_class(two: Classes) -> None:
    leave(two)
    make_up(two)
    make.enroll(two.second, two.pupil.resident)
    assert come(two.first, two.pupil.resident).fee_fen == 2500
    with clock.at(two.second.ends_at):
        assert (queries.taught(two.missed.activity).fee_fen, queries.taught(two.other).fee_fen) == (2500, 0)


def test_an_attendance_taken_back_is_taken_from_the_class_that_earned_it(two: Classes) -> None:
    leave(two)
    make_up(two)
    came = come(two.first, two.pupil.resident)
    with clock.at(two.first.starts_at):
        services.void_attendance(attendance=came, reason="认错了人", by=system())
    fact = TimelineEntry.objects.get(verb="LessonVoided")
    assert fact.values["activity_id"] == str(two.missed.activity_id)
    with clock.at(two.second.ends_at):
        assert queries.attended_by(two.pupil).fee_fen == queries.taught(two.missed.activity).fee_fen == 0


def test_only_a_lesson_excused_and_missed_is_made_up_and_only_once(two: Classes) -> None:
    with pytest.raises(services.NotMissedByThem):
        make_up(two)
    taken = leave(two)
    assert leave(two) == taken, "said twice, it is the same"
    made = make_up(two)
    with pytest.raises(services.MadeUpAlready):
        make_up(two, two.second)
    with pytest.raises(services.MadeUpAlready):
        services.end_leave(leave=taken, by=system())
    services.cancel_enrollment(enrollment=made, by=system())
    again = make_up(two, two.second)
    with pytest.raises(services.AlreadyEnrolled):
        services.undo_cancel(enrollment=Enrollment.objects.get(pk=made.pk), by=system())
    services.cancel_enrollment(enrollment=again, by=system())
    services.end_leave(leave=taken, by=system())
    come(two.missed, two.pupil.resident)
    with clock.at(two.missed.ends_at), pytest.raises(services.CameToIt):
        leave(two)
    assert verify.check() == []


def test_it_is_made_up_in_a_class_of_the_same_kind_and_teacher_within_the_days_of_the_rule(two: Classes) -> None:
    leave(two)
    _elsewhere, (lesson,) = a_class("国画班", make.resident("李老师"), 3, guest_seats=2)
    with pytest.raises(services.NotAParallelClass):
        make_up(two, lesson)
    _late, (lesson,) = a_class("书法三班", two.missed.activity.instructor, 62, guest_seats=2)
    with pytest.raises(services.TooLateToMakeUp):
        make_up(two, lesson)


def test_a_pupil_says_it_before_the_lesson_and_the_office_afterwards(two: Classes, cast: dict[str, Actor]) -> None:
    with clock.at(two.missed.ends_at):
        with pytest.raises(services.LessonHasBegun):
            services.take_leave(enrollment=two.pupil, lesson=two.missed, by=cast["resident"])
        services.take_leave(enrollment=two.pupil, lesson=two.missed, by=cast["staff"])
        make_up(two)
    with pytest.raises(services.NotTheirLesson):
        services.take_leave(enrollment=two.pupil, lesson=two.first, by=system())


def test_a_lesson_or_a_class_that_is_called_off_ends_its_visits(two: Classes) -> None:
    leave(two)
    made, tried = make_up(two), services.try_lesson(lesson=two.second, resident=make.resident(), by=system())
    services.cancel_session(session=two.first, reason="停电", by=system())
    assert Enrollment.objects.get(pk=made.pk).state == "cancelled"
    services.cancel(activity=two.other, reason="老师搬走了", by=system())
    assert Enrollment.objects.get(pk=tried.pk).state == "cancelled"
    assert verify.check() == []


def test_seats_for_visits_follow_the_class_but_not_below_those_given(two: Classes) -> None:
    services.try_lesson(lesson=two.first, resident=make.resident(), by=system())
    services.edit(activity=two.other, guest_seats=2, title="书法二班（周五）", by=system())
    services.try_lesson(lesson=make.again(two.first), resident=make.resident(), by=system())
    with pytest.raises(BelowTaken):
        services.edit(activity=two.other, guest_seats=1, by=system())


def test_verify_names_a_lesson_made_up_that_nobody_is_excused_from(two: Classes) -> None:
    leave(two)
    make_up(two)
    LessonLeave.objects.update(ended_at=F("asked_at"))
    assert {fault.check for fault in verify.check()} == {"activities.visits"}


# --- pages and programs -----------------------------------------------------------------------------------------


def words(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode().partition("<main")[2]))


def test_a_pupil_excuses_themselves_makes_the_lesson_up_and_shows_the_code(client_of: ClientOf, two: Classes) -> None:
    client, card = client_of("resident"), f"/c/nanhu/activities/enrollments/{two.pupil.pk}/card/"
    assert "来不了" in words(client.get(card))
    client.post(f"{card[:-5]}leaves/", {"lesson": two.missed.number})
    (taken,) = LessonLeave.objects.all()
    page = f"/c/nanhu/activities/{two.other.number}/visits/"
    assert f"{page}?missed={taken.pk}" in client.get(card).content.decode()
    answer = client.post(page, {"what": f"missed-{taken.pk}", "lesson": two.first.number}, follow=True)
    assert "补 10月15日" in words(answer)
    assert Enrollment.objects.get(makes_up=two.missed).code in words(answer)
    me = client.get("/c/nanhu/me/").content.decode()
    assert f'href="{page}"' in me, "it stands under what is to come"
    door = f"/c/nanhu/workbench/activities/{two.other.number}/{two.first.number}/"
    assert "补 10月15日" in words(client_of("staff").get(door))
    (line,) = client_of("staff").get(f"/c/nanhu/api/activities/{two.other.number}/1/roster").json()
    assert line["visit"].startswith("补")


def test_who_scans_the_code_at_the_door_of_a_lesson_they_visit_is_let_in(client_of: ClientOf, two: Classes) -> None:
    leave(two)
    make_up(two)
    with clock.at(two.first.starts_at):
        address = f"/c/nanhu/activities/{two.other.number}/1/arrival/{codes.door_code(two.first)}/"
        client_of("resident").post(address, {"who": [str(two.pupil.resident_id)]})
    assert Attendance.objects.get().resident_id == two.pupil.resident_id


def test_the_desk_takes_a_trial_for_who_calls_and_nobody_else_does(client_of: ClientOf, two: Classes) -> None:
    child = make.resident("小明")
    page = f"/c/nanhu/activities/{two.other.number}/visits/?for={child.number}"
    sent = {"what": f"trial-{child.pk}", "lesson": two.first.number}
    assert client_of("volunteer").post(page, sent).status_code == 403
    client_of("staff").post(page, sent)
    assert Enrollment.objects.get(resident=child).visit_words == "试听"
    stranger = {"what": f"trial-{make.resident().pk}", "lesson": two.second.number}
    assert client_of("resident").post(page.partition("?")[0], stranger).status_code == 422


def test_programs_do_the_same(client_of: ClientOf, two: Classes) -> None:
    client, api = client_of("resident"), "/c/nanhu/api/activities/"
    send = partial(client.post, content_type="application/json")
    own = f"{two.missed.activity.number}/{two.missed.number}"
    assert client_of("volunteer").post(f"{api}{own}/leaves", "{}", content_type="application/json").status_code == 404
    others = json.dumps({"resident": two.pupil.resident.number})
    answer = client_of("volunteer").post(f"{api}{own}/leaves", others, content_type="application/json")
    assert answer.status_code == 403, "it does not tell who is a pupil"
    taken = send(f"{api}{own}/leaves", "{}").json()
    body = {"missed_activity": two.missed.activity.number, "missed_date": two.missed.number}
    made = send(f"{api}{two.other.number}/1/visits", json.dumps(body))
    assert made.status_code == 201
    assert send(f"{api}{two.other.number}/2/visits", "{}").status_code == 201, "and one on trial"
    assert client.delete(f"{api}leaves/{taken['id']}").status_code == 409
    client.delete(f"{api}enrollments/{made.json()['id']}")
    assert client.delete(f"{api}leaves/{taken['id']}").status_code == 204
