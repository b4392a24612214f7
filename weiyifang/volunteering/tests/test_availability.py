"""When volunteers have time sorts whom one asks first, and what one is offered first; it keeps nobody out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.people.testing import ClientOf
from weiyifang.volunteering import availability, queries, services
from weiyifang.volunteering.models import Shift, Team
from weiyifang.volunteering.tests import make

pytestmark = pytest.mark.usefixtures("here")
HOME, BENCH = "/c/nanhu/volunteering/", "/c/nanhu/workbench/volunteering/"


def said(response: Any) -> str:
    return str(response.content.decode())


def on(weekday: int) -> int:
    """In how many days that day of the week is next, from two days on (0: Monday)."""
    return 2 + (weekday - (clock.today() + timedelta(days=2)).weekday()) % 7


@pytest.mark.parametrize(
    ("weekday", "hour", "code"),
    [
        (4, "17:59", "weekday_day"),
        (4, "18:00", "weekday_evening"),
        (5, "00:00", "weekend_day"),
        (6, "22:00", "weekend_evening"),
    ],
)
def test_a_moment_falls_into_one_of_the_times_one_can_name(weekday: int, hour: str, code: str) -> None:
    assert availability.code_of(clock.local(clock.today() + timedelta(days=on(weekday)), hour)) == code


def named(shift: Shift) -> list[tuple[str, bool | None]]:
    found = availability.who_could(shift, queries.needs_of(shift))
    return [(one.volunteer.resident.name, one.has_time) for one in found]


def test_a_leader_sees_first_who_said_they_have_time_and_never_who_is_busy() -> None:
    team = make.team()
    make.member(team, "别的时候", times=["weekend_day"])
    make.member(team, "没说过")
    make.member(team, "那时有空", times=["weekday_evening"])
    busy = make.member(team, "有别的事", times=["weekday_evening"])
    there = make.member(team, "已经在的", times=["weekday_evening"])
    shift = make.shift(team, days=on(1), at="19:00")
    services.claim(need=make.shift(team, days=on(1), at="18:30").needs.get(), by=busy)
    services.claim(need=shift.needs.get(), by=there)
    assert named(shift) == [("那时有空", True), ("没说过", None), ("别的时候", False)]


def test_whoever_named_other_hours_is_put_in_all_the_same_by_one_button(client_of: ClientOf) -> None:
    team, staff = make.team(), client_of("staff")
    make.member(team, "别的时候", times=["weekend_day"])
    shift = make.shift(team, days=on(1), at="19:00")
    page = f"{BENCH}shifts/{shift.number}/"
    assert "说的是别的时候有空" in said(staff.get(page))
    assert staff.post(f"{page}people/", {"who": "别的时候", "_once": "1"}).status_code == 302
    assert [slot.volunteer.resident.name for slot in shift.slots.live()] == ["别的时候"]


def test_one_is_offered_first_what_falls_into_hours_one_named(client_of: ClientOf, resident_of: Any) -> None:
    team = make.team()
    mine = make.volunteer(of=resident_of("resident"), times=["weekend_evening"])
    services.add_member(team=team, resident=mine.resident, by=system())
    soon, fits = make.shift(team, days=2, at="08:00"), make.shift(team, days=7 + on(5), at="19:00")
    assert [one.number for one in queries.shifts_for(mine.resident_id)] == [fits.number, soon.number]
    page = said(client_of("resident").get(f"{HOME}shifts/"))
    assert page.count("正好是您说有空的时候") == 1


def test_a_list_of_shifts_asks_no_more_questions_for_it(client_of: ClientOf, django_assert_num_queries: Any) -> None:
    team = make.team()
    mine = make.volunteer("有空的", times=["weekday_day"])
    services.add_member(team=team, resident=mine.resident, by=system())
    make.shift(team)
    make.shift(team, days=4)
    with django_assert_num_queries(1):
        assert len(queries.shifts_for(mine.resident_id)) == 2


def plan(team: Team, **more: str) -> dict[str, str]:
    said = {
        "what": "守夜",
        "place": "岗亭",
        "day": str(clock.today() + timedelta(days=2)),
        "role": "守夜",
        "wanted": "2",
    }
    return said | {"begins": "22:00", "ends": "0:30", "_once": "1"} | more


def test_a_shift_past_midnight_is_typed_as_one_says_it_and_changed_likewise(client_of: ClientOf) -> None:
    team, staff = make.team(), client_of("staff")
    new = f"{BENCH}teams/{team.number}/shifts/new/"
    page = staff.post(new, plan(team))["Location"]
    shift = Shift.objects.get()
    assert shift.ends_at - shift.starts_at == timedelta(hours=2, minutes=30)
    assert staff.post(new, plan(team, begins="14:00", ends="10:00", _once="2")).status_code == 422, "twenty hours"
    assert staff.post(new, plan(team, begins="14:00", ends="14:00", _once="3")).status_code == 422
    staff.post(f"{page}details/", plan(team, ends="1:00", scope="this", _once="4"))
    shift.refresh_from_db()
    assert shift.ends_at - shift.starts_at == timedelta(hours=3)


def test_a_series_past_midnight_keeps_its_hours_each_week(client_of: ClientOf) -> None:
    team, staff = make.team(), client_of("staff")
    until = clock.today() + timedelta(days=17)
    staff.post(f"{BENCH}teams/{team.number}/shifts/new/", plan(team, every_week_until=str(until)))
    assert {one.ends_at - one.starts_at for one in Shift.objects.all()} == {timedelta(hours=2, minutes=30)}


def test_the_last_day_there_is_has_no_night_after_it(client_of: ClientOf) -> None:
    team = make.team()
    refused = client_of("staff").post(f"{BENCH}teams/{team.number}/shifts/new/", plan(team, day=str(date.max)))
    assert refused.status_code == 422
