"""Requests for help: asked, taken, done; who reads the address, and for how long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.concurrency import at_once
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import NotAllowed, Refused
from weiyifang.core.states import ForbiddenMove
from weiyifang.notices.models import Notice
from weiyifang.people import services as people
from weiyifang.people.models import RelationKind, Resident, SensitiveRead
from weiyifang.people.testing import ClientOf
from weiyifang.timetable.services import Taken
from weiyifang.volunteering import queries, rules, services, verify
from weiyifang.volunteering.models import HelpRequest, HelpState, Shift, Slot, Team
from weiyifang.volunteering.tests import make

pytestmark = pytest.mark.usefixtures("here")
HOME, BENCH = "/c/nanhu/volunteering/help/", "/c/nanhu/workbench/volunteering/help/"


@pytest.fixture
def team(here: object) -> Team:
    return make.team()


def state_of(request: HelpRequest) -> str:
    return str(HelpRequest.objects.get(pk=request.pk).state)


def test_a_request_becomes_a_shift_of_whoever_takes_it_with_hours_like_every_shift(team: Team) -> None:
    elder, one = make.resident("罗婆婆"), make.member(team, "甲")
    asked = make.help_for(elder)
    assert list(queries.help_wanted(one.resident_id)) == [asked]
    services.take_request(request=asked, team=team, by=one)
    slot = Slot.objects.live().get()
    assert (slot.volunteer.resident_id, slot.shift.starts_at, slot.shift.what) == (
        one.resident_id,
        asked.starts_at,
        "取药",
    )
    assert "二单元" not in f"{slot.shift.place}{slot.shift.note}"
    assert Notice.objects.get(kind="help_taken").resident_id == elder.pk
    assert not queries.help_wanted(make.member(team, "乙").resident_id).exists()
    with pytest.raises(ForbiddenMove):
        services.take_request(request=asked, team=team, by=make.member(team, "丙"))
    with pytest.raises(services.NotBegunYet):
        services.finish_request(request=asked, by=one)
    with clock.at(asked.ends_at):
        services.finish_request(request=asked, by=one)
        (row,) = services.note_as_planned(shift=slot.shift, by=one)
        services.approve_hours(hours=[row], by=system())
    assert (state_of(asked), queries.worked_minutes()) == (HelpState.DONE, 60)
    assert verify.check() == []


def test_who_is_in_no_team_has_no_time_or_asked_themselves_does_not_take_it(team: Team, cast: dict[str, Actor]) -> None:
    one, outside = make.member(team, "甲"), make.volunteer("没队的").resident
    mine, asked = make.help_for(make.home(one)), make.help_for(make.resident("罗婆婆"))
    with pytest.raises(services.OwnRequest):
        services.take_request(request=mine, team=team, by=one)
    alone = Actor(community_id=team.community_id, resident_id=outside.pk)
    with pytest.raises(services.NotTheirsToDo):
        services.take_request(request=asked, team=team, by=alone)
    with pytest.raises(services.NotAVolunteer):
        services.take_request(request=asked, team=team, by=cast["resident"])
    with pytest.raises(NotAllowed):
        services.hand_to_team(request=asked, team=team, by=one)
    services.claim(need=make.shift(team, at="14:30").needs.get(), by=one)
    with pytest.raises(Taken):
        services.take_request(request=asked, team=team, by=one)
    assert (state_of(asked), Shift.objects.count()) == (HelpState.OPEN, 1)
    assert verify.check() == []


def test_a_daughter_asks_for_her_mother_and_a_stranger_for_nobody(team: Team) -> None:
    mother, daughter, stranger = make.resident("母亲"), make.resident("女儿"), make.resident("路人")
    people.relate(resident=mother, helper=daughter, kind=RelationKind.PROXY, by=who(mother))
    begins = clock.now() + timedelta(days=1)
    said: dict[str, Any] = {"resident": mother, "kind": "hospital", "place": "家里", "starts_at": begins}
    ends_at = begins + timedelta(hours=2)
    services.ask_for_help(**said, ends_at=ends_at, by=who(daughter))
    with pytest.raises(NotAllowed):
        services.ask_for_help(**said, ends_at=ends_at, by=who(stranger))
    with pytest.raises(services.TimesWrong):
        services.ask_for_help(**said, ends_at=begins, by=who(mother))
    with pytest.raises(services.UnknownHelp):
        services.ask_for_help(**{**said, "kind": "nonsense"}, ends_at=ends_at, by=who(mother))
    late = {**said, "starts_at": clock.now() - timedelta(hours=1)}
    with pytest.raises(services.TimeIsOver):
        services.ask_for_help(**late, ends_at=clock.now(), by=who(mother))
    for _number in range(4):
        services.ask_for_help(**said, ends_at=ends_at, by=who(mother))
    with pytest.raises(services.TooManyRequests):
        services.ask_for_help(**said, ends_at=ends_at, by=who(mother))


def who(resident: Resident) -> Actor:
    return Actor(community_id=resident.community_id, resident_id=resident.pk, name=resident.name)


def test_the_address_is_for_who_does_it_as_long_as_it_stands_and_each_look_is_noted(
    team: Team, cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    make.words()
    make.volunteer(of=resident_of("resident"))
    services.join(team=team, by=cast["resident"])
    asked, other = make.help_for(make.resident("罗婆婆")), make.member(team, "乙")
    with pytest.raises(NotAllowed):
        services.read_address(request=asked, by=cast["resident"])
    services.take_request(request=asked, team=team, by=cast["resident"])
    asked.refresh_from_db()
    with pytest.raises(NotAllowed):
        services.read_address(request=asked, by=other)
    assert queries.where_and_whom(asked, cast["resident"]) is None
    services.read_address(request=asked, by=cast["resident"])
    where = queries.where_and_whom(asked, cast["resident"])
    assert where is not None
    assert where[0] == "二单元五楼"
    read = SensitiveRead.objects.get()
    assert (read.resident_id, read.fields_read) == (asked.resident_id, "phone,address")
    assert rules.can_read_address(cast["staff"], asked)
    assert not rules.can_read_address(cast["leader"], asked)
    with clock.at(asked.ends_at):
        services.finish_request(request=asked, by=cast["resident"])
    asked.refresh_from_db()
    assert not rules.can_read_address(cast["resident"], asked)
    assert queries.where_and_whom(asked, cast["resident"]) is None


def test_a_shift_called_off_is_sought_for_again_and_a_request_taken_back_calls_it_off(
    team: Team, cast: dict[str, Actor]
) -> None:
    elder, one = make.resident("罗婆婆"), make.member(team, "甲")
    asked = services.take_request(request=make.help_for(elder), team=team, by=one)
    assert asked.shift is not None
    services.call_off(shift=asked.shift, reason="摔了一跤", by=cast["staff"])
    assert (state_of(asked), Notice.objects.filter(kind="help_open_again").count()) == (HelpState.OPEN, 1)
    asked.refresh_from_db()
    services.take_request(request=asked, team=team, by=one)
    asked.refresh_from_db()
    services.withdraw_request(request=asked, by=who(elder))
    assert (state_of(asked), Slot.objects.live().exists()) == (HelpState.WITHDRAWN, False)
    with pytest.raises(ForbiddenMove):
        services.withdraw_request(request=asked, by=who(elder))
    again = make.help_for(elder, days=6)
    with pytest.raises(services.WhyNobody):
        services.close_unfound(request=again, reason=" ", by=cast["staff"])
    services.close_unfound(request=again, reason="都没空", by=cast["staff"])
    assert Notice.objects.get(kind="help_not_found").resident_id == elder.pk
    assert verify.check() == []


def test_who_moves_away_needs_no_help_any_more(team: Team) -> None:
    elder, one = make.resident("罗婆婆"), make.member(team, "甲")
    taken = services.take_request(request=make.help_for(elder), team=team, by=one)
    asked = make.help_for(elder, days=5)
    people.mark_left(resident=elder, by=system())
    assert {state_of(taken), state_of(asked)} == {HelpState.WITHDRAWN}
    assert not Slot.objects.live().exists()
    assert verify.check() == []


@pytest.mark.any_lock_order
def test_verify_names_a_request_that_was_changed_behind_the_back(team: Team) -> None:
    asked = make.help_for(make.resident("罗婆婆"))
    assert verify.check() == []
    HelpRequest.objects.filter(pk=asked.pk).update(state=HelpState.WITHDRAWN)
    assert {fault.check for fault in verify.check()} == {"volunteering.help"}


@pytest.mark.django_db(transaction=True)
def test_two_who_take_one_request_at_the_same_moment_and_one_does() -> None:
    teams = [make.team(), make.team("别的队")]
    people_of = [make.member(team, name) for team, name in zip(teams, "甲乙", strict=True)]
    asked = make.help_for(make.resident("罗婆婆"))
    take = [
        partial(services.take_request, request=asked, team=team, by=one)
        for team, one in zip(teams, people_of, strict=True)
    ]
    results = at_once(*take)
    assert sum(isinstance(one, HelpRequest) for one in results) == 1, results
    assert sum(isinstance(one, Refused) for one in results) == 1, results
    assert (Shift.objects.count(), Slot.objects.live().count()) == (1, 1)
    assert verify.check() == []


def test_on_the_pages_somebody_asks_the_office_hands_it_on_and_a_neighbour_does_it(
    team: Team, client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    me, resident, staff = resident_of("resident"), client_of("resident"), client_of("staff")
    day = str(clock.today() + timedelta(days=3))
    typed = {"whose": str(me.number), "kind": "shopping", "day": day, "begins": "9:00", "ends": "8:00", "place": "三楼"}
    wrong = resident.post(HOME, {**typed, "_once": "1"})
    assert (wrong.status_code, "三楼" in wrong.content.decode()) == (422, True)
    page = resident.post(HOME, {**typed, "ends": "10:00", "_once": "2"})["Location"]
    assert "三楼" in resident.get(page).content.decode()
    assert client_of("volunteer").get(page).status_code == 404  # in no team: it is nobody's business
    number = HelpRequest.objects.get().number
    assert f"{BENCH}{number}/" in staff.get("/c/nanhu/workbench/waiting/").content.decode()
    assert staff.post(f"{BENCH}{number}/end/", {"reason": "", "_once": "3"}).status_code == 422
    staff.post(f"{BENCH}{number}/team/", {"team": str(team.number), "_once": "4"})
    assert "三楼" in staff.get(f"{BENCH}{number}/").content.decode()
    assert HelpRequest.objects.get().state == HelpState.TAKEN
    resident.post(f"{page}withdrawal/", {"_once": "5"})
    assert Shift.objects.get().is_off
    elder = make.resident("罗婆婆")
    desk = {**typed, "who": elder.name, "ends": "10:00"}
    assert staff.post(BENCH, {**desk, "_once": "6"}).status_code == 200  # asked once more
    staff.post(BENCH, {**desk, "sure": "1", "_once": "7"})
    assert HelpRequest.objects.filter(resident=elder).exists()
    make.volunteer(of=me)
    services.add_member(team=team, resident=me, by=system())
    theirs = f"{HOME}{HelpRequest.objects.get(resident=elder).number}/"
    assert "三楼" not in resident.get(theirs).content.decode()
    resident.post(f"{theirs}taking/", {"team": str(team.number), "_once": "8"})
    assert "三楼" not in resident.get(theirs).content.decode()
    resident.post(f"{theirs}address/", {"_once": "9"})
    assert "三楼" in resident.get(theirs).content.decode()
