"""Everybody in one list until enrolment closes: then the seats are given, by lot or to first-timers first."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Unpack

import pytest

from weiyifang.activities import lottery, queries, services, tasks, verify
from weiyifang.activities.models import Draw, Enrollment, EnrollmentState, Method, Session
from weiyifang.activities.services import Details
from weiyifang.activities.tests import make
from weiyifang.capacity import services as capacity
from weiyifang.core import clock, timeline
from weiyifang.core.actors import system
from weiyifang.core.tenancy import source_of

pytestmark = pytest.mark.usefixtures("here")


def drawn(**details: Unpack[Details]) -> Session:
    """A date whose seats are given a day before it begins."""
    told: Details = {"order": "lottery", "closes_hours": 24, "places": 3}
    told.update(details)
    return make.session(**told)


@contextmanager
def closed(session: Session) -> Iterator[None]:
    """The minute after enrolment closed."""
    with clock.at(session.starts_at - timedelta(hours=24) + timedelta(minutes=1)):
        yield


def give(session: Session) -> Draw:
    with closed(session):
        return services.draw(session=session, by=system())


def states_of(session: Session) -> dict[int, str]:
    rows = Enrollment.objects.for_session(session).filter(ticket__isnull=False)
    return {row.ticket or 0: row.state for row in rows}


def sheet_of(draw: Draw) -> lottery.Sheet:
    sheet = queries.sheet_of(draw)
    assert sheet is not None
    return sheet


def recomputed(text: str) -> tuple[list[int], list[int]]:
    """Order and seats from a published file, written from the page's five sentences and from nothing of ours."""
    told = json.loads(text)
    lines = b"".join(b"%d %d\n" % (number, seats) for number, seats in sorted(map(tuple, told["tickets"])))
    of_all = hashlib.sha256(lines).hexdigest()
    assert of_all == told["list"]
    assert hashlib.sha256(told["seed"].encode("ascii")).hexdigest() == told["commitment"]
    keys = {
        n: hashlib.sha256(":".join([told["seed"], of_all, str(n)]).encode()).hexdigest() for n, _ in told["tickets"]
    }
    order = [number for _key, number in sorted((key, number) for number, key in keys.items())]
    wants, free, seated = dict(told["tickets"]), told["places"], []
    passed: dict[int, int] = {}
    for number in order:
        if free == 0 or any(times >= told["passes"] for times in passed.values()):
            break
        if wants[number] <= free:
            seated.append(number)
            free -= wants[number]
            passed = {one: times + 1 for one, times in passed.items()}
        elif wants[number] <= told["places"]:
            passed[number] = 0
    return order, seated


def test_until_enrolment_closes_everybody_stands_in_one_list_without_a_rank() -> None:
    session = drawn()
    people = make.residents(5)
    rows = [make.enroll(session, person) for person in people]
    assert [(row.state, row.ticket) for row in rows] == [(EnrollmentState.WAITING, n) for n in range(1, 6)]
    assert (make.pool(session).taken, make.pool(session).waiting) == (0, 5)
    mine = queries.mine_in(session, people)
    assert {(one.rank, one.collects) for one in mine} == {(None, True)}
    with pytest.raises(services.NotClosedYet):
        services.draw(session=session, by=system())


def test_the_commitment_stands_from_the_beginning_and_the_seed_is_sealed() -> None:
    session = drawn()
    draw = queries.draw_of(session)
    assert draw is not None
    assert draw.commitment == hashlib.sha256(draw.seed.encode()).hexdigest()
    assert (draw.sheet, draw.drawn_at) == ("", None)


def test_when_it_has_closed_the_job_gives_the_seats_once_and_the_rest_waits_in_the_order_drawn() -> None:
    session = drawn()
    for person in make.residents(8):
        make.enroll(session, person)
    assert services.draws_due() == []
    with closed(session):
        assert services.draws_due() != []
        tasks.draw_due()
        tasks.draw_due()
        assert services.draws_due() == []
        with pytest.raises(services.NothingToDraw):
            services.draw(session=session, by=system())
    sheet = sheet_of(Draw.objects.get())
    states = states_of(session)
    assert (
        {n for n, state in states.items() if state == EnrollmentState.CONFIRMED}
        == set(sheet.seated)
        == set(sheet.order[:3])
    )
    waiting = {
        one.enrollment.ticket: one.rank for one in queries.mine_in(session, [e.resident for e in waiters(session)])
    }
    assert waiting == {number: rank for rank, number in enumerate(sheet.order[3:], start=1)}
    assert next(entry.verb for entry in timeline.of(source_of(session))) == "SeatsGiven"
    assert verify.check() == []


def waiters(session: Session) -> list[Enrollment]:
    return list(Enrollment.objects.for_session(session).waiting().select_related("resident"))


