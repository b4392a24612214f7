from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.people import services as people
from weiyifang.people.actors import actor_for
from weiyifang.people.models import Account, Resident
from weiyifang.people.roles import Role
from weiyifang.volunteering import demo, demo_asked, queries, services, verify
from weiyifang.volunteering.models import HelpRequest, HelpState, Shift, Slot, Team, YearPaper
from weiyifang.volunteering.tests import make

pytestmark = pytest.mark.usefixtures("here")


def test_the_years_shifts_add_up_and_nobody_is_in_two_places(
    cast: dict[str, Actor], accounts: dict[str, Account], resident_of: Callable[[str], Resident]
) -> None:
    people.publish_standard_texts(by=system())
    for _number in range(40):
        make.resident()
    leader = resident_of("leader")
    first = clock.today() - timedelta(days=demo.DAYS * demo.PLANS)
    demo.begin_teams(random.Random(1), leader=leader, cast=[], scale=0.1)
    for plan in range(demo.PLANS):
        day = first + timedelta(days=demo.DAYS * plan)
        with clock.at(clock.local(day, "08:00")):
            demo.plan_ahead(day, plan=plan, shifts=60)
    assert [team.leader for team in Team.objects.order_by("number")[:2]] == [leader, leader]
    assert Role.TEAM_LEADER in actor_for(accounts["leader"]).roles
    assert Team.objects.count() == 12
    assert Shift.objects.count() == 60
    assert Slot.objects.live().count() == 120
    noters = {"noted_by": cast["staff"], "approved_by": cast["secretary"]}
    with clock.at(clock.local(clock.today(), "08:00")):
        demo.note_hours(random.Random(2), first, clock.today(), waits=1, **noters)
        demo.give_time(random.Random(3), by=cast["staff"])
    assert queries.worked_minutes() == 60 * demo.PEOPLE * demo.MINUTES  # whoever is there stays until all is done
    assert (
        queries.teams_with_hours_to_approve(cast["secretary"]).count()
        == Shift.objects.values("team").distinct().count()
    )
    demo.leave_on_the_desk(by=cast["staff"])
    assert queries.shifts_of(cast["staff"]).filter(sought__gt=0).count() == 12
    assert verify.check() == []


def test_neighbours_ask_and_volunteers_do_one_anothers_shifts(
    cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    people.publish_standard_texts(by=system())
    for number in range(60):
        make.resident(f"邻居{number}", born_on=date(1940 if number < 10 else 1970, 1, 1))
    today, staff, total = clock.today(), cast["staff"], len(demo_asked.FATES)
    with clock.at(clock.local(today - timedelta(days=demo.DAYS), "08:00")):
        known = [resident_of(name) for name in ("resident", "volunteer")]
        demo.begin_teams(random.Random(1), leader=resident_of("leader"), cast=known, scale=0.2)
        demo.plan_ahead(clock.today(), plan=0, shifts=demo.PLANS * 60)
        planned = Shift.objects.count()
        teams = list(Team.objects.order_by("number"))
        for team in teams[:3]:
            demo_asked.stand_in(random.Random(2), team, last=today)
            demo_asked.swap(random.Random(3), team, last=today)
        demo_asked.ask_for_help(random.Random(4), range(total), by=staff)
    with clock.at(clock.local(today - timedelta(days=demo.DAYS - 1), "08:00")):
        demo_asked.answer(range(total), by=staff)
    with clock.at(clock.local(today - timedelta(days=demo.DAYS - 3), "08:00")):
        demo_asked.finish(range(total), by=staff)
    with clock.at(clock.local(today, "08:00")):
        demo.note_hours(
            random.Random(5), today - timedelta(days=demo.DAYS), today, noted_by=staff, approved_by=cast["secretary"]
        )
        demo_asked.write_papers(today.year, by=staff)
        demo_asked.leave_open(resident=known[0], volunteer=known[1], leader=resident_of("leader"), by=staff)
    done = HelpRequest.objects.filter(state=HelpState.DONE).count()
    assert done == demo_asked.helped(total) == 4
    assert queries.worked_minutes() == (planned + done) * demo.PEOPLE * demo.MINUTES
    assert Slot.objects.filter(state="given_back").count() >= 3 * 3, "one stand-in and one swap of two in each team"
    assert YearPaper.objects.count() == demo_asked.MOST_WRITTEN
    assert HelpRequest.objects.open().get().resident == known[0]
    assert Slot.objects.live().filter(seeks_stand_in=True, offers__isnull=False).exists()
    assert verify.check() == []


def test_what_is_asked_for_in_a_year_is_asked_within_it_and_each_once() -> None:
    for total in (1, 7, 30):
        every = [place for day in range(365) for place in demo_asked.asked_on(day, total)]
        assert every == list(range(total))


def test_a_plan_of_many_leaves_out_who_has_something_else_and_refuses_who_lacks_the_paper(
    cast: dict[str, Actor],
) -> None:
    team = make.team()
    busy, free = (make.home(make.member(team, name)) for name in ("忙的", "有空的"))
    services.assign(need=make.shift(team, days=3).needs.get(), resident=busy, by=cast["staff"])
    volunteers = [queries.volunteer_of(one.pk) for one in (busy, free)]
    starts_at = clock.local(clock.today() + timedelta(days=3), "10:00")
    ends_at = starts_at + timedelta(hours=1)
    line = services.Line("量血压", "坝子", starts_at, ends_at, "量血压", [one for one in volunteers if one])
    (made,) = services.plan_many(team=team, lines=[line], by=cast["staff"])
    assert [slot.volunteer.resident for slot in Slot.objects.live().filter(shift=made)] == [free]
    assert (made.needs.get().taken, made.needs.get().wanted) == (1, 2)
    with pytest.raises(services.PaperMissing):
        services.plan_many(team=team, lines=[line._replace(certificate="health")], by=cast["staff"])
    assert verify.check() == []


def test_who_is_at_it_stays_at_it() -> None:
    team = make.team()
    shift, one = make.shift(team, days=0, at="09:00"), make.member(team, "甲")
    with clock.at(shift.starts_at - timedelta(hours=1)):
        slot = services.claim(need=shift.needs.get(), by=one)
    with clock.at(shift.starts_at + timedelta(minutes=30)):
        demo_asked.stand_in(random.Random(1), team, last=clock.today())
    slot.refresh_from_db()
    assert not slot.seeks_stand_in
