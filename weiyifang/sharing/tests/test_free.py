"""When is what free next?"""

from __future__ import annotations

from datetime import time
from functools import partial

import pytest
from pytest_django import DjangoAssertNumQueries

from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.sharing import queries, services
from weiyifang.sharing.tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("promises")]


def test_the_next_free_hours_of_all_things_are_found_in_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    whole, left, right = make.hall()
    quiet = make.resource("茶室", opens=time(14), closes=time(16), weekdays="4")  # Thursdays
    tight = make.resource("琴房", buffer_before=30, buffer_after=30)
    chairs = make.stock()
    day = partial(make.at, 1)
    assert day().isoweekday() == 4
    with clock.at(day(hour=13, minute=40)):
        make.book(left, hour=14, hours=2, days=0)
        make.book(quiet, hour=14, hours=1, days=0)
        make.book(quiet, hour=15, hours=1, days=0)
        make.book(tight, hour=15, hours=1, days=0)
        with django_assert_num_queries(0):  # beside one that is prepared
            free = queries.next_free([whole, left, right, quiet, tight, chairs])
    assert free == {
        whole: (day(hour=16), day(hour=21)),  # an hour from 13:40 on is not free: half of it is taken at 14:00
        left: (day(hour=16), day(hour=21)),
        right: (day(hour=13, minute=40), day(hour=21)),
        quiet: (make.at(8, 14), make.at(8, 16)),
        tight: (day(hour=17), day(hour=21)),  # the minutes after one and before the next
    }
    services.close(resource=quiet, starts_at=make.at(0, 0), ends_at=make.at(40, 0), reason="装修", by=system())
    assert queries.next_free([quiet]) == {}
