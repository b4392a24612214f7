from __future__ import annotations

import random
from datetime import timedelta

import pytest

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.fund import queries as fund
from weiyifang.organizations.models import Organization
from weiyifang.organizations.tests import make as organization
from weiyifang.people.living import DAYS
from weiyifang.reactions import verify as consequences
from weiyifang.stage import demo, queries, verify
from weiyifang.stage.tests import make

pytestmark = pytest.mark.usefixtures("here", "open_fund")


def test_the_years_shows_bring_the_fund_exactly_its_part() -> None:
    first = clock.today() - timedelta(days=DAYS - 1)
    for seed in range(20):
        plan = demo.plan_year(random.Random(seed), first_day=first, days=DAYS, scale=1)
        assert len(plan) == 30
        assert sum(show.fund_fen for show in plan) == 3_750_000
        assert min(show.fund_fen for show in plan) >= demo.LEAST_FEN
        asked, paid = plan[0].day - timedelta(days=demo.AHEAD), plan[-1].day + timedelta(days=demo.PAID_AFTER)
        assert first <= asked < paid < clock.today(), "all of it happens within the year"
        assert sum(show.is_purchase for show in plan) == 6


def test_a_show_is_asked_for_played_and_paid(cast: dict[str, Actor], choir: Organization) -> None:
    for troupe in (choir, organization.in_status("filed", "晚霞艺术团")):
        make.member(troupe)
    first = clock.today() - timedelta(days=DAYS - 1)
    (show, *_) = demo.plan_year(random.Random(3), first_day=first, days=DAYS, scale=0.01)
    with clock.at(clock.local(show.day - timedelta(days=demo.AHEAD), "10:00")):
        demo.request(show, staff=cast["staff"])
    with clock.at(clock.local(show.day, "21:30")):
        demo.hold(show.day)
    paid_on = show.day + timedelta(days=demo.PAID_AFTER)
    with clock.at(clock.local(paid_on, "08:00")):
        demo.receive(paid_on, accountant=cast["accountant"])
    assert (queries.shows_held(until=clock.today()), queries.fund_share_fen()) == (1, 37_500)
    assert fund.overview(*fund.year_until()).income_fen == 37_500
    demo.leave_on_the_desk(staff=cast["staff"])
    assert [*verify.check(), *consequences.check()] == []
