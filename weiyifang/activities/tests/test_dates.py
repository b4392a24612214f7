"""Dates that move, the rooms they take, and what becomes of the people in them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection

from weiyifang.activities import queries, services, verify
from weiyifang.activities.models import Activity, Method, Session
from weiyifang.activities.tests import make
from weiyifang.core import clock, states
from weiyifang.core.actors import system
from weiyifang.core.ids import new_id
from weiyifang.core.tenancy import source_of
from weiyifang.timetable.models import Allocation
from weiyifang.timetable.recurrence import Rule
from weiyifang.timetable.services import Taken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]


def move(session: Session, days: int = 0, hours: int = 0, **more: object) -> list[Session]:
    by = timedelta(days=days, hours=hours)
    times = {"starts_at": session.starts_at + by, "ends_at": session.ends_at + by}
    return services.move_session(session=session, by=system(), **(times | more))  # type: ignore[arg-type]  # a dictionary of plain values


def taken(session: Session) -> set[tuple[datetime, datetime, bool]]:
    rows = Allocation.objects.of_source(source_of(session))
    return {(row.starts_at, row.ends_at, row.is_shared) for row in rows}


# --- rooms ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [True, False])
def test_whoever_wants_a_room_alone_meets_nobody_in_it(first: bool) -> None:
    make.date_of(make.activity(place="二楼手工教室", books_place=first))
    with pytest.raises(Taken):
        make.date_of(make.activity(place="２Ｆ 手工教室", books_place=not first), hours=1)
    assert verify.check() == []


def test_two_who_both_share_a_place_may_meet_there() -> None:
    make.date_of(make.activity(place="湖边广场"))
    make.date_of(make.activity(place="湖边广场"), hours=1)
    assert verify.check() == []


def test_wanting_the_room_alone_later_is_refused_while_others_share_it() -> None:
    one, other = make.activity(place="二楼茶艺室"), make.activity(place="2楼茶艺室")
    make.date_of(one)
    session = make.date_of(other, hours=1)
    with pytest.raises(Taken):
        services.edit(activity=one, books_place=True, by=system())
    services.cancel_session(session=session, reason="停水", by=system())
    services.edit(activity=one, books_place=True, by=system())
    with pytest.raises(Taken):
        make.date_of(other, hours=1)


# --- moving -----------------------------------------------------------------------------------------------------


def test_a_date_that_moves_keeps_its_people_and_takes_its_room_anew() -> None:
    session = make.session(places=1, books_place=True, instructor=make.resident("老师"))
    enrollment, waiting = make.enroll(session, make.resident("甲")), make.wait(session, make.resident("乙"))
    move(session, days=1, hours=2)
    now = make.again(session)
    assert now.starts_at == session.starts_at + timedelta(days=1, hours=2)
    assert taken(now) == {(now.starts_at, now.ends_at, False)}
    assert [guest.enrollment for guest in queries.roster(now).guests()] == [enrollment]
    assert list(queries.roster(now).waiting) == [waiting]
    assert make.pool(now).closes_at == now.starts_at - timedelta(hours=1)
    assert now.sequence == 1, "calendars take it for newer"
    with clock.at(now.starts_at):
        services.check_in(session=now, resident=enrollment.resident, method=Method.QR, by=system())
    assert verify.check() == []


def test_a_date_that_cannot_have_the_room_then_stays_where_it_is() -> None:
    session = make.session(books_place=True, place="二楼茶艺室")
    make.date_of(make.activity(place="2楼茶艺室"), days=3)
    with pytest.raises(Taken):
        move(session, days=1)
    assert make.again(session).starts_at == session.starts_at
    assert verify.check() == []
    move(session, days=1, place="三楼书画室")
    assert make.again(session).shown_place == "三楼书画室"
    assert verify.check() == []


def test_the_later_dates_of_a_series_move_with_it_and_others_do_not() -> None:
    activity = make.activity(books_place=True)
    rule = Rule(rrule="FREQ=WEEKLY", start=datetime(2026, 10, 17, 14, 30), minutes=120, holidays="keep")
    first, second, third = services.add_series(
        activity=activity, rule=rule, first_day=date(2026, 10, 17), last_day=date(2026, 10, 31), by=system()
    )
    other = make.date_of(activity, days=20, hours=1)
    moved = move(second, days=7, hours=1, with_later=True)
    assert [one.pk for one in moved] == [second.pk, third.pk]
    starts = {one.pk: make.again(one).starts_at for one in (first, second, third, other)}
    assert starts == {
        first.pk: first.starts_at,
        second.pk: second.starts_at + timedelta(days=7, hours=1),
        third.pk: third.starts_at + timedelta(days=7, hours=1),
        other.pk: other.starts_at,
    }
    assert verify.check() == []


def test_a_term_that_moves_its_last_lesson_closes_its_queue_with_it() -> None:
    lesson = make.session(mode="term", places=2, fee_fen=2500)
    move(lesson, days=3)
    assert make.pool(lesson).closes_at == lesson.starts_at + timedelta(days=3) - timedelta(hours=1)


def test_what_cannot_be_moved_says_why() -> None:
    session = make.session()
    other = make.date_of(session.activity, days=4)
    with pytest.raises(services.DateStands):
        move(session, days=2)
    with pytest.raises(services.TimeIsOver):
        move(session, days=-3)
    with clock.at(session.starts_at - timedelta(hours=1)):
        services.check_in(session=session, resident=make.resident(), method=Method.QR, by=system())
        with pytest.raises(services.MovedFromUnderThem):
            move(session, days=1)
    with clock.at(session.starts_at), pytest.raises(services.BegunAlready):
        move(session, days=1)
    services.cancel_session(session=other, reason="停水", by=system())
    with pytest.raises(states.ForbiddenMove):
        move(other, days=1)
    assert verify.check() == []


# --- upgrading --------------------------------------------------------------------------------------------------


def test_dates_planned_before_rooms_had_one_name_take_their_room_and_verify_names_who_cannot() -> None:
    alone = make.date_of(make.activity(place="二楼茶艺室", books_place=True), days=90)
    free = make.date_of(make.activity(place="三楼书画室"), days=90)
    far = make.date_of(make.activity(place="2楼茶艺室", books_place=True), days=99)
    clash = make.date_of(make.activity(place="湖边"), days=90)
    Activity.objects.filter(pk=clash.activity_id).update(place="２楼 茶艺室")
    Allocation.objects.of_source(source_of(free)).delete()
    Allocation.objects.of_source(source_of(far)).update(subject_id=new_id())
    take_rooms = import_module("weiyifang.activities.migrations.0005_rooms").take_rooms
    take_rooms(None, SimpleNamespace(connection=connection))
    (fault,) = verify.check()
    assert (fault.check, fault.where) == ("activities.bookings", source_of(clash))
    assert source_of(alone) in fault.what, "and who is there"
    assert taken(far) == {(far.starts_at, far.ends_at, False)}
