from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.states import ForbiddenMove
from weiyifang.core.tenancy import source_of
from weiyifang.notices.models import Notice
from weiyifang.people import services as people
from weiyifang.people.models import Resident
from weiyifang.timetable import services as timetable
from weiyifang.timetable.models import Allocation
from weiyifang.timetable.services import Taken
from weiyifang.timetable.subjects import Subject
from weiyifang.volunteering import queries, services, verify
from weiyifang.volunteering.models import Need, Slot, SlotState, Team
from weiyifang.volunteering.tests import make

pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture
def team(here: object) -> Team:
    return make.team()


def test_a_task_has_people_until_it_has_enough_and_again_when_one_gives_it_back(team: Team) -> None:
    need = make.shift(team, wanted=1).needs.get()
    first, second = make.member(team, "甲"), make.member(team, "乙")
    slot = services.claim(need=need, by=first)
    with pytest.raises(services.EnoughPeople, match="送餐"):
        services.claim(need=need, by=second)
    services.give_back(slot=slot, by=first)
    with pytest.raises(services.GivenBackAlready):
        services.give_back(slot=slot, by=first)
    services.claim(need=need, by=second)
    assert verify.check() == []


def test_nobody_is_in_two_places_whatever_the_other_is(team: Team) -> None:
    one = make.member(team, "甲")
    services.claim(need=make.shift(team, at="09:00").needs.get(), by=one)
    beside = make.shift(make.team("别的队"), at="10:00").needs.get()
    resident = make.home(one)
    with pytest.raises(Taken, match="甲"):
        services.assign(need=beside, resident=resident, sure=True, by=system())
    beside.refresh_from_db()
    assert beside.taken == 0
    teaches = clock.local(clock.today() + timedelta(days=4), "14:00")  # somebody else's booking of the same person
    timetable.allocate(
        subjects=[Subject(id=resident.pk, kind="people.resident", name="甲")],
        starts_at=teaches,
        ends_at=teaches + timedelta(hours=1),
        source="activities.session:01900000-0000-7000-8000-000000000001",
        by=system(),
    )
    with pytest.raises(Taken):
        services.claim(need=make.shift(team, days=4, at="13:30").needs.get(), by=one)


def test_a_paper_has_to_hold_on_the_day_of_the_shift(team: Team, cast: dict[str, Actor]) -> None:
    need = make.shift(team, days=3, certificate="health").needs.get()
    one = make.member(team, "甲")
    volunteer = queries.volunteer_of(one.resident_id)
    assert volunteer is not None
    with pytest.raises(services.PaperMissing, match="健康证"):
        services.claim(need=need, by=one)
    day = clock.today() + timedelta(days=2)
    services.note_certificate(volunteer=volunteer, kind="health", valid_until=day, by=cast["staff"])
    with pytest.raises(services.PaperMissing):
        services.claim(need=need, by=one)
    day += timedelta(days=1)
    services.note_certificate(volunteer=volunteer, kind="health", valid_until=day, by=cast["staff"])
    services.claim(need=need, by=one)


def test_age_team_and_hour_are_refused_and_a_stranger_takes_nothing(team: Team, cast: dict[str, Actor]) -> None:
    shift = make.shift(team, least_age=60)
    need = shift.needs.get()
    young = make.member(team, "小的", of=make.resident("小的", born_on=date(clock.today().year - 30, 1, 1)))
    with pytest.raises(services.YoungerThan):
        services.claim(need=need, by=young)
    outside = make.volunteer("外队的").resident
    alone = Actor(community_id=team.community_id, resident_id=outside.pk)
    with pytest.raises(services.NotInTheTeam):
        services.claim(need=need, by=alone)
    with pytest.raises(services.NotAVolunteer):
        services.claim(need=need, by=cast["resident"])
    with pytest.raises(NotAllowed):
        services.assign(need=need, resident=outside, by=alone)
    services.assign(need=need, resident=outside, by=cast["staff"])
    with pytest.raises(services.OnItAlready):
        services.assign(need=need, resident=outside, by=cast["staff"])
    with clock.at(shift.starts_at), pytest.raises(services.ShiftOver):
        services.claim(need=need, by=make.member(team, "迟到的"))


def test_no_rest_a_full_week_and_an_unknown_skill_are_doubted_and_done_if_somebody_is_sure(team: Team) -> None:
    one = make.member(team, "甲", skills=["visits"])
    services.claim(need=make.shift(team, days=3, at="09:00", skill="visits").needs.get(), by=one)
    soon = make.shift(team, days=3, at="11:10", skill="meals").needs.get()
    with pytest.raises(services.Doubtful) as doubted:
        services.claim(need=soon, by=one)
    assert len(doubted.value.doubts) == 2  # rest, skill
    services.claim(need=soon, sure=True, by=one)
    monday = 7 - clock.today().weekday()
    for day in (monday, monday + 1):
        services.claim(need=make.shift(team, days=day, at="08:00", minutes=600).needs.get(), by=one)
    with pytest.raises(services.Doubtful, match="20"):
        services.claim(need=make.shift(team, days=monday + 2, minutes=60).needs.get(), by=one)


