"""Places kept for some until a moment: who has them, what comes back, and what happens when the moment is there."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from unittest.mock import patch
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from tests.concurrency import at_once
from weiyifang.capacity import queries, services, steps, verify
from weiyifang.capacity.models import Claim, ClaimState, PlacePool, Share, WaitEntry
from weiyifang.capacity.tests.make import counters, fresh, later, open_pool, take
from weiyifang.core import actors, clock, timeline

by = actors.Actor(community_id=500108002001, name="somebody")


def keep(pool: PlacePool, hours: int = 10, **shares: int) -> None:
    until = clock.now() + timedelta(hours=hours)
    services.share_out(pool=pool, shares=[(name, places, until) for name, places in shares.items()], by=by)


def take_as(pool: PlacePool, holder: str, *names: str, places: int = 1, of: int = 1) -> Claim:
    return services.claim(pool=pool, holder=holder, places=places, fits={holder: dict.fromkeys(names, of)}, by=by)


def wait_as(pool: PlacePool, holder: str, *names: str) -> WaitEntry:
    return services.wait(pool=pool, holder=holder, fits={holder: dict.fromkeys(names, 1)} if names else {}, by=by)


def left(pool: PlacePool) -> dict[str, int]:
    pool.refresh_from_db()
    return queries.kept_of(pool)


def test_whoever_fits_has_a_kept_place_before_one_that_is_everybodys() -> None:
    pool = open_pool(3)
    keep(pool, elders=1)
    first, second = take_as(pool, "a", "elders"), take_as(pool, "b", "elders")
    assert [(one.share, one.of_share) for one in (first, second)] == [("elders", 1), ("", 0)]
    take(pool, "c")
    with pytest.raises(services.Full):
        take_as(pool, "d", "elders")
    assert verify.check() == []


def test_what_is_kept_is_nobody_elses_until_its_moment_and_everybodys_from_then_on() -> None:
    pool = open_pool(2)
    keep(pool, children=2)
    with pytest.raises(services.Full):
        take(pool, "a")
    with later(hours=9, minutes=59), pytest.raises(services.Full):
        take(pool, "a")
    with later(hours=10):
        take(pool, "a")
        assert left(pool) == {}
        assert verify.check() == []
    assert "ShareOpened" in [entry.verb for entry in timeline.of(pool.owner)]


def test_at_its_moment_what_is_left_goes_to_who_waits_in_the_same_transaction() -> None:
    pool = open_pool(3, offer_hours=0)
    keep(pool, children=2)
    take(pool, "a")
    entries = [wait_as(pool, name) for name in "bcd"]
    child = take_as(pool, "child", "children")
    assert child.share == "children"
    with later(hours=10):
        services.expire_due(by=by)
        assert [fresh(entry).state for entry in entries] == ["accepted", "waiting", "waiting"]
        services.release(claim=child, by=by)
        assert [fresh(entry).state for entry in entries] == ["accepted", "accepted", "waiting"]
        assert verify.check() == []


def test_a_place_given_back_before_the_moment_goes_back_to_its_share() -> None:
    pool = open_pool(1, offer_hours=0)
    keep(pool, elders=1)
    claim, entry = take_as(pool, "a", "elders"), wait_as(pool, "b")
    services.release(claim=claim, by=by)
    assert (left(pool), fresh(entry).state) == ({"elders": 1}, "waiting")
    fitting = wait_as(pool, "c", "elders")
    assert (fresh(fitting).state, fresh(entry).state, fresh(entry).skips) == ("accepted", "waiting", 0)
    assert verify.check() == []


def test_an_offer_of_a_kept_place_that_nobody_answers_goes_back_to_its_share() -> None:
    pool = open_pool(1, offer_hours=2)
    keep(pool, elders=1)
    claim, entry = take_as(pool, "a", "elders"), wait_as(pool, "b", "elders")
    services.release(claim=claim, by=by)
    assert (fresh(entry).state, left(pool)) == ("offered", {})
    with later(hours=2):
        services.expire_due(by=by)
        assert (fresh(entry).state, left(pool)) == ("expired", {"elders": 1})
        assert verify.check() == []


def test_a_group_sits_partly_in_a_share_and_comes_all_together_or_not_at_all() -> None:
    pool = open_pool(3)
    keep(pool, elders=1)
    wanted, fits = [("a", 1), ("b", 1)], {"a": {"elders": 1}}
    claims = services.claim_many(pool=pool, wanted=wanted, fits=fits, by=by)
    assert [one.share for one in claims] == ["elders", ""]
    with pytest.raises(services.Full):
        services.claim_many(pool=pool, wanted=[("c", 1), ("d", 1)], fits={"c": {"elders": 1}}, by=by)
    assert counters(pool) == (2, 0, 0)


def test_whoever_fits_two_shares_leaves_the_scarcer_to_others_and_whoever_fits_one_goes_first() -> None:
    pool = open_pool(3)
    keep(pool, elders=1, women=2)
    wanted = [("a", 1), ("b", 1), ("c", 1)]
    both = {"elders": 1, "women": 1}
    claims = services.claim_many(pool=pool, wanted=wanted, fits={"a": both, "b": both, "c": {"elders": 1}}, by=by)
    assert [one.share for one in claims] == ["women", "women", "elders"]


def test_places_gathered_for_a_group_leave_alone_what_is_kept_for_others() -> None:
    pool = open_pool(4, skips_allowed=0)
    keep(pool, elders=1)
    take(pool, "a", 2)
    services.wait_together(pool=pool, wanted=[("b", 1), ("c", 1)], by=by)  # one is free for all: it is gathered
    with pytest.raises(services.KeptForTheList):
        take(pool, "d")
    assert take_as(pool, "e", "elders").share == "elders"
    assert verify.check() == []


def test_a_pool_keeps_no_more_than_it_has_and_is_not_made_smaller_than_what_it_keeps() -> None:
    pool = open_pool(3)
    with pytest.raises(services.BelowTaken):
        keep(pool, elders=2, women=2)
    keep(pool, elders=2)
    take(pool, "a")
    with pytest.raises(services.BelowTaken):
        services.resize(pool=pool, places=2, by=by)
    with pytest.raises(services.SomebodyIsThere):
        keep(pool, elders=1)
    with pytest.raises(IntegrityError, match="placepool_never_oversold"), transaction.atomic():
        PlacePool.objects.filter(pk=pool.pk).update(taken=2)


def test_a_moment_that_moves_is_the_one_that_holds() -> None:
    pool = open_pool(1, offer_hours=0)
    keep(pool, elders=1)
    entry = wait_as(pool, "a")
    services.open_shares_at(pool=pool, moments={"elders": clock.now() + timedelta(hours=20)}, by=by)
    with later(hours=11):
        services.expire_due(by=by)
        assert fresh(entry).state == "waiting"
        services.open_shares_at(pool=pool, moments={"elders": clock.now()}, by=by)
        assert fresh(entry).state == "accepted"


@pytest.mark.parametrize(
    ("plant", "found"),
    [
        (lambda: Share.objects.update(left=0), {"counters", "shares"}),
        (lambda: PlacePool.objects.update(kept=F("kept") - 1), {"counters"}),
        (lambda: Claim.objects.update(share="", of_share=0), {"shares"}),
        (lambda: PlacePool.objects.update(lapses_at=None), {"lapses"}),
    ],
)
def test_a_share_that_does_not_add_up_is_found(plant: Callable[[], object], found: set[str]) -> None:
    pool = open_pool(3)
    keep(pool, elders=2)
    take_as(pool, "a", "elders")
    assert verify.check() == []
    plant()
    assert {fault.check for fault in verify.check()} == found


# --- the last kept place, and the moment, at the same moment --------------------------------------------------------


def the_last_one_and_the_moment(pool: PlacePool) -> list[object]:
    """Somebody who fits takes it while the clock opens it to somebody who waits."""
    moment = clock.now() + timedelta(hours=10)

    def fitting() -> Claim:
        with clock.at(moment - timedelta(seconds=1)):  # asked in time, and served whenever the pool is free
            return take_as(pool, "elder", "elders")

    def opening() -> int:
        with clock.at(moment):
            return services.expire_due(by=by)

    return list(at_once(fitting, opening))


def sold(pool: PlacePool) -> int:
    return sum(Claim.objects.filter(pool=pool).exclude(state=ClaimState.RELEASED).values_list("places", flat=True))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(6))
def test_the_last_kept_place_is_one_persons_also_at_the_moment_it_opens(_round: int) -> None:
    pool = open_pool(1, offer_hours=0)
    keep(pool, elders=1)
    wait_as(pool, "waits")
    the_last_one_and_the_moment(pool)
    assert sold(pool) == 1
    with later(hours=10):
        assert verify.check() == []


@pytest.mark.django_db(transaction=True)
def test_without_the_pools_lock_the_last_kept_place_is_given_twice_or_the_database_says_no() -> None:
    """The control: both look at the pool before either writes."""
    pool = open_pool(1, offer_hours=0)
    keep(pool, elders=1)
    wait_as(pool, "waits")
    both_have_looked = threading.Barrier(2, timeout=10)

    def look_only(pool_id: UUID) -> PlacePool:
        found = PlacePool.objects.get(pk=pool_id)
        if threading.current_thread() is not threading.main_thread():
            both_have_looked.wait()
        return found

    with patch.object(steps, "lock", look_only):
        got = the_last_one_and_the_moment(pool)
    assert any(isinstance(one, IntegrityError) for one in got)
