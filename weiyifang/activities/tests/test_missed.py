"""Whoever lets others miss seats enrols after them for a while, and is heard first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from weiyifang.activities import queries, services, verify
from weiyifang.activities.missed import rule
from weiyifang.activities.models import Enrollment, EnrollmentState, Excuse, Method, Session
from weiyifang.activities.services import missed as missed_verbs
from weiyifang.activities.tests import make
from weiyifang.communities.models import Community
from weiyifang.core import clock, timeline
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.tenancy import source_of
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Organization, Status
from weiyifang.organizations.tests import make as organization
from weiyifang.people.models import Resident
from weiyifang.people.testing import ClientOf

pytestmark = pytest.mark.usefixtures("here")
ResidentOf = Callable[[str], Resident]


def body(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def choir(here: Community) -> Organization:
    return organization.in_status(Status.FILED)


@pytest.fixture
def leader_of(choir: Organization) -> str:
    return source_of(choir)


def enroll(session: Session, who: Resident, by: Actor) -> Enrollment:
    return services.enroll(session=session, resident=who, by=by)


def test_after_two_missed_dates_others_go_first_until_a_moment_that_is_said(
    cast: dict[str, Actor], resident_of: ResidentOf
) -> None:
    me, by = resident_of("resident"), cast["resident"]
    make.missed(by, days=20)
    enroll(make.session(days=9), me, by)  # once is nothing
    make.missed(by, days=9)
    session = make.session(days=9)
    with pytest.raises(services.MissedTooOften) as refused:
        enroll(session, me, by)
    assert refused.value.details["times"] == 2
    assert me.name in str(refused.value)
    with pytest.raises(services.MissedTooOften):
        services.queue(session=session, resident=me, by=by)
    with pytest.raises(services.MissedTooOften):
        services.enroll_group(session=session, people=[services.Member(resident=me)], by=by)
    with clock.at(clock.now() + timedelta(hours=rule().later_hours)):
        assert enroll(session, me, by).state == EnrollmentState.CONFIRMED
    assert verify.check() == []


def test_a_leader_learns_nothing_of_what_a_member_missed(
    cast: dict[str, Actor], resident_of: ResidentOf, choir: Organization
) -> None:
    me = resident_of("resident")
    for days in (5, 9):
        make.missed(cast["resident"], days=days)
    organizations.add_member(organization=choir, resident=me, by=system())
    with pytest.raises(services.MissedTooOften) as refused:
        services.enroll_group(
            session=make.session(days=9),
            people=[services.Member(resident=me)],
            organization=source_of(choir),
            by=cast["leader"],
        )
    assert me.name in str(refused.value)
    assert isinstance(refused.value, missed_verbs.GoesLater)
    assert "没来" not in str(refused.value)


def test_nobody_is_kept_out_to_the_end(cast: dict[str, Actor], resident_of: ResidentOf) -> None:
    me, by = resident_of("resident"), cast["resident"]
    for days in (5, 9):
        make.missed(by, days=days)
    soon = make.session(days=2)
    with pytest.raises(services.MissedTooOften):
        enroll(soon, me, by)
    with clock.at(clock.now() + timedelta(days=1)):
        enroll(soon, me, by)
    enroll(make.session(days=1), me, by)


def test_missed_dates_fall_out_of_the_rule_by_themselves(cast: dict[str, Actor], resident_of: ResidentOf) -> None:
    me, by = resident_of("resident"), cast["resident"]
    for days in (rule().within_days + 1, 3):
        make.missed(by, days=days)
    enroll(make.session(days=9), me, by)


@pytest.mark.parametrize("why", ["a child", "by others", "called off", "no list", "given back"])
def test_what_is_nobodys_fault_never_counts(why: str, cast: dict[str, Actor], resident_of: ResidentOf) -> None:
    me, by = resident_of("resident"), cast["resident"]
    rows = [make.missed(by, days=days) for days in (5, 9)]
    assert queries.who_missed([me.pk], rule()) == {me.pk: 2}
    if why == "a child":
        me.born_on = date(2012, 1, 1)
        me.save(update_fields=["born_on"])
    elif why == "by others":  # a guardian, a proxy, a leader, the office
        Enrollment.objects.filter(pk=rows[0].pk).update(enrolled_by_id=cast["staff"].account_id)
    elif why == "called off":
        Session.objects.filter(enrollments=rows[0]).update(state="planned")
    elif why == "no list":
        row = queries.standing_attendances(rows[0].session).get()
        services.void_attendance(attendance=row, reason="不是这场", by=system())
    else:
        Enrollment.objects.filter(pk=rows[0].pk).update(state=EnrollmentState.CANCELLED)
    assert queries.who_missed([me.pk], rule()) == {}
    enroll(make.session(days=9), me, by)


def test_an_attendance_noted_late_sets_it_right(cast: dict[str, Actor], resident_of: ResidentOf) -> None:
    me, by = resident_of("resident"), cast["resident"]
    rows = [make.missed(by, days=days) for days in (5, 9)]
    services.check_in(session=rows[0].session, resident=me, method=Method.PAPER, by=system())
    assert queries.who_missed([me.pk], rule()) == {}


def test_a_word_is_enough_until_somebody_else_has_looked_at_it(cast: dict[str, Actor], resident_of: ResidentOf) -> None:
    me, by = resident_of("resident"), cast["resident"]
    first, second = (make.missed(by, days=days) for days in (5, 9))
    with pytest.raises(NotAllowed):
        services.object_to_absence(enrollment=first, said="替他说", by=cast["volunteer"])
    made = services.object_to_absence(enrollment=first, said="那天住院了", by=by)
    assert queries.who_missed([me.pk], rule()) == {}
    with pytest.raises(services.ObjectedAlready):
        services.object_to_absence(enrollment=first, said="再说一遍", by=by)
    with pytest.raises(NotAllowed):
        services.excuse_absence(enrollment=first, answer="自己批", by=by)
    services.decide_excuse(excuse=made, counts=True, answer="医院说没有来过", by=system())
    assert queries.who_missed([me.pk], rule()) == {me.pk: 2}
    with pytest.raises(services.DecidedAlready):
        services.decide_excuse(excuse=made, counts=True, answer="再定一次", by=system())
    services.excuse_absence(enrollment=second, answer="当天停电", by=system())  # nobody had asked
    with pytest.raises(services.DecidedAlready):
        services.excuse_absence(enrollment=second, answer="又一次", by=system())
    assert queries.who_missed([me.pk], rule()) == {}
    assert [entry.verb for entry in timeline.of(source_of(made))] == ["AbsenceUpheld", "AbsenceObjected"]
    assert verify.check() == []
    Excuse.objects.filter(pk=made.pk).update(state="excused")
    assert "activities.excuses" in {fault.check for fault in verify.check()}


def test_staff_do_not_decide_on_what_they_missed_themselves(cast: dict[str, Actor]) -> None:
    row = make.missed(cast["leader"], organizer=next(iter(cast["leader"].scopes("enrol_others") or ())))
    with pytest.raises(services.OwnAbsence):
        services.excuse_absence(enrollment=row, answer="自己批", by=cast["leader"])


def test_what_was_not_missed_is_nobodys_to_excuse(cast: dict[str, Actor], resident_of: ResidentOf) -> None:
    row = enroll(make.session(), resident_of("resident"), cast["resident"])
    with pytest.raises(services.NotMissed):
        services.object_to_absence(enrollment=row, said="还没到呢", by=cast["resident"])


def test_a_program_says_why_a_missed_date_shall_not_count(client_of: ClientOf, cast: dict[str, Actor]) -> None:
    client, row = client_of("resident"), make.missed(cast["resident"])
    route = f"/c/nanhu/api/activities/absences/{row.pk}/objection"
    answer = client.post(route, {"said": "我在的"}, content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (201, "asked")
    again = client.post(route, {"said": "我在的"}, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "ObjectedAlready")
    assert client_of("volunteer").post(route, {"said": "x"}, content_type="application/json").status_code == 403


def test_the_page_says_what_follows_and_takes_an_objection(client_of: ClientOf, cast: dict[str, Actor]) -> None:
    client, page = client_of("resident"), "/c/nanhu/activities/absences/"
    assert "没有缺席" in body(client.get(page))
    assert page in body(client.get("/c/nanhu/me/"))
    rows = [make.missed(cast["resident"], days=days) for days in (5, 9)]
    assert "先让别人报名" in body(client.get(page))
    make.session(days=9)
    number = Session.objects.get(starts_at__gt=clock.now()).activity.number
    me = cast["resident"].resident_id
    refused = client.post(f"/c/nanhu/activities/{number}/1/enrollments/", {"who": [str(me)]})
    assert refused.status_code == 422
    assert "没来的场次" in body(refused)
    assert client.post(f"{page}{rows[0].pk}/objection/", {"said": ""}).status_code == 422
    assert client.post(f"{page}{rows[0].pk}/objection/", {"said": "我在的"}).status_code == 302
    assert "您和大家一样报名" in body(client.get(page))
    other = client_of("volunteer").post(f"{page}{rows[1].pk}/objection/", {"said": "不是我的"})
    assert other.status_code in {403, 404}


def test_the_desk_reads_excuses_and_decides(client_of: ClientOf, cast: dict[str, Actor]) -> None:
    row = make.missed(cast["resident"])
    assert row.session is not None
    made = services.object_to_absence(enrollment=row, said="那天住院了", by=cast["resident"])
    staff = client_of("staff")
    page = f"/c/nanhu/workbench/activities/{row.activity.number}/{row.session.number}/"
    assert f"{page}absences/" in body(staff.get(page))
    shown = body(staff.get(f"{page}absences/"))
    assert "那天住院了" in shown
    seen = shown.split('name="_seen" value="', 1)[1].split('"', 1)[0]
    route = f"/c/nanhu/workbench/activities/absences/{made.pk}/"
    assert staff.post(route, {"answer": "", "_seen": seen}).status_code == 422
    assert staff.post(route, {"answer": "好好休息", "_seen": seen}).status_code == 302
    assert "好好休息" in body(client_of("resident").get("/c/nanhu/activities/absences/"))


def test_at_the_desk_a_reason_lets_somebody_through_and_stays(client_of: ClientOf, cast: dict[str, Actor]) -> None:
    for days in (5, 9):
        make.missed(cast["resident"], days=days)
    session = make.session(days=9)
    name = Resident.objects.get(pk=cast["resident"].resident_id or "").name
    staff, page = client_of("staff"), f"/c/nanhu/workbench/activities/{session.activity.number}/1/enrollments/"
    refused = staff.post(page, {"who": name, "places": "1"})
    assert refused.status_code == 422
    assert 'name="despite"' in body(refused)
    assert staff.post(page, {"who": name, "places": "1", "despite": "刚出院"}).status_code == 302
    made = Enrollment.objects.live().for_session(session).get()
    assert "LetThrough" in [entry.verb for entry in timeline.of(source_of(made))]


def test_when_it_has_been_open_long_enough_nobody_is_asked_about(
    cast: dict[str, Actor], resident_of: ResidentOf
) -> None:
    session = make.session(days=20)
    with clock.at(clock.now() + timedelta(days=4)), CaptureQueriesContext(connection) as asked:
        enroll(session, resident_of("resident"), cast["resident"])
    assert not any("activities_excuse" in one["sql"] for one in asked)


def test_what_was_said_goes_with_whoever_is_forgotten(cast: dict[str, Actor], resident_of: ResidentOf) -> None:
    row, me = make.missed(cast["resident"]), resident_of("resident")
    services.object_to_absence(enrollment=row, said="住院了", by=cast["resident"])
    services.decide_excuse(excuse=Excuse.objects.get(), counts=False, answer=f"{me.name}住院", by=system())
    services.forget_excuses(resident_id=me.pk, name=me.name, instead="某居民")
    found = Excuse.objects.get()
    assert (found.words, found.answer) == ("", "某居民")
