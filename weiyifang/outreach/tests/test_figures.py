from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from weiyifang.activities.tests import make as activity
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.outreach import queries, services
from weiyifang.outreach.queries import Group
from weiyifang.outreach.tests import make, plainly
from weiyifang.people.models import Gender, Resident

pytestmark = pytest.mark.usefixtures("here")


def _neighbours(count: int, *, building: str = "1", **more: Any) -> list[Resident]:
    """So many, each alone behind a door."""
    return [
        make.resident(f"{building}栋{number}", at=make.door(building, f"{number}-1"), **more) for number in range(count)
    ]


def _groups(by: str) -> dict[str, Group]:
    return {group.key: group for group in queries.figures(clock.today(), clock.today()).groups[by]}


def test_people_and_times_stand_side_by_side_and_are_never_added() -> None:
    people = _neighbours(12)
    make.came(*people[:6])
    make.came(*people[:6], title="又一场")
    found = queries.figures(clock.today(), clock.today())
    assert (found.people, found.reached, found.unreached, found.times) == (12, 6, 6, 12)
    assert (found.homes, found.homes_reached) == (12, 6)
    group = _groups("compound")[make.COMPOUND]
    assert (group.people, group.reached, group.unreached, group.times) == (12, 6, 6, 12)
    assert [(way.code, *counts) for way, *counts in found.ways if counts[0]] == [("activities", 6, 12)]


def test_each_person_stands_in_one_group_of_each_kind() -> None:
    _neighbours(5, building="1", born_on=date(1930, 1, 1), gender=Gender.FEMALE)
    _neighbours(5, building="2", born_on=date(2020, 1, 1), gender=Gender.MALE)
    for number in range(5):
        make.resident(f"同住{number}", at=make.door("3"), born_on=None)
    make.grid(buildings="1")
    found = queries.figures(clock.today(), clock.today())
    for by in queries.DIMENSIONS:
        assert sum(group.people or 0 for group in found.groups[by]) == found.people == 15
    assert {key: group.people for key, group in _groups("age").items()} == {"0": 5, "3": 5, "-": 5}
    assert {key: group.people for key, group in _groups("gender").items()} == {"f": 5, "m": 5, "-": 5}
    assert {key: group.people for key, group in _groups("grid").items()} == {"1": 5, "-": 10}
    assert {key: group.people for key, group in _groups("home").items()} == {"1": 10, "3": 5}


def test_a_group_of_few_is_not_said_nor_the_one_from_which_it_would_follow() -> None:
    _neighbours(4, building="1")
    _neighbours(6, building="2")
    _neighbours(9, building="3")
    make.grid("小的", buildings="1")
    make.grid("中的", buildings="2")
    make.grid("大的", buildings="3")
    assert {key: group.people for key, group in _groups("grid").items()} == {"1": None, "2": None, "3": 9}
    hidden = _groups("grid")["1"]
    assert (hidden.reached, hidden.unreached, hidden.times) == (None, None, None)


def test_four_who_came_out_of_many_are_not_said_either() -> None:
    people = _neighbours(20)
    make.came(*people[:4])
    assert _groups("compound")[make.COMPOUND].reached is None
    ways = {way.code: counts for way, *counts in queries.figures(clock.today(), clock.today()).ways}
    assert ways["activities"] == [None, None]


@pytest.mark.parametrize("by", queries.DIMENSIONS)
def test_behind_every_figure_stand_as_many_people_as_it_says(by: str) -> None:
    old = _neighbours(7, building="1", born_on=date(1930, 1, 1), gender=Gender.FEMALE)
    _neighbours(7, building="2", born_on=date(2020, 1, 1), gender=Gender.MALE)
    for number in range(10):
        make.resident(f"同住{number}", at=make.door("3"), born_on=None)
        activity.resident(f"没有门牌{number}", born_on=date(1980, 1, 1))
    make.grid(buildings="1")
    make.grid("二网格", buildings="2-3")
    make.came(*old)
    for number in range(5):
        needy = make.agreed(f"要照料{number}", at=make.door("3"))
        for need in ("care", "means"):
            services.note_need(resident=needy, need=need, by=system())
    today = clock.today()
    for group in queries.figures(today, today).groups[by]:
        assert group.people is not None
        for was, count in ((None, group.people), (True, group.reached), (False, group.unreached)):
            rows = queries.members(by=by, of=group.key, was=was, since=today, until=today)
            assert rows.count() == count, (group.key, was)


def test_what_was_before_the_period_is_not_in_it() -> None:
    people = _neighbours(6)
    make.came(*people)
    later = clock.today() + timedelta(days=1)
    assert queries.figures(later, later).reached == 0


def test_one_statement_counts_what_the_plain_way_counts() -> None:
    """Doors and none, of every age (29 February too), alone and with many, with several needs, in grids and in none."""
    dice = random.Random(1)
    day = clock.today()
    turns = [date(year, month, number) for year in (1936, 1960, 2012, 2024) for month, number in ((2, 29), (12, 31))]
    births = [None, *turns, *(day.replace(year=day.year - age) for age in (17, 18, 59, 60, 79, 80))]
    people = []
    for number in range(60):
        at = make.door(dice.choice("123"), dice.choice("123"), dice.choice(("清水溪小区", "南湖路三号院")))
        more: dict[str, Any] = {"born_on": dice.choice(births), "gender": dice.choice(Gender.values)}
        homeless = number % 9 == 0
        people.append(
            activity.resident(f"没有门牌{number}", **more) if homeless else make.resident(f"{number}", at=at, **more)
        )
    make.grid("一", buildings="1-2")
    make.grid("二", buildings="1", compound="南湖路三号院")
    for title in ("茶话会", "棋局", "义诊"):
        make.came(*dice.sample(people, 20), title=title)
    for number in range(6):
        needy = make.agreed(f"要照料{number}", at=make.door("3"))
        for need in ("care", "means")[: 1 + number % 2]:
            services.note_need(resident=needy, need=need, by=system())
    for until in (day, date(day.year, 2, 28), date(day.year + 1, 12, 31)):
        assert queries.figures(day - timedelta(days=90), until) == plainly.figures(day - timedelta(days=90), until)


def test_a_community_without_people_has_figures_too() -> None:
    found = queries.figures(clock.today(), clock.today())
    assert (found.people, found.homes, next(counts for _way, *counts in found.ways)) == (0, 0, [0, 0])
