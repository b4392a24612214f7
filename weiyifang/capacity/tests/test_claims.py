"""Claiming, holding, confirming, releasing, resizing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from weiyifang.capacity import events, queries, services
from weiyifang.capacity.models import Claim, ClaimState, PlacePool
from weiyifang.capacity.tests.make import counters, later, open_pool, take, wait
from weiyifang.core import actors, clock, timeline
from weiyifang.core.refusals import Refused
from weiyifang.core.states import ForbiddenMove

by = actors.Actor(community_id=500108002001, name="Li")


def test_a_place_is_taken_and_given_back() -> None:
    pool = open_pool(2)
    claim = take(pool, "Zhang", 2)
    assert (claim.state, claim.expires_at, queries.free(pool)) == (ClaimState.TAKEN, None, 0)
    services.release(claim=claim, by=by)
    assert (Claim.objects.get().state, queries.free(pool)) == (ClaimState.RELEASED, 2)
    with pytest.raises(ForbiddenMove):
        services.release(claim=claim, by=by)
    assert counters(pool) == (0, 0, 0)


def test_a_full_pool_says_so_and_how_many_are_left() -> None:
    pool = open_pool(2)
    take(pool, "Zhang")
    with pytest.raises(services.TooFewLeft) as too_few:
        take(pool, "Li", 2)
    assert too_few.value.details["free"] == 1
    take(pool, "Wang")
    with pytest.raises(services.Full) as refusal:
        take(pool, "Li")
    assert refusal.value.details["free"] == 0


def test_nobody_takes_a_second_claim_in_the_same_pool() -> None:
    pool = open_pool(3)
    take(pool, "Zhang")
    with pytest.raises(services.AlreadyHolds):
        take(pool, "Zhang")
    assert counters(pool) == (1, 0, 0)
    take(open_pool(3, owner="another-session"), "Zhang")


def test_several_holders_come_all_together_or_not_at_all() -> None:
    pool = open_pool(4)
    with pytest.raises(services.Full):
        services.claim_many(pool=pool, wanted=[("a", 2), ("b", 2), ("c", 1)], by=by)
    with pytest.raises(services.AlreadyHolds):
        services.claim_many(pool=pool, wanted=[("a", 1), ("a", 1)], by=by)
    assert (Claim.objects.count(), counters(pool)) == (0, (0, 0, 0))
    services.claim_many(pool=pool, wanted=[("a", 2), ("b", 2)], by=by)
    assert counters(pool) == (4, 0, 0)


def test_a_hold_is_confirmed_in_time() -> None:
    pool = open_pool(1)
    claim = take(pool, "Zhang", hold_minutes=15)
    assert counters(pool) == (0, 1, 0)
    with later(minutes=14):
        services.confirm(claim=claim, by=by)
    assert counters(pool) == (1, 0, 0)
    with later(days=30):
        assert services.expire_due(by=by) == 0


def test_a_hold_that_is_over_cannot_be_confirmed_and_goes_to_the_next_who_asks() -> None:
    pool = open_pool(1)
    claim = take(pool, "Zhang", hold_minutes=15)
    with pytest.raises(services.Full):
        take(pool, "Li")
    with later(minutes=15):
        assert queries.free(pool) == 1
        with pytest.raises(services.HoldOver):
            services.confirm(claim=claim, by=by)
        take(pool, "Li")
        with pytest.raises(services.HoldOver):
            services.confirm(claim=claim, by=by)
    assert counters(pool) == (1, 0, 0)
    told = timeline.of("Zhang").get()
    assert (told.verb, told.actor_name) == (events.HoldLapsed.__name__, "本系统")


def test_who_let_a_hold_lapse_may_try_again_though_nobody_else_needed_the_place() -> None:
    pool = open_pool(5)
    take(pool, "Zhang", hold_minutes=15)
    with later(minutes=15):
        take(pool, "Zhang", 2)
    assert counters(pool) == (2, 0, 0)


def test_a_hold_ends_in_the_future() -> None:
    with pytest.raises(ValueError):
        services.claim(pool=open_pool(1), holder="Zhang", hold_until=clock.now(), by=by)


def test_the_sweep_ends_what_is_due_and_nothing_else() -> None:
    early, late = open_pool(2), open_pool(2, owner="late")
    take(early, "Zhang", hold_minutes=10)
    take(early, "Li", hold_minutes=20)
    take(late, "Zhang", hold_minutes=30)
    with later(minutes=10):
        assert services.expire_due(by=by) == 1
    assert (counters(early), counters(late)) == ((0, 1, 0), (0, 1, 0))
    with later(minutes=60):
        assert services.expire_due(by=by) == 2
        assert services.expire_due(by=by) == 0
    assert PlacePool.objects.filter(lapses_at=None).count() == 2


def test_more_places_go_to_the_waiting_list_and_fewer_than_are_gone_are_refused() -> None:
    pool = open_pool(2)
    take(pool, "Zhang", 2)
    entries = [wait(pool, name) for name in ("Li", "Wang")]
    services.resize(pool=pool, places=3, by=by)
    assert counters(pool) == (2, 1, 1)
    assert queries.rank(entries[1]) == 1
    with pytest.raises(services.BelowTaken) as refusal:
        services.resize(pool=pool, places=2, by=by)
    assert refusal.value.details == {"gone": 3}
    services.resize(pool=pool, places=30, by=by)
    services.resize(pool=pool, places=4, by=by)
    pool.refresh_from_db()
    assert (pool.places, pool.free) == (4, 0)
    first = timeline.of(pool.owner).last()
    assert first is not None
    assert (first.verb, first.values) == ("PoolResized", {"before": 2, "after": 3})


def test_the_same_pool_is_opened_once() -> None:
    pool = open_pool(5)
    assert open_pool(7) == pool
    assert PlacePool.objects.get().places == 5


@pytest.mark.parametrize("wrong", [{"taken": 4}, {"held": 4}, {"taken": 2, "held": 2}, {"taken": -1}, {"places": -1}])
def test_the_database_refuses_counters_that_cannot_be(wrong: dict[str, int]) -> None:
    pool = open_pool(3)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlacePool.objects.filter(pk=pool.pk).update(**wrong)


@pytest.mark.parametrize(
    "wrong", [{"places": 0}, {"places": -1}, {"state": "held"}, {"holder": "Zhang", "state": "taken"}]
)
def test_the_database_refuses_claims_that_cannot_be(wrong: dict[str, object]) -> None:
    pool = open_pool(3)
    take(pool, "Zhang")
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(**{"pool": pool, "holder": "Li", "places": 1, "state": "taken"} | wrong)


def test_a_claim_on_a_quiet_pool_needs_nothing_beside_its_prepared_statement(django_assert_num_queries: Any) -> None:
    pool = open_pool(3)
    with django_assert_num_queries(0):
        services.claim(pool=pool, holder="Zhang", hold_until=clock.now() + timedelta(hours=1), by=by)
    assert counters(pool) == (0, 1, 0)


def test_a_refused_claim_leaves_the_callers_transaction_whole() -> None:
    pool = open_pool(2)
    with transaction.atomic():
        take(pool, "Zhang", 2)
        for holder in ("Zhang", "Li"):
            with pytest.raises(Refused):
                take(pool, holder)
        wait(pool, "Li")
    assert counters(pool) == (2, 0, 1)