def test_a_stand_in_takes_over_in_one_step_or_it_stays_mine(team: Team) -> None:
    shift = make.shift(team, wanted=1)
    mine, other, busy = make.member(team, "甲"), make.member(team, "乙"), make.member(team, "忙的")
    slot = services.claim(need=shift.needs.get(), by=mine)
    with pytest.raises(services.NotSought):
        services.stand_in(slot=slot, by=other)
    services.seek_stand_in(slot=slot, by=mine)
    assert [*queries.stand_ins_for(make.home(other).pk)] == [slot]
    services.claim(need=make.shift(team).needs.get(), by=busy)
    with pytest.raises(Taken):
        services.stand_in(slot=slot, by=busy)
    slot.refresh_from_db()
    assert slot.state == SlotState.TAKEN
    taken = services.stand_in(slot=slot, by=other)
    slot.refresh_from_db()
    assert (slot.state, taken.volunteer.resident_id) == (SlotState.GIVEN_BACK, other.resident_id)
    assert Notice.objects.get(kind="out_of_shift").resident_id == mine.resident_id
    assert shift.needs.get().taken == 1
    assert verify.check() == []


def test_a_shift_called_off_frees_everybody_and_tells_them(team: Team, cast: dict[str, Actor]) -> None:
    shift, one = make.shift(team), make.member(team, "甲")
    slot = services.claim(need=shift.needs.get(), by=one)
    with pytest.raises(services.ReasonMissing):
        services.call_off(shift=shift, reason=" ", by=cast["staff"])
    services.call_off(shift=shift, reason="下大雨", by=cast["staff"])
    assert Notice.objects.get(kind="shift_called_off").resident_id == one.resident_id
    assert not Allocation.objects.of_source(source_of(slot)).exists()
    services.claim(need=make.shift(team).needs.get(), by=one)  # the hour is free
    with pytest.raises(ForbiddenMove):
        services.call_off(shift=shift, reason="还下", by=cast["staff"])
    with pytest.raises(services.ShiftOff):
        services.assign(need=shift.needs.get(), resident=make.home(one), by=cast["staff"])
    assert verify.check() == []


def test_who_moves_away_leaves_their_shifts_to_others_and_the_leader_hears_of_it(
    team: Team, resident_of: Callable[[str], Resident]
) -> None:
    services.appoint_leader(team=team, resident=resident_of("leader"), by=system())
    one, shift = make.member(team, "甲"), make.shift(team, wanted=1)
    services.claim(need=shift.needs.get(), by=one)
    services.claim(need=make.shift(team, days=5).needs.get(), by=one)
    people.mark_left(resident=make.home(one), by=system())
    assert not Slot.objects.live().exists()
    assert not Allocation.objects.live().exists()
    services.claim(need=shift.needs.get(), by=make.member(team, "乙"))
    assert verify.check() == []


def test_a_shift_is_planned_with_sense(team: Team, cast: dict[str, Actor]) -> None:
    starts_at = clock.local(clock.today(), "09:00")
    said: dict[str, Any] = {"team": team, "what": "送饭", "place": "驿站", "starts_at": starts_at, "by": cast["staff"]}
    wanted = services.Wanted("送餐", 2)
    with pytest.raises(services.TimesWrong):
        services.plan(**said, ends_at=starts_at, needs=[wanted])
    with pytest.raises(services.TimesWrong):
        services.plan(**said, ends_at=starts_at + timedelta(hours=13), needs=[wanted])
    for needs in ([], [services.Wanted("送餐", 0)]):
        with pytest.raises(services.NobodyNeeded):
            services.plan(**said, ends_at=starts_at + timedelta(hours=1), needs=needs)
    with pytest.raises(services.RoleTwice):
        services.plan(**said, ends_at=starts_at + timedelta(hours=1), needs=[wanted, wanted])


@pytest.mark.any_lock_order
def test_verify_names_a_shift_that_was_changed_behind_the_back(team: Team) -> None:
    shift, one = make.shift(team), make.member(team, "甲")
    slot = services.claim(need=shift.needs.get(), by=one)
    assert verify.check() == []
    Need.objects.filter(shift=shift).update(taken=2)
    assert {fault.check for fault in verify.check()} == {"volunteering.counts"}
    Need.objects.filter(shift=shift).update(taken=1)
    Allocation.objects.filter(source=source_of(slot)).delete()
    assert {fault.check for fault in verify.check()} == {"volunteering.calendars"}
    Slot.objects.filter(pk=slot.pk).update(state=SlotState.GIVEN_BACK)
    assert {fault.check for fault in verify.check()} == {"volunteering.slots", "volunteering.counts"}


@pytest.mark.any_lock_order
def test_the_database_itself_knows_no_task_with_too_many_people(team: Team) -> None:
    need = make.shift(team, wanted=1).needs.get()
    with pytest.raises(IntegrityError, match="need_never_too_many"), transaction.atomic():
        Need.objects.filter(pk=need.pk).update(taken=2)
    one = make.member(team, "甲")
    slot = services.claim(need=need, by=one)
    with pytest.raises(IntegrityError, match="slot_once"), transaction.atomic():
        Slot(need=need, shift=slot.shift, volunteer=slot.volunteer).save(force_insert=True)
