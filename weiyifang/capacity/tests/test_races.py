"""Many people, few places. Every race has its control: the same crowd against code without the lock."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from django.db import transaction

from tests.concurrency import at_once
from weiyifang.capacity import services, verify
from weiyifang.capacity.models import Claim, ClaimState, PlacePool, WaitState
from weiyifang.capacity.tests.make import LANES, counters, fresh, later, open_pool, rush, take, wait
from weiyifang.core import actors
from weiyifang.core.refusals import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def sold(pool: PlacePool) -> int:
    return sum(Claim.objects.filter(pool=pool).exclude(state=ClaimState.RELEASED).values_list("places", flat=True))


def test_two_hundred_people_get_exactly_twenty_one_places() -> None:
    pool = open_pool(21)
    results = rush([partial(take, pool, f"person {number}") for number in range(200)])
    assert sum(isinstance(result, Claim) for result in results) == 21
    assert sum(isinstance(result, services.Full) for result in results) == 179
    assert sold(pool) == 21
    assert counters(pool) == (21, 0, 0)
    assert verify.check() == []


def test_control_counting_first_and_then_inserting_oversells() -> None:
    pool = open_pool(21)
    all_have_counted = threading.Barrier(LANES)

    def careless(holder: str) -> bool:
        with transaction.atomic():
            free = pool.places - sold(pool)
            all_have_counted.wait()
            if free > 0:
                Claim.objects.create(pool=pool, holder=holder, state=ClaimState.TAKEN)
            return free > 0

    results = rush([partial(careless, f"person {number}") for number in range(8 * LANES)])
    assert sum(result is True for result in results) > 21
    assert sold(pool) > 21
    assert {fault.check for fault in verify.check()} == {"counters", "oversold"}


def test_people_who_hold_and_people_who_take_never_exceed_the_places_together() -> None:
    pool = open_pool(21)
    crowd = [partial(take, pool, f"person {n}", 1 + n % 3, hold_minutes=10 * (n % 2)) for n in range(100)]
    rush(crowd)
    assert 19 <= sold(pool) <= 21
    assert verify.check() == []


def test_one_person_who_presses_five_times_gets_one_place() -> None:
    pool = open_pool(21)
    results = rush([partial(take, pool, "impatient")] * LANES)
    assert sum(isinstance(result, Claim) for result in results) == 1
    assert sum(isinstance(result, services.AlreadyHolds) for result in results) == LANES - 1
    assert counters(pool) == (1, 0, 0)


def test_places_that_come_free_in_a_rush_all_reach_the_waiting_list() -> None:
    pool = open_pool(20, offer_hours=0)
    claims = [take(pool, f"early {number}") for number in range(20)]
    waiting = [wait(pool, f"late {number}") for number in range(15)]
    give_up = [partial(services.release, claim=claim, by=actors.system()) for claim in claims[:10]]
    newcomers = [partial(take, pool, f"newcomer {number}") for number in range(10)]
    rush([call for pair in zip(give_up, newcomers, strict=True) for call in pair])
    assert [fresh(entry).state for entry in waiting] == [WaitState.ACCEPTED] * 10 + [WaitState.WAITING] * 5
    assert counters(pool) == (20, 0, 5)
    assert verify.check() == []


@pytest.mark.parametrize("attempt", range(5))
def test_an_offer_is_accepted_or_lapses_never_both(attempt: int) -> None:
    pool = open_pool(1, owner=f"session-{attempt}")
    first = take(pool, "first")
    entry, behind = wait(pool, "second"), wait(pool, "third")
    services.release(claim=first, by=actors.system())

    def accept_in_the_last_minute() -> Claim:
        with later(hours=23, minutes=59):
            return services.accept(entry=entry, by=actors.system())

    def clear_away() -> int:
        with later(hours=24):
            return services.expire_due(by=actors.system())

    accepted, lapsed = at_once(accept_in_the_last_minute, clear_away)
    if lapsed == 1:
        assert isinstance(accepted, Refused)
        assert (fresh(entry).state, fresh(behind).state) == (WaitState.EXPIRED, WaitState.OFFERED)
    else:
        assert isinstance(accepted, Claim)
        assert (fresh(entry).state, fresh(behind).state) == (WaitState.ACCEPTED, WaitState.WAITING)
    assert verify.check() == []
