from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.people.models import Resident
from weiyifang.people.testing import ClientOf
from weiyifang.volunteering import queries, services
from weiyifang.volunteering.models import Belonging, Certificate, Hours, Shift, Slot, Team
from weiyifang.volunteering.tests import make

pytestmark = pytest.mark.usefixtures("here")
HOME, BENCH = "/c/nanhu/volunteering/", "/c/nanhu/workbench/volunteering/"


def said(response: Any) -> str:
    return b"".join(response).decode() if response.streaming else str(response.content.decode())


def test_a_resident_signs_up_joins_a_team_and_leaves_again(
    client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    make.words()
    team, me, browser = make.team("护绿队"), resident_of("resident"), client_of("resident")
    place = f"{HOME}teams/{team.number}/membership/"
    assert browser.post(place, {"_once": "0"})["Location"] == f"{HOME}me/"  # first say what you can do
    typed = {"skills": ["greening"], "words": "种了四十年菜", "_once": "1"}
    refused = browser.post(f"{HOME}me/", typed)
    assert (refused.status_code, "种了四十年菜" in said(refused)) == (422, True)
    browser.post(f"{HOME}me/", {**typed, "agreed": "on", "_once": "2"})
    browser.post(place, {"_once": "3"})
    assert "护绿队" in said(browser.get(f"{HOME}me/"))
    browser.post(f"{place}end/", {"_once": "4"})
    assert not Belonging.objects.live().exists()
    browser.post(f"{HOME}me/end/", {"_once": "5"})
    assert queries.volunteer_of(me.pk) is None


def test_the_desk_signs_somebody_up_puts_them_into_a_team_and_notes_a_paper(client_of: ClientOf) -> None:
    make.words()
    staff, one = client_of("staff"), make.resident("赵大爷")
    staff.post(f"{BENCH}new/", {"name": "送餐队", "purpose": "送饭。", "takes_members": "on", "_once": "1"})
    team = Team.objects.get(name="送餐队")
    desk = f"{BENCH}teams/{team.number}/"
    assert staff.post(f"{desk}members/", {"who": one.name, "_once": "2"}).status_code == 422  # not signed up yet
    assert staff.post(f"{BENCH}volunteers/new/", {"who": one.name, "_once": "3"}).status_code == 422  # no paper
    staff.post(f"{BENCH}volunteers/new/", {"who": one.name, "agreed": "on", "_once": "4"})
    staff.post(f"{desk}members/", {"who": one.name, "_once": "5"})
    volunteer = queries.volunteer_of(one.pk)
    assert volunteer is not None
    day = clock.today() + timedelta(days=9)
    page = f"{BENCH}volunteers/{volunteer.pk}/"
    staff.post(f"{page}certificates/", {"kind": "health", "valid_until": str(day), "_once": "6"})
    assert "健康证" in said(staff.get(BENCH))  # it ends soon
    assert "健康证" in said(staff.get(f"{desk}roster/"))
    table = said(staff.get(f"{desk}roster/", {"format": "csv"}))
    assert table.startswith("\ufeff")
    assert "赵大爷" in table
    staff.post(f"{BENCH}certificates/{Certificate.objects.get().pk}/end/", {"_once": "7"})
    assert "健康证" not in said(staff.get(f"{desk}roster/", {"format": "csv"}))
    assert "赵大爷" in said(staff.get(f"{BENCH}volunteers/", {"q": "赵", "format": "csv"}))
    assert "赵大爷" not in said(staff.get(f"{BENCH}volunteers/", {"skill": "stage"}))


def test_longer_lists_ask_no_more_questions(client_of: ClientOf) -> None:
    from django.db import connection

    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert staff.get(path).status_code == 200
        return len(caught)

    staff, team = client_of("staff"), make.team()
    services.add_member(team=team, resident=make.volunteer("第一位").resident, by=system())
    paths = [HOME, BENCH, f"{BENCH}volunteers/", f"{BENCH}teams/{team.number}/"]
    for path in paths:
        asked(path)
    before = [asked(path) for path in paths]
    for name in ("甲", "乙"):
        make.team(f"{name}队", leader=make.resident())
        services.add_member(team=team, resident=make.volunteer(name).resident, by=system())
    assert [asked(path) for path in paths] == before


def test_programs_read_teams_and_those_who_look_after_one_its_members(client_of: ClientOf) -> None:
    team, root = make.team(), "/c/nanhu/api/volunteering/teams"
    services.add_member(team=team, resident=make.volunteer("甲", skills=["meals"]).resident, by=system())
    (listed,) = client_of("visitor").get(root).json()
    assert (listed["name"], listed["members"]) == ("送餐队", 1)
    assert client_of("resident").get(f"{root}/{team.number}/members").status_code == 403
    (member,) = client_of("staff").get(f"{root}/{team.number}/members").json()
    assert (member["name"], member["skills"]) == ("甲", ["meals"])


def test_a_volunteer_takes_a_shift_on_is_asked_once_more_and_gives_it_back(client_of: ClientOf) -> None:
    team = make.team()
    services.appoint_leader(team=team, resident=make.resident("队长"), by=system())
    resident = client_of("resident")
    make.words()
    resident.post(f"{HOME}me/", {"agreed": "on", "_once": "1"})
    resident.post(f"{HOME}teams/{team.number}/membership/", {"_once": "2"})
    shift, soon = make.shift(team), make.shift(team, at="11:05")
    page = f"{HOME}shifts/{shift.number}/"
    assert "送餐" in said(resident.get(page))
    resident.post(f"{page}needs/{shift.needs.get().pk}/claims/", {"_once": "3"})
    assert shift.slots.live().exists()
    later = f"{HOME}shifts/{soon.number}/"
    claims = f"{later}needs/{soon.needs.get().pk}/claims/"
    asked = resident.post(claims, {"_once": "4"})
    assert (asked.status_code, soon.slots.exists()) == (200, False)
    assert "30 分钟" in said(asked)
    resident.post(claims, {"change": "1", "_once": "5"})
    assert not soon.slots.exists()
    resident.post(claims, {"sure": "1", "_once": "6"})
    slot = soon.slots.get()
    resident.post(f"{later}slots/{slot.pk}/search/", {"_once": "7"})
    assert "找人顶替" in said(resident.get(f"{HOME}shifts/"))
    resident.post(f"{later}slots/{slot.pk}/end/", {"_once": "8"})
    assert not soon.slots.live().exists()
    assert client_of("volunteer").post(f"{later}slots/{slot.pk}/end/", {"_once": "9"}).status_code == 404


def test_the_leader_plans_puts_people_in_and_calls_it_off(client_of: ClientOf) -> None:
    team, staff = make.team(), client_of("staff")
    one = make.volunteer("赵大爷").resident
    typed = {
        "what": "量血压",
        "place": "坝子里",
        "day": str(clock.today() + timedelta(days=2)),
        "begins": "9:00",
        "ends": "8:00",
        "role": "量血压",
        "wanted": "1",
        "role_2": "登记",
        "wanted_2": "2",
        "_once": "1",
    }
    new = f"{BENCH}teams/{team.number}/shifts/new/"
    assert staff.post(new, typed).status_code == 422
    made = staff.post(new, {**typed, "ends": "11:00", "_once": "2"})
    needs = Shift.objects.get().needs.order_by("id")
    assert [(need.role, need.wanted) for need in needs] == [("量血压", 1), ("登记", 2)]
    page = made["Location"]
    staff.post(f"{page}people/", {"who": one.name, "task": "2", "_once": "3"})
    assert "赵大爷" in said(staff.get(page))
    again = staff.post(f"{page}people/", {"who": one.name, "task": "1", "_once": "4"})
    assert (again.status_code, "赵大爷" in said(again)) == (422, True)
    assert "量血压" in said(staff.get(f"{BENCH}shifts/", {"format": "csv"}))
    slot = Slot.objects.get()
    staff.post(f"{BENCH}slots/{slot.pk}/end/", {"_once": "5"})
    assert not Slot.objects.live().exists()
    staff.post(f"{page}end/", {"reason": "下大雨", "_once": "6"})
    assert "下大雨" in said(staff.get(page))


def test_a_leader_notes_who_came_and_another_approves_them_together(client_of: ClientOf) -> None:
    team, staff, secretary = make.team(), client_of("staff"), client_of("secretary")
    people = [make.volunteer(name).resident for name in ("赵大爷", "钱孃孃", "没来的")]
    shift = make.over(team, people[0]).shift
    with clock.at(shift.starts_at - timedelta(hours=1)):
        need = shift.needs.get()
        need.wanted = 3
        need.save()
        for one in people[1:]:
            services.assign(need=need, resident=one, by=system())
    page = f"{BENCH}shifts/{shift.number}/hours/"
    assert "赵大爷" in said(staff.get(page))
    typed = {"came_1": "9:00", "left_1": "10:30", "came_2": "9点", "left_2": "", "missed_3": "on", "_once": "1"}
    wrong = staff.post(page, typed)
    assert (wrong.status_code, Hours.objects.exists(), Slot.objects.filter(missed=True).exists()) == (422, False, False)
    staff.post(page, {**typed, "left_2": "11点半", "_once": "2"})
    assert [row.minutes for row in Hours.objects.order_by("minutes")] == [90, 150]
    listed = f"{BENCH}teams/{team.number}/hours/"
    assert "没来" in said(staff.get(page))
    approvals = {"hours": [str(row.pk) for row in Hours.objects.all()], "_once": "3"}
    assert staff.post(f"{listed}approvals/", approvals).status_code == 403
    assert all(str(row.pk) in said(secretary.get(listed)) for row in Hours.objects.all())
    secretary.post(f"{listed}approvals/", {**approvals, "_once": "4"})
    assert queries.worked_minutes() == 240
    table = said(secretary.get(listed, {"format": "csv"}))
    assert "150" in table
    assert "钱孃孃" in table
    row = Hours.objects.order_by("minutes").first()
    assert row is not None
    one = f"{BENCH}hours/{row.pk}/"
    assert secretary.post(f"{one}reversal/", {"reason": "", "_once": "5"}).status_code == 422
    secretary.post(f"{one}reversal/", {"reason": "记错了人", "_once": "6"})
    assert "记错了人" in said(secretary.get(one))
    assert queries.worked_minutes() == 150
    last_year = said(secretary.get(listed, {"period": str(clock.today().year - 1)}))
    assert "钱孃孃" not in last_year


def test_a_volunteer_reads_their_own_hours_and_nobody_elses(
    client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    team, me = make.team(), resident_of("resident")
    make.volunteer(of=me)
    slot, other = make.over(team, me), make.over(team, make.volunteer("别人").resident, days=2)
    resident = client_of("resident")
    page = f"{HOME}shifts/{slot.shift.number}/slots/{slot.pk}/hours/"
    assert "我来了" in said(resident.get(page))
    resident.post(page, {"came": "9:00", "left": "10:00", "_once": "1"})
    assert "1 小时" in said(resident.get(f"{HOME}hours/"))
    assert "60" in said(resident.get(f"{HOME}hours/", {"format": "csv"}))
    assert "1 小时" in said(resident.get(f"{HOME}shifts/{slot.shift.number}/"))
    theirs = f"{HOME}shifts/{other.shift.number}/slots/{other.pk}/hours/"
    assert resident.post(theirs, {"came": "9:00", "left": "10:00", "_once": "2"}).status_code == 404
