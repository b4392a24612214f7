"""Classes by term: a pupil's card, the certificate and the page that confirms it, and what the teacher sees."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from weiyifang.activities import codes, queries, rules, services
from weiyifang.activities.models import Attendance, Enrollment, Method, Mode
from weiyifang.activities.tests import make
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.people.models import Resident
from weiyifang.people.testing import ClientOf, CommunityClient

pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture
def me(cast: dict[str, Actor]) -> Resident:
    assert cast["resident"].resident_id is not None
    return Resident.objects.get(pk=cast["resident"].resident_id)


@pytest.fixture
def pupil(me: Resident) -> Enrollment:
    """Of four lessons so far, one before they enrolled, they came to two; the fifth is to come."""
    with clock.at(clock.now() - timedelta(days=28)):
        term = make.activity(
            mode=Mode.TERM, places=21, fee_fen=2500, title="书法班", instructor=make.resident("王老师")
        )
        lessons = [make.date_of(term, days=7 * week, hours=1) for week in range(5)]
        services.publish(activity=term, by=system())
    other = make.resident("早来的")
    for week, lesson in enumerate(lessons[:4]):
        with clock.at(lesson.starts_at - timedelta(minutes=5)):
            if week == 0:
                make.enroll(make.again(lesson), other)
            if week == 1:
                pupil = make.enroll(make.again(lesson), me)
            if week in {1, 3}:
                services.check_in(session=make.again(lesson), resident=me, method=Method.ROSTER, by=system())
            services.check_in(session=make.again(lesson), resident=other, method=Method.ROSTER, by=system())
    return Enrollment.objects.select_related("activity", "resident").get(pk=pupil.pk)


def words(answer: object) -> str:
    assert getattr(answer, "status_code", None) == 200, answer
    text = answer.content.decode()  # type: ignore[attr-defined]  # Django's stubs know no content of the client's answers
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text.partition("<main")[2]))


def test_a_card_counts_the_lessons_since_the_pupil_enrolled(client_of: ClientOf, pupil: Enrollment) -> None:
    attended = queries.attended_by(pupil)
    assert (attended.attended, attended.given, attended.fee_fen) == (2, 3, 5_000)
    text = words(client_of("resident").get(f"/c/nanhu/activities/enrollments/{pupil.pk}/card/"))
    assert text.count("没来") == 1
    assert text.count("25.00") == 2
    assert "50.00" in text


def test_a_mistake_at_the_door_is_put_right_on_the_card_and_on_what_the_certificate_leads_to(
    client_of: ClientOf, pupil: Enrollment
) -> None:
    address = f"/c/nanhu/activities/certificates/{codes.certificate(pupil)}/"
    assert "2 / 3" in words(CommunityClient().get(address))
    for row in Attendance.objects.filter(resident=pupil.resident):
        services.void_attendance(attendance=row, reason="认错了人", by=system())
    assert "没有记录了" in words(CommunityClient().get(address))
    assert client_of("resident").get(f"/c/nanhu/activities/enrollments/{pupil.pk}/certificate/").status_code == 404


def test_whoever_scans_a_certificate_sees_what_is_noted_but_not_whose_it_is(pupil: Enrollment) -> None:
    text = words(CommunityClient().get(f"/c/nanhu/activities/certificates/{codes.certificate(pupil)}/"))
    assert f"{pupil.resident.name[0]}**" in text
    assert pupil.resident.name not in text


@pytest.mark.parametrize("code", ["ticket", "cut", "made up"])
def test_a_code_of_something_else_confirms_nothing(pupil: Enrollment, code: str) -> None:
    shown = {"ticket": codes.ticket(pupil), "cut": codes.certificate(pupil)[:-1], "made up": "A" * 38}[code]
    assert CommunityClient().get(f"/c/nanhu/activities/certificates/{shown}/").status_code == 404


def test_a_teacher_sees_what_the_class_adds_up_to_and_another_pupil_does_not(
    client_of: ClientOf, cast: dict[str, Actor], pupil: Enrollment
) -> None:
    taught = queries.taught(pupil.activity)
    assert (taught.given, taught.people, taught.fee_fen) == (4, 6, 15_000)
    address = f"/c/nanhu/activities/{pupil.activity.number}/lessons/"
    assert "150.00" in words(client_of("staff").get(address))
    assert client_of("resident").get(address).status_code == 403
    teacher = replace(cast["resident"], resident_id=pupil.activity.instructor_id)
    assert rules.can_see_lessons(teacher, pupil.activity)
    assert not rules.can_see_lessons(replace(teacher, resident_id=None), pupil.activity)