@pytest.mark.parametrize("parties", [[1] * 9, [1, 4, 1, 2, 3, 1, 1, 2, 4, 1, 1, 3], [2, 2, 2], []])
def test_a_second_program_finds_the_same_order_and_seats_in_the_published_file(parties: list[int]) -> None:
    session = drawn(places=5, party_size=4)
    for person, places in zip(make.residents(len(parties)), parties, strict=True):
        make.enroll(session, person, places)
    sheet = sheet_of(give(session))
    assert recomputed(sheet.text()) == (list(sheet.order), list(sheet.seated))
    assert lottery.faults(lottery.read(sheet.text())) == []
    assert make.pool(session).taken == sum(seats for number, seats in sheet.tickets if number in sheet.seated) <= 5
    assert verify.check() == []


@pytest.mark.parametrize("seed", range(40))
def test_the_queue_and_the_file_know_one_rule_for_groups(seed: int) -> None:
    """Of many lists with groups, the second program's seats are ours (without a database, so many fit a second)."""
    dice = random.Random(seed)
    tickets = [(number, dice.randrange(1, 7)) for number in range(1, dice.randrange(2, 40))]
    sheet = lottery.draw(date="1/1", seed=f"{seed:064x}", places=dice.randrange(1, 30), passes=3, tickets=tickets)
    assert recomputed(sheet.text()) == (list(sheet.order), list(sheet.seated))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"seed": "0" * 64}, "committed"),
        ({"tickets": [[1, 1], [2, 1], [3, 1], [4, 2]]}, "hashed"),
        ({"order": [1, 2, 3, 4]}, "order of their keys"),
        ({"seated": [4]}, "other tickets"),
        ({"tickets": [[1, 1], [1, 1], [3, 1], [4, 1]]}, "twice"),
    ],
)
def test_a_file_that_was_touched_is_found_out(change: dict[str, Any], said: str) -> None:
    seed = "7" * 64
    sheet = lottery.draw(date="1/1", seed=seed, places=2, passes=3, tickets=[(n, 1) for n in range(1, 5)])
    assert sheet.order != (1, 2, 3, 4)
    touched = lottery.read(json.dumps({**json.loads(sheet.text()), **change}))
    assert any(said in fault for fault in lottery.faults(touched))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "weiyifang lottery 1"}', '{"format": "another"}'])
def test_another_file_is_no_sheet(text: str) -> None:
    with pytest.raises(lottery.NotASheet):
        lottery.read(text)


def test_who_leaves_the_list_is_not_drawn_and_cannot_come_back_after_it() -> None:
    session = drawn(places=1)
    first, second = make.residents(2)
    gone = make.enroll(session, first)
    make.enroll(session, second)
    with clock.at(session.starts_at - timedelta(hours=24) - timedelta(minutes=2)):
        services.cancel_enrollment(enrollment=gone, by=system())
    sheet = sheet_of(give(session))
    assert sheet.tickets == ((2, 1),)
    with closed(session), pytest.raises(services.DrawnWithout):
        services.undo_cancel(enrollment=Enrollment.objects.get(pk=gone.pk), by=system())


def test_who_leaves_the_list_and_comes_back_before_it_has_the_same_ticket() -> None:
    session = drawn()
    row = make.enroll(session)
    services.cancel_enrollment(enrollment=row, by=system())
    services.undo_cancel(enrollment=row, by=system())
    assert Enrollment.objects.get(pk=row.pk).ticket == 1
    assert sheet_of(give(session)).seated == (1,)


def test_when_it_has_closed_not_even_the_desk_adds_to_the_list() -> None:
    session = drawn()
    with closed(session), pytest.raises(services.EnrollmentOver):
        make.enroll(session)


def test_after_the_draw_the_queue_is_like_any_other() -> None:
    session = drawn(places=1)
    people = make.residents(2)
    for person in people:
        make.enroll(session, person)
    give(session)
    seated = Enrollment.objects.taking_a_place().get()
    with closed(session):
        late = make.wait(session, make.resident("来晚了的"))
        services.cancel_enrollment(enrollment=seated, by=system())
        offered = queries.mine_in(session, people)
        assert {one.offered_until is not None for one in offered} == {True}
    assert (late.ticket, late.state) == (None, EnrollmentState.WAITING)
    assert verify.check() == []


