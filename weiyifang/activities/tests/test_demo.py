"""The replayed year: what is planned adds up, and what is carried out is what was planned."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db.models import Sum

from weiyifang.activities import demo, queries, services, verify
from weiyifang.activities.demo_crowd import Crowd
from weiyifang.activities.models import Activity, ActivityState, Enrollment, Session
from weiyifang.capacity.models import Share
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.core.tenancy import fill_community
from weiyifang.people.models import Resident

FIRST, LAST = date(2025, 11, 24), date(2026, 11, 23)


def test_the_year_adds_up_to_what_was_published() -> None:
    plans = demo.plan_year(random.Random(7), FIRST, LAST)
    term = next(plan for plan in plans if plan.pupils)
    assert len(plans) == 130
    assert len({plan.title for plan in plans}) == 130
    assert sum(plan.attendances for plan in plans) == 30_000
    assert (term.pupils, term.attendances, term.attendances * term.details["fee_fen"]) == (21, 160, 400_000)


@pytest.mark.parametrize("scale", [0.02, 0.1, 0.5])
def test_a_smaller_year_adds_up_too(scale: float) -> None:
    plans = demo.plan_year(random.Random(7), FIRST, LAST, scale)
    assert sum(plan.attendances for plan in plans) == round(30_000 * scale)


def test_the_same_dice_give_the_same_year() -> None:
    assert demo.plan_year(random.Random(3), FIRST, LAST) == demo.plan_year(random.Random(3), FIRST, LAST)


def test_nobody_comes_before_the_year_or_after_it_and_something_is_on_afterwards() -> None:
    plans = demo.plan_year(random.Random(7), FIRST, LAST)
    assert all(plan.shown_on >= FIRST for plan in plans)
    assert all(plan.shown_on <= plan.dates[0].day for plan in plans)
    for plan in plans:
        for one in plan.dates:
            assert (one.people > 0) == (one.day <= LAST), (plan.title, one)
            assert not plan.details["places"] or one.people <= plan.details["places"]
    assert sum(one.day > LAST for plan in plans for one in plan.dates) > 30


@pytest.mark.parametrize("seed", ["1:activities", "7:activities", "2026:activities"])
@pytest.mark.parametrize("until", [LAST, date(2026, 11, 29), date(2027, 2, 14)])
def test_no_two_are_in_one_place_at_the_same_time(seed: str, until: date) -> None:
    plans = demo.plan_year(random.Random(seed), until - timedelta(days=364), until)
    dates = sorted(
        (plan.details["place"], one.starts_at, one.ends_at, plan.title) for plan in plans for one in plan.dates
    )
    met = [(one[3], two[3], two[1]) for one, two in pairwise(dates) if one[0] == two[0] and two[1] < one[2]]
    assert met == []


def test_a_room_in_the_house_is_for_one_group_and_the_lake_is_for_all() -> None:
    plans = demo.plan_year(random.Random(7), FIRST, LAST)
    alone = {plan.details["place"]: plan.details["books_place"] for plan in plans}
    assert alone["二楼手工教室"]
    assert not alone["南湖公园东门"]


def people(count: int) -> None:
    """Residents of all ages, without going through the register one by one."""
    dice = random.Random(1)
    rows = [
        Resident(
            number=number,
            name=f"居民{number}",
            gender="fm"[number % 2],
            born_on=date(dice.randrange(1930, 2023), 6, 15),
            joined_on=date(2020, 1, 1),
        )
        for number in range(1, count + 1)
    ]
    fill_community(rows)
    Resident.objects.bulk_create(rows)


def live(scale: float, first: date = FIRST, last: date = LAST) -> list[demo.ActivityPlan]:
    """The whole year, day by day, as the replay does it."""
    plans = demo.plan_year(random.Random(7), first, last, scale)
    crowd = Crowd.load(first)
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        dice = random.Random(f"7:{number}")
        with clock.at(clock.local(day, "06:00")):
            demo.prepare_day(dice, plans, crowd, organizers={}, last_day=last, by=system())
        with clock.at(clock.local(day, "23:00")):
            demo.attend_day(dice, plans, crowd, by=system())
    return plans


@pytest.mark.usefixtures("here")
def test_a_small_year_is_lived_as_planned() -> None:
    people(1500)
    plans = live(0.03)
    with clock.at(clock.local(LAST, "23:30")):
        assert queries.attendances() == 900
        assert 0 < queries.people_served() < 900
        term = queries.term_figures(Activity.objects.get(mode="term"))
        assert term == services_figures(plans)
        assert Session.objects.filter(state="planned", starts_at__lt=clock.now()).count() == 0
        assert Activity.objects.exclude(state=ActivityState.DRAFT).count() == len(plans)
        standings = {one.seats.tone for one in queries.listed(list(queries.next_of_each()))}
        assert {"ok", "wait"} <= standings
        assert Enrollment.objects.waiting().exists()
        assert verify.check() == []


def services_figures(plans: list[demo.ActivityPlan]) -> queries.TermFigures:
    term = next(plan for plan in plans if plan.pupils)
    return queries.TermFigures(pupils=21, lessons=term.attendances, fees_fen=term.attendances * 2500)


def test_ages_of_the_crowd_fit_the_audience() -> None:
    assert services.ages(Activity(audience="elders"), date(2026, 1, 1)) == (60, None)


@pytest.mark.usefixtures("here")
def test_seats_kept_for_some_are_in_the_year_and_everybody_planned_is_enrolled() -> None:
    people(300)
    last = FIRST + timedelta(days=27)
    plans = [plan for plan in demo.plan_year(random.Random(7), FIRST, last) if plan.details["shares"]]
    (plan,) = plans
    crowd = Crowd.load(FIRST)
    for number in range(28):
        with clock.at(clock.local(FIRST + timedelta(days=number), "06:00")):
            demo.prepare_day(random.Random(number), plans, crowd, organizers={}, last_day=last, by=system())
    for one in plan.dates:
        session = Session.objects.get(starts_at=one.starts_at)
        kept = Share.objects.filter(pool__owner=session.pool_owner).aggregate(all=Sum("places"))["all"] or 0
        assert kept == (4 if one.starts_at - timedelta(hours=48) > clock.local(last, "06:00") else 0)
        assert Enrollment.objects.filter(session=session).count() == one.enrolled
