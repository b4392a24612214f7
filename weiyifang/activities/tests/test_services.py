"""Planning, dates, enrolling."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from weiyifang.activities import services, verify
from weiyifang.activities.models import (
    ACTIVITY_FLOW,
    ENROLLMENT_FLOW,
    SESSION_FLOW,
    Activity,
    ActivityState,
    Audience,
    Enrollment,
    EnrollmentState,
    Mode,
    Session,
    SessionState,
)
from weiyifang.activities.tests import make
from weiyifang.core import clock, states, timeline
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.tenancy import source_of
from weiyifang.people.models import Gender, RelationKind, Resident
from weiyifang.people.services import relate
from weiyifang.timetable.models import Allocation
from weiyifang.timetable.recurrence import Rule
from weiyifang.timetable.services import Taken

pytestmark = pytest.mark.usefixtures("here")


def told(row: Activity | Session | Enrollment) -> list[str]:
    """The facts about a row, oldest first."""
    return [entry.verb for entry in timeline.of(source_of(row))][::-1]


def test_a_new_activity_is_a_draft_with_the_next_number() -> None:
    first, second = make.activity(), make.activity()
    assert (first.number, second.number, first.state) == (1, 2, ActivityState.DRAFT)
    assert told(first) == ["ActivityPlanned"]


def test_editing_says_which_fields_changed_and_reseats_the_dates_to_come() -> None:
    activity = make.activity(places=3)
    session = make.date_of(activity)
    services.edit(activity=activity, by=system(), title="插花", places=5)
    assert make.pool(session).places == 5
    fact = timeline.of(source_of(activity)).first()
    assert fact is not None
    assert (fact.verb, fact.values["changed"]) == ("ActivityEdited", ["title", "places"])


def test_editing_nothing_says_nothing() -> None:
    activity = make.activity(title="插花")
    services.edit(activity=activity, by=system(), title="插花")
    assert told(activity) == ["ActivityPlanned"]


def test_the_way_of_enrolling_stays_once_somebody_has_enrolled() -> None:
    session = make.session()
    make.enroll(session)
    with pytest.raises(services.AlreadyHasEnrollments):
        services.edit(activity=session.activity, by=system(), mode=Mode.TERM)
    with pytest.raises(services.AlreadyHasEnrollments):
        services.edit(activity=session.activity, by=system(), places=0)


def test_nothing_is_shown_to_all_without_a_date_to_come() -> None:
    activity = make.activity()
    with pytest.raises(services.NoDateYet):
        services.publish(activity=activity, by=system())


def test_it_is_over_only_when_no_date_is_planned() -> None:
    session = make.session()
    activity = session.activity
    with pytest.raises(services.StillToCome):
        services.finish(activity=activity, by=system())
    with clock.at(session.starts_at):
        services.hold_session(session=session, by=system())
    services.finish(activity=activity, by=system())
    assert Activity.objects.get().state == ActivityState.FINISHED


def test_a_date_is_held_only_after_it_began() -> None:
    with pytest.raises(services.NotBegunYet):
        services.hold_session(session=make.session(), by=system())


@pytest.mark.parametrize(
    ("flow", "kinds"),
    [(ACTIVITY_FLOW, ActivityState), (SESSION_FLOW, SessionState), (ENROLLMENT_FLOW, EnrollmentState)],
)
def test_only_the_moves_of_the_flow_are_possible(flow: states.Flow, kinds: Any) -> None:
    rows: dict[Any, Any] = {
        ActivityState: make.activity(),
        SessionState: make.session(),
        EnrollmentState: make.enroll(make.session()),
    }
    row = rows[kinds]
    for here in kinds:
        for there in kinds:
            reason = {"cancel_reason": "x"} if hasattr(row, "cancel_reason") else {}
            type(row).objects.filter(pk=row.pk).update(state=here, **reason)
            row.refresh_from_db()
            if there in flow.get(here, frozenset()):
                states.move(row, there, flow=flow)
            else:
                with pytest.raises(states.ForbiddenMove):
                    states.move(row, there, flow=flow)


def test_a_weekly_series_adds_what_is_missing_and_leaves_the_rest() -> None:
    activity = make.activity()
    rule = Rule(rrule="FREQ=WEEKLY", start=datetime(2026, 10, 17, 14, 30), minutes=120, holidays="keep")
    first = services.add_series(
        activity=activity, rule=rule, first_day=date(2026, 10, 17), last_day=date(2026, 10, 31), by=system()
    )
    more = services.add_series(
        activity=activity, rule=rule, first_day=date(2026, 10, 17), last_day=date(2026, 11, 7), by=system()
    )
    assert [session.number for session in first] == [1, 2, 3]
    assert [clock.local(date(2026, 11, 7), "14:30")] == [session.starts_at for session in more]


def test_a_place_that_changes_is_booked_for_the_dates_to_come() -> None:
    one, other = (make.activity(books_place=True, place=place) for place in ("书画室", "茶艺室"))
    make.date_of(one)
    make.date_of(other)
    with pytest.raises(Taken):
        services.edit(activity=other, place="书画室", by=system())
    services.edit(activity=one, place="三楼", by=system())
    services.edit(activity=other, place="书画室", by=system())
    assert verify.check() == []
    services.edit(activity=one, place="茶艺室", books_place=False, by=system())
    assert verify.check() == []


def test_a_place_that_is_booked_cannot_be_booked_again_at_that_time() -> None:
    one = make.activity(books_place=True, place="书画室")
    other = make.activity(books_place=True, place=" 书画室 ")
    make.date_of(one)
    with pytest.raises(Taken):
        make.date_of(other, hours=1)
    make.date_of(other, hours=2)


def test_an_instructor_is_in_one_place_at_a_time() -> None:
    teacher = make.resident("书法老师")
    make.date_of(make.activity(instructor=teacher, place="一楼"))
    with pytest.raises(Taken):
        make.date_of(make.activity(instructor=teacher, place="二楼"))


# --- enrolling --------------------------------------------------------------------------------------------------


def test_enrolling_takes_places_and_says_what_they_cost() -> None:
    session = make.session(places=4, party_size=3, fee_fen=500)
    enrollment = make.enroll(session, places=2)
    assert (enrollment.state, enrollment.fee_fen) == (EnrollmentState.CONFIRMED, 1000)
    assert make.pool(session).taken == 2
    fact = timeline.of(source_of(enrollment)).get()
    assert (fact.verb, fact.values["fee_fen"], fact.values["places"]) == ("EnrollmentConfirmed", 1000, 2)


@pytest.mark.parametrize("places", [1, 3])
def test_nobody_enrols_twice(places: int) -> None:
    """Also when it is full: they hear that they are in, not that they came too late."""
    session, person = make.session(places=places), make.resident()
    make.enroll(session, person)
    with pytest.raises(services.AlreadyEnrolled, match=r".*"):
        make.enroll(session, person)
    assert make.pool(session).taken == 1


def test_a_full_date_says_how_many_are_ahead() -> None:
    session = make.session(places=1)
    make.enroll(session, make.resident("甲"))
    make.wait(session, make.resident("乙"))
    with pytest.raises(services.SessionFull) as full:
        make.enroll(session, make.resident("丙"))
    assert full.value.details == {"free": 0, "ahead": 1}


def test_nobody_queues_for_free_seats() -> None:
    with pytest.raises(services.PlacesLeft):
        make.wait(make.session())


@pytest.mark.parametrize(
    ("details", "person", "refusal"),
    [
        ({"min_age": 60}, {"born_on": date(1990, 1, 1)}, services.TooYoung),
        ({"max_age": 12}, {"born_on": date(1990, 1, 1)}, services.TooOld),
        ({"audience": Audience.ELDERS}, {"born_on": date(1990, 1, 1)}, services.TooYoung),
        ({"audience": Audience.CHILDREN}, {"born_on": date(1990, 1, 1)}, services.TooOld),
        ({"audience": Audience.WOMEN}, {"gender": Gender.MALE}, services.AudienceDiffers),
        ({"places": 0}, {}, services.JustCome),
    ],
)
def test_whom_it_is_not_for_is_told_so(
    details: services.Details, person: dict[str, Any], refusal: type[Exception]
) -> None:
    session = make.session(**details)
    with pytest.raises(refusal):
        make.enroll(session, make.resident(**person))


def test_an_unknown_birthday_keeps_nobody_out() -> None:
    make.enroll(make.session(audience=Audience.ELDERS), make.resident(born_on=None))


def test_one_person_takes_no_more_seats_than_allowed() -> None:
    with pytest.raises(services.TooManyPlaces):
        make.enroll(make.session(party_size=2), places=3)


def test_enrolment_is_open_from_a_moment_until_it_begins() -> None:
    session = make.session(enrol_from=clock.now() + timedelta(hours=1))
    person = make.resident()
    with pytest.raises(services.EnrollmentNotOpen):
        make.enroll(session, person)
    with clock.at(session.starts_at), pytest.raises(services.EnrollmentClosed):
        make.enroll(session, person)
    with clock.at(clock.now() + timedelta(hours=1)):
        make.enroll(session, person)


def test_a_draft_takes_no_enrolments() -> None:
    session = make.again(make.date_of(make.activity()))
    with pytest.raises(services.EnrollmentClosed):
        make.enroll(session)


def test_a_list_is_enrolled_all_or_nobody_and_only_once() -> None:
    session, people = make.session(places=5), make.residents(6)
    with pytest.raises(services.SessionFull):
        services.enroll_many(session=session, residents=people, by=system())
    assert Enrollment.objects.count() == 0
    assert len(services.enroll_many(session=session, residents=people[:3], by=system())) == 3
    assert len(services.enroll_many(session=session, residents=people[:5], by=system())) == 2
    assert make.pool(session).taken == 5


def test_one_enrols_oneself_and_whom_one_stands_for_but_nobody_else(
    cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    me = resident_of("resident")
    mother, stranger = make.resident("李婆婆"), make.resident("陌生人")
    relate(resident=mother, helper=me, kind=RelationKind.PROXY, by=system())
    session = make.session()
    for person in (me, mother):
        services.enroll(session=session, resident=person, by=cast["resident"])
    with pytest.raises(NotAllowed):
        services.enroll(session=session, resident=stranger, by=cast["resident"])
    services.enroll(session=session, resident=stranger, by=cast["staff"])


def test_a_term_is_enrolled_in_once_for_all_its_lessons() -> None:
    activity = make.activity(mode=Mode.TERM, places=2, fee_fen=2500)
    first, second = make.date_of(activity, 1), make.date_of(activity, 8)
    services.publish(activity=activity, by=system())
    person = make.resident()
    enrollment = make.enroll(make.again(first), person)
    assert (enrollment.session, enrollment.fee_fen) == (None, 0)
    with pytest.raises(services.AlreadyEnrolled):
        make.enroll(make.again(second), person)
    with clock.at(second.starts_at - timedelta(hours=1)):  # one may join while a lesson is to come
        make.enroll(make.again(first), make.resident("第二个"))


# --- calling off ------------------------------------------------------------------------------------------------


def test_calling_off_tells_everybody_who_enrolled_and_offers_no_seat() -> None:
    session = make.session(places=1, fee_fen=300)
    enrolled, waiting = make.enroll(session, make.resident("甲")), make.wait(session, make.resident("乙"))
    services.cancel(activity=session.activity, reason="下大雨", by=system())
    assert told(session.activity)[-1] == "ActivityCancelled"
    assert told(session)[-1] == "SessionCancelled"
    assert {row.state for row in Enrollment.objects.all()} == {EnrollmentState.CANCELLED}
    fact = timeline.of(source_of(enrolled)).first()
    assert fact is not None
    assert (fact.values["fee_fen"], fact.remarked) == (300, "下大雨")
    assert "PlaceOffered" not in told(waiting)
    assert (make.pool(session).taken, make.pool(session).held) == (0, 0)


def test_calling_a_date_off_frees_its_place() -> None:
    activity = make.activity(books_place=True)
    session = make.again(make.date_of(activity))
    services.cancel_session(session=session, reason="停电", by=system())
    assert not Allocation.objects.exclude(state="released").exists()
    make.date_of(activity)


def test_the_age_is_that_on_the_day_of_the_date_not_today() -> None:
    day = clock.today() + timedelta(days=30)
    session = make.session(days=30, audience=Audience.ELDERS)
    make.enroll(session, make.resident("那天满六十", born_on=day.replace(year=day.year - 60)))
    children = make.session(days=30, max_age=5)
    with pytest.raises(services.TooOld):
        make.enroll(children, make.resident("那天满六岁", born_on=day.replace(year=day.year - 6)))