def test_first_timers_go_first_and_among_equals_whoever_enrolled_first() -> None:
    regular, old, *new = make.residents(5)
    before = make.session(days=0, hours=-1, places=0)
    services.check_in(session=before, resident=regular, method=Method.ROSTER, by=system())
    others = make.session(days=0, hours=-1, places=0, title="别家的", organizer="organizations.organization:0")
    services.check_in(session=others, resident=new[0], method=Method.ROSTER, by=system())
    session = drawn(order="timers")
    for person in (regular, old, *new):
        make.enroll(session, person)
    give(session)
    assert [state for _ticket, state in sorted(states_of(session).items())] == [
        EnrollmentState.WAITING,
        *[EnrollmentState.CONFIRMED] * 3,
        EnrollmentState.WAITING,
    ]
    ranks = {one.resident.pk: one.rank for one in queries.mine_in(session, [regular, new[2]])}
    assert ranks == {new[2].pk: 1, regular.pk: 2}
    assert verify.check() == []


def test_who_came_long_ago_is_a_first_timer_again() -> None:
    person = make.resident()
    before = make.session(days=0, hours=-1, places=0)
    services.check_in(session=before, resident=person, method=Method.ROSTER, by=system())
    with clock.at(clock.now() + timedelta(days=170)):
        assert queries.not_new(drawn(), [person.pk]) == {person.pk}
    with clock.at(clock.now() + timedelta(days=190)):
        assert queries.not_new(drawn(), [person.pk]) == set()


@pytest.mark.parametrize("details", [{"closes_hours": 0}, {"closes_hours": 1}, {"places": 0}])
def test_an_order_that_cannot_be_kept_is_refused(details: Details) -> None:
    told: Details = {"order": "lottery", "closes_hours": 24, "places": 3}
    told.update(details)
    with pytest.raises(services.OrderNeedsTime):
        make.activity(**told)


def test_the_order_can_be_chosen_until_somebody_enrolled() -> None:
    session = make.session(closes_hours=24)
    activity = session.activity
    services.edit(activity=activity, order="lottery", by=system())
    assert make.pool(session).collects
    services.edit(activity=activity, order="come", by=system())
    assert not make.pool(session).collects
    services.edit(activity=activity, order="lottery", by=system())
    services.edit(activity=activity, title="还是抽签", places=4, by=system())
    assert (make.pool(session).collects, make.pool(session).places) == (True, 4)
    make.enroll(make.again(session))
    with pytest.raises(services.AlreadyHasEnrollments):
        services.edit(activity=activity, order="come", by=system())
    assert Draw.objects.count() == 1


def test_a_term_is_drawn_before_its_first_lesson() -> None:
    activity = make.activity(mode="term", places=2, order="lottery", closes_hours=24)
    first = make.date_of(activity, 3)
    make.date_of(activity, 10)
    services.publish(activity=activity, by=system())
    session = make.again(first)
    for person in make.residents(4):
        make.enroll(session, person)
    with closed(session):
        assert services.draw_due(by=system()) == 1
    assert Enrollment.objects.taking_a_place().count() == 2
    assert sheet_of(Draw.objects.get()).date == str(activity.number)
    assert verify.check() == []


def test_a_pool_that_collects_gives_no_place_to_anybody() -> None:
    session = drawn()
    with pytest.raises(capacity.StillCollects):
        capacity.claim(pool=make.pool(session), holder="somebody", by=system())
    make.enroll(session)
    services.edit(activity=session.activity, places=10, by=system())
    with clock.at(session.starts_at):
        capacity.expire_due(by=system())
    assert (make.pool(session).taken, make.pool(session).held, make.pool(session).waiting) == (0, 0, 1)


def test_a_draw_that_comes_late_still_gives_the_seats_before_the_queue_is_let_go() -> None:
    session = drawn(places=1)
    for person in make.residents(3):
        make.enroll(session, person)
    with clock.at(session.starts_at - timedelta(minutes=10)):
        services.draw_due(by=system())
    assert sorted(states_of(session).values()) == ["confirmed", "unreached", "unreached"]
    assert verify.check() == []


def test_a_whole_list_is_put_on_the_list() -> None:
    session = drawn()
    services.enroll_many(session=session, residents=make.residents(4), by=system())
    assert sorted(states_of(session)) == [1, 2, 3, 4]


def test_verify_finds_a_draw_that_was_turned() -> None:
    session = drawn(places=1)
    for person in make.residents(2):
        make.enroll(session, person)
    draw = give(session)
    told = json.loads(draw.sheet)
    told["order"].reverse()
    Draw.objects.update(sheet=json.dumps(told))
    assert "activities.draws" in {fault.check for fault in verify.check()}
    Draw.objects.update(sheet=draw.sheet, commitment="0" * 64)
    assert "activities.draws" in {fault.check for fault in verify.check()}
    Draw.objects.update(commitment=draw.commitment)
    assert verify.check() == []
    Enrollment.objects.filter(state="waiting").update(ticket=99)
    assert "activities.draws" in {fault.check for fault in verify.check()}
