"""Who came: counted once, voided by a second row, never mixed up with how many different people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from weiyifang.activities import codes, queries, services, verify
from weiyifang.activities.models import Activity, Attendance, Audience, Method, Mode, Session
from weiyifang.activities.services import Came
from weiyifang.activities.tests import make
from weiyifang.core import clock, timeline
from weiyifang.core.actors import Actor, system
from weiyifang.core.ids import new_id
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.tenancy import source_of
from weiyifang.people.models import Resident

pytestmark = pytest.mark.usefixtures("here")


def came(session: Session, resident: Resident | None, **more: object) -> Came:
    return Came(
        session_id=session.pk,
        resident_id=resident.pk if resident else None,
        happened_at=clock.now(),
        method=Method.PAPER,
        **more,  # type: ignore[arg-type]  # a dictionary of plain values
    )


def test_somebody_is_counted_once_however_often_they_are_scanned() -> None:
    session, person = make.session(days=0, hours=1), make.resident()
    services.check_in(session=session, resident=person, method=Method.QR, by=system())
    with pytest.raises(services.AlreadyCounted):
        services.check_in(session=session, resident=person, method=Method.ROSTER, by=system())
    assert queries.attendances() == 1


def test_a_mistake_is_voided_and_can_be_corrected_again() -> None:
    session, person = make.session(days=0, hours=1), make.resident()
    first = services.check_in(session=session, resident=person, method=Method.ROSTER, by=system())
    services.void_attendance(attendance=first, reason="点错了", by=system())
    services.void_attendance(attendance=first, reason="点错了", by=system())
    assert (queries.attendances(), queries.people_served()) == (0, 0)
    services.check_in(session=session, resident=person, method=Method.ROSTER, by=system())
    assert (queries.attendances(), queries.people_served(), Attendance.objects.count()) == (1, 1, 3)
    assert verify.check() == []


def test_attendances_and_people_served_are_two_numbers() -> None:
    first = make.session(days=0, hours=1, places=0, audience=Audience.ELDERS)
    second = make.session(days=0, hours=1, places=0)
    one, other = make.residents(2)
    services.record_attendances(batch=[came(first, one), came(first, other), came(second, one)], by=system())
    services.count_guests(session=second, people=10, by=system())
    assert (queries.attendances(), queries.people_served()) == (13, 2)
    reach = {row.audience: row for row in queries.reach_by_audience()}
    assert (reach[Audience.ELDERS].attendances, reach[Audience.ELDERS].people_served) == (2, 2)
    assert (reach[Audience.EVERYONE].attendances, reach[Audience.EVERYONE].people_served) == (11, 1)


def test_a_batch_sent_twice_counts_once() -> None:
    session, people = make.session(days=0, hours=1), make.residents(3)
    batch = [came(session, person) for person in people] + [came(session, None, people=4)]
    assert services.record_attendances(batch=batch, by=system()) == services.Recorded(new=4, known=0)
    assert services.record_attendances(batch=batch, by=system()) == services.Recorded(new=0, known=4)
    again = [came(session, people[0]), came(session, people[0])]  # another phone noted her too, twice
    assert services.record_attendances(batch=again, by=system()) == services.Recorded(new=0, known=2)
    assert queries.attendances() == 7


def test_three_seats_on_one_ticket_count_three_at_the_door_and_are_taken_back_together() -> None:
    session, person = make.session(days=0, hours=1, party_size=3), make.resident()
    make.enroll(session, person, places=3)
    came = services.check_in(session=session, resident=person, method=Method.QR, by=system())
    assert (came.people, queries.attendances(), queries.people_served()) == (3, 3, 1)
    assert (queries.roster(session).came, queries.today(Activity.objects.all())[0].came) == (3, 3)
    services.void_attendance(attendance=came, reason="点错了", by=system())
    assert queries.attendances() == 0
    services.check_in(session=session, resident=person, method=Method.QR, people=2, by=system())
    assert (queries.attendances(), queries.people_served()) == (2, 1)
    assert verify.check() == []


def test_nobody_brings_more_than_the_ticket_has_seats() -> None:
    session, person = make.session(days=0, hours=1, party_size=3), make.resident()
    make.enroll(session, person, places=2)
    for who, people in ((person, 3), (make.resident("没报名的"), 2)):
        with pytest.raises(services.MoreThanTheTicket):
            services.check_in(session=session, resident=who, method=Method.QR, people=people, by=system())
    assert queries.attendances() == 0


def test_a_list_counts_everybody_on_each_ticket() -> None:
    session, (two, one, walked_in) = make.session(days=0, hours=1, party_size=3), make.residents(3)
    make.enroll(session, two, places=2)
    make.enroll(session, one)
    batch = [came(session, person) for person in (two, one, walked_in)] + [came(session, None)]
    services.record_attendances(batch=batch, by=system())
    assert sorted(Attendance.objects.values_list("people", flat=True)) == [1, 1, 1, 2]


def test_a_lesson_costs_by_head() -> None:
    session, pupil = term(party_size=2), make.resident("母女")
    make.enroll(session, pupil, places=2)
    lesson = services.check_in(session=session, resident=pupil, method=Method.ROSTER, by=system())
    assert (lesson.fee_fen, timeline.of(source_of(lesson)).get().values["fee_fen"]) == (5000, 5000)
    assert queries.term_figures(session.activity) == queries.TermFigures(pupils=1, lessons=2, fees_fen=5000)
    services.void_attendance(attendance=lesson, reason="没来", by=system())
    assert queries.term_figures(session.activity) == queries.TermFigures(pupils=1, lessons=0, fees_fen=0)


def test_check_in_opens_two_hours_before_it_begins() -> None:
    session = make.session(days=0, hours=3)
    with pytest.raises(services.NotYetOpen):
        services.check_in(session=session, resident=make.resident(), method=Method.QR, by=system())


def test_nobody_comes_to_a_date_that_was_called_off() -> None:
    session = make.session(days=0, hours=1)
    services.cancel_session(session=session, reason="停电", by=system())
    with pytest.raises(services.SessionIsOff):
        services.check_in(session=session, resident=make.resident(), method=Method.QR, by=system())


@pytest.mark.parametrize("early", [timedelta(minutes=30), timedelta()])
def test_whoever_was_here_cannot_cancel_any_more(early: timedelta) -> None:
    """Not before it begins, either: else somebody would be there without a seat."""
    session, person = make.session(days=0, hours=1), make.resident()
    enrollment = make.enroll(session, person)
    services.check_in(session=session, resident=person, method=Method.QR, by=system())
    with clock.at(session.starts_at - early), pytest.raises(services.CameAlready):
        services.cancel_enrollment(enrollment=enrollment, by=system())


def test_the_code_at_the_door_lets_in_whoever_enrolled(
    cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    session, me = make.session(days=0, hours=1), resident_of("resident")
    code = codes.door_code(session)
    with pytest.raises(services.CodeUnknown):
        services.arrive(session=session, code=code, resident=me, by=cast["resident"])
    make.enroll(session, me)
    with pytest.raises(services.CodeUnknown):
        services.arrive(session=session, code="guessed", resident=me, by=cast["resident"])
    with pytest.raises(NotAllowed):
        services.arrive(session=session, code=code, resident=me, by=cast["volunteer"])
    services.arrive(session=session, code=code, resident=me, by=cast["resident"])
    assert queries.attendances() == 1


def test_a_ticket_names_its_enrolment_and_cannot_be_made_up() -> None:
    enrollment = make.enroll(make.session())
    ticket = codes.ticket(enrollment)
    assert codes.enrollment_id(ticket) == enrollment.pk
    for wrong in ("", "x", "ü", ticket[:-1], ("A" if ticket[0] != "A" else "B") + ticket[1:]):
        assert codes.enrollment_id(wrong) is None


def term(fee_fen: int = 2500, party_size: int = 1) -> Session:
    activity = make.activity(mode=Mode.TERM, places=21, fee_fen=fee_fen, party_size=party_size, title="书法班")
    session = make.date_of(activity, days=0, hours=1)
    services.publish(activity=activity, by=system())
    return make.again(session)


def test_each_lesson_a_pupil_attends_is_told_with_its_fee() -> None:
    session, pupil, visitor = term(), make.resident("学员"), make.resident("来看看的")
    make.enroll(session, pupil)
    services.record_attendances(batch=[came(session, pupil), came(session, visitor)], by=system())
    lesson = Attendance.objects.get(fee_fen__gt=0)
    fact = timeline.of(source_of(lesson)).get()
    assert (lesson.resident, fact.verb, fact.values["fee_fen"]) == (pupil, "LessonAttended", 2500)
    assert queries.term_figures(session.activity) == queries.TermFigures(pupils=1, lessons=1, fees_fen=2500)


def test_a_voided_lesson_is_told_and_no_longer_counts() -> None:
    session, pupil = term(), make.resident("学员")
    make.enroll(session, pupil)
    lesson = services.check_in(session=session, resident=pupil, method=Method.ROSTER, by=system())
    services.void_attendance(attendance=lesson, reason="没来", by=system())
    assert [entry.verb for entry in timeline.of(source_of(lesson))] == ["LessonVoided", "LessonAttended"]
    assert queries.term_figures(session.activity).lessons == 0
    assert verify.check() == []


def test_the_database_itself_counts_nobody_twice_and_forgets_nothing() -> None:
    session, person = make.session(days=0, hours=1), make.resident()
    first = services.check_in(session=session, resident=person, method=Method.QR, by=system())
    twin = Attendance(
        session=session, resident=person, method=Method.QR, happened_at=clock.now(), nonce=new_id(), turn=first.turn
    )
    with pytest.raises(IntegrityError, match="attendance_once"), transaction.atomic():
        twin.save(force_insert=True)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Attendance.objects.filter(pk=first.pk).update(people=7)


def test_a_ticket_of_a_term_is_good_for_the_lesson_of_today() -> None:
    session, pupil = term(), make.resident("学员")
    enrollment = make.enroll(session, pupil)
    assert queries.session_at_the_door(enrollment) == session
    with clock.at(clock.now() + timedelta(days=1)):
        assert queries.session_at_the_door(enrollment) is None


@pytest.mark.parametrize("noted", [datetime(9999, 12, 31, 23, 59, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)])
def test_a_clock_that_is_wrong_is_not_believed_and_the_attendance_counts(noted: datetime) -> None:
    session, person = make.session(days=0, hours=1), make.resident()
    batch = [Came(session_id=session.pk, resident_id=person.pk, happened_at=noted, method=Method.QR)]
    assert services.record_attendances(batch=batch, by=system()).new == 1
    assert Attendance.objects.get().happened_at == clock.now()
    with clock.at(session.ends_at + timedelta(days=1)):
        late = replace(batch[0], resident_id=make.resident("乙").pk, nonce=new_id())
        services.record_attendances(batch=[late], by=system())
    assert Attendance.objects.get(nonce=late.nonce).happened_at == session.ends_at


def test_the_moment_a_phone_noted_without_network_is_kept() -> None:
    session, person = make.session(days=0, hours=1), make.resident()
    noted = session.starts_at + timedelta(minutes=5)
    came = Came(session_id=session.pk, resident_id=person.pk, happened_at=noted, method=Method.QR)
    with clock.at(session.ends_at):
        services.record_attendances(batch=[came], by=system())
    assert Attendance.objects.get().happened_at == noted
