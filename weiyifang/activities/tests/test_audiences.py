"""From which age one is an elder, and up to which a child: a dated rule, and a community's own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from weiyifang.activities import services
from weiyifang.activities.models import Audience
from weiyifang.activities.tests import make
from weiyifang.communities import services as communities
from weiyifang.core import clock, dated
from weiyifang.core.actors import system

pytestmark = pytest.mark.usefixtures("here")


def own_ages(since: date, **values: int) -> None:
    """The community says who is an elder or a child here, from that day on."""
    communities.set_rule(rule="activities.audiences", since=since, values=values, why="老年协会约定", by=system())
    dated.forget()


def test_a_communitys_own_age_holds_for_dates_that_begin_from_its_day_on() -> None:
    today = clock.today()
    fifty_eight = make.resident("五八年的", born_on=date(today.year - 58, 1, 1))
    soon = make.session(days=2, audience=Audience.ELDERS)
    later = make.session(days=20, audience=Audience.ELDERS)
    own_ages(today + timedelta(days=10), elders_from=55)
    with pytest.raises(services.TooYoung):
        make.enroll(soon, fifty_eight)
    make.enroll(later, fifty_eight)
    assert services.ages(soon.activity, today + timedelta(days=2)) == (60, None)
    assert services.ages(later.activity, today + timedelta(days=20)) == (55, None)


def test_what_an_activity_says_of_ages_goes_before_the_rule() -> None:
    today = clock.today()
    session = make.session(audience=Audience.CHILDREN, max_age=12)
    assert services.ages(session.activity, today) == (None, 12)
    assert services.ages(make.activity(audience=Audience.CHILDREN), today) == (None, 14)
