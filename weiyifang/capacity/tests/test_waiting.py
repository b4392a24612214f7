"""The waiting list: order, groups, offers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from weiyifang.capacity import queries, services, verify
from weiyifang.capacity.models import Claim, ClaimState, PlacePool, WaitEntry, WaitState
from weiyifang.capacity.tests.make import counters, fresh, later, open_pool, take, wait
from weiyifang.core import actors, clock, timeline

by = actors.Actor(community_id=500108002001, name="Li")


def states(*entries: WaitEntry) -> str:
    """`wo` = the first waits, the second has an offer."""
    return "".join(fresh(entry).state[0] for entry in entries)


def verbs(subject: str) -> list[str]:
    return [entry.verb for entry in timeline.of(subject)][::-1]


def test_people_move_up_in_the_order_they_came(django_assert_num_queries: Any) -> None:
    pool = open_pool(2)
    claims = [take(pool, name) for name in ("a", "b")]
    entries = []
    for minutes, name in enumerate("cde"):
        with later(minutes=minutes):
            entries.append(wait(pool, name))
    assert [queries.rank(entry) for entry in entries] == [1, 2, 3]
    services.release(claim=claims[0], by=by)
    assert states(*entries) == "oww"
    assert [queries.rank(entry) for entry in entries] == [None, 1, 2]
    with django_assert_num_queries(1):
        assert queries.ranks(entries[::-1]) == {entries[1].pk: 1, entries[2].pk: 2}
    with django_assert_num_queries(0):
        assert queries.ranks([]) == {}
    assert list(queries.waiting(pool)) == entries[1:]
    assert verbs("c") == ["WaitingJoined", "PlaceOffered"]


def test_an_offer_holds_the_place() -> None:
    pool = open_pool(1)
    first = take(pool, "a")
    entry = wait(pool, "b")
    services.release(claim=first, by=by)
    with pytest.raises(services.Full):
        take(pool, "newcomer")
    claim = services.accept(entry=entry, by=by)
    assert (claim.state, claim.holder, claim.expires_at) == (ClaimState.TAKEN, "b", None)
    assert (entry.state, counters(pool)) == (WaitState.ACCEPTED, (1, 0, 0))
    with pytest.raises(services.NoOffer):
        services.accept(entry=entry, by=by)


def test_confirming_the_claim_of_an_offer_accepts_it() -> None:
    pool = open_pool(1)
    first = take(pool, "a")
    entry = wait(pool, "b")
    services.release(claim=first, by=by)
    services.confirm(claim=fresh(entry).claim, by=by)
    assert states(entry) == "a"
    assert verbs("b")[-1] == "OfferAccepted"


def test_without_time_to_think_the_place_is_theirs_at_once() -> None:
    pool = open_pool(1, offer_hours=0)
    first = take(pool, "a")
    entry = wait(pool, "b")
    services.release(claim=first, by=by)
    assert (states(entry), counters(pool)) == ("a", (1, 0, 0))
    assert verbs("b") == ["WaitingJoined", "PlaceTakenFromList"]


def test_an_offer_that_is_declined_goes_to_the_next() -> None:
    pool = open_pool(1)
    first = take(pool, "a")
    entries = [wait(pool, name) for name in "bcd"]
    services.release(claim=first, by=by)
    services.decline(entry=entries[0], by=by)
    assert states(*entries) == "dow"
    services.leave(entry=entries[1], by=by)
    assert states(*entries) == "dlo"
    with pytest.raises(services.NoOffer):
        services.decline(entry=entries[0], by=by)
    with pytest.raises(services.NoOffer):
        services.leave(entry=entries[0], by=by)


def test_an_offer_that_is_not_answered_goes_to_the_next() -> None:
    pool = open_pool(1, offer_hours=2)
    first = take(pool, "a")
    entries = [wait(pool, name) for name in "bc"]
    services.release(claim=first, by=by)
    with later(hours=2):
        with pytest.raises(services.NoOffer):
            services.accept(entry=entries[0], by=by)
        assert services.expire_due(by=by) == 1
        assert states(*entries) == "eo"
        assert verbs("b") == ["WaitingJoined", "PlaceOffered", "OfferLapsed"]
    with later(hours=4):
        assert services.expire_due(by=by) == 1
    assert counters(pool) == (0, 0, 0)


def test_an_offer_that_lapsed_goes_on_even_before_the_sweep() -> None:
    pool = open_pool(1, offer_hours=2)
    first = take(pool, "a")
    entries = [wait(pool, name) for name in "bc"]
    services.release(claim=first, by=by)
    with later(hours=3):
        newcomer = wait(pool, "newcomer")
    assert states(*entries, newcomer) == "eow"


def test_who_joins_while_a_place_is_free_is_offered_it() -> None:
    pool = open_pool(2)
    assert wait(pool, "a").state == WaitState.OFFERED
    assert wait(pool, "group", 2).state == WaitState.WAITING


def test_a_group_comes_all_together_or_not_at_all() -> None:
    pool = open_pool(3)
    claims = [take(pool, name) for name in "abc"]
    group = wait(pool, "group", 2)
    services.release(claim=claims[0], by=by)
    assert (states(group), counters(pool)) == ("w", (2, 0, 1))
    services.release(claim=claims[1], by=by)
    assert (states(group), counters(pool)) == ("o", (1, 2, 0))
    assert fresh(group).claim.places == 2


def test_a_group_is_passed_over_three_times_and_then_all_wait_for_it() -> None:
    pool = open_pool(5)
    claims = [take(pool, name) for name in "abcde"]
    group = wait(pool, "group", 2)
    singles = [wait(pool, f"single {number}") for number in range(5)]
    for claim in claims[:3]:
        services.release(claim=claim, by=by)
    assert states(group, *singles) == "wooo" + "ww"
    services.release(claim=claims[3], by=by)
    assert states(group, *singles) == "wooo" + "ww"
    assert (fresh(group).skips, queries.free(pool)) == (3, 1)
    services.release(claim=claims[4], by=by)
    assert states(group, *singles) == "oooo" + "ww"
    assert verify.check() == []


def test_when_the_group_at_the_head_leaves_those_behind_move_up() -> None:
    pool = open_pool(2, skips_allowed=0)
    claims = [take(pool, name) for name in "ab"]
    group, single = wait(pool, "group", 2), wait(pool, "single")
    services.release(claim=claims[0], by=by)
    assert states(group, single) == "ww"
    services.leave(entry=group, by=by)
    assert states(group, single) == "lo"


def test_a_newcomer_may_pass_a_group_only_as_often_as_those_who_wait() -> None:
    pool = open_pool(4, skips_allowed=1)
    first = take(pool, "a", 3)
    group = wait(pool, "group", 2)
    take(pool, "lucky")
    assert fresh(group).skips == 1
    services.release(claim=first, by=by)
    assert states(group) == "o"
    second = wait(pool, "second group", 2)
    services.resize(pool=pool, places=4, by=by)
    take(pool, "lucky again")
    services.resize(pool=pool, places=5, by=by)
    with pytest.raises(services.KeptForTheList) as refusal:
        take(pool, "unlucky")
    assert (refusal.value.details["free"], states(second)) == (1, "w")


def test_several_who_wait_together_are_one_in_the_line_and_free_to_leave_it() -> None:
    pool = open_pool(4, skips_allowed=1)
    claims = [take(pool, name) for name in "abcd"]
    three = services.wait_together(pool=pool, wanted=[("e", 1), ("f", 1), ("g", 1)], by=by)
    single, next_one = wait(pool, "h"), wait(pool, "i")
    services.release(claim=claims[0], by=by)
    assert states(*three, single, next_one) == "wwwow"
    assert [fresh(entry).skips for entry in three] == [1, 1, 1]
    services.release_together(claims=claims[1:3], by=by)
    assert states(*three, next_one) == "wwww"  # two are kept for them
    services.leave(entry=three[0], by=by)
    assert states(*three) == "loo"
    assert states(next_one) == "w"
    assert verify.check() == []


def test_places_are_kept_for_a_group_so_long_and_then_everybody_may_pass_it() -> None:
    pool = open_pool(2, skips_allowed=0)
    claims = [take(pool, name) for name in "ab"]
    group, single = wait(pool, "group", 2), wait(pool, "single")
    services.release(claim=claims[0], by=by)
    until = fresh(group).gathers_until
    assert until == clock.now() + timedelta(hours=24)
    with later(hours=23):
        assert services.expire_due(by=by) == 0
        assert states(group, single) == "ww"
    with later(hours=24):
        assert [fault.check for fault in verify.check()] == ["lines"]  # until the clock has looked
        services.expire_due(by=by)
        assert (states(group, single), fresh(group).gathers_until) == ("wo", until)
        services.release(claim=claims[1], by=by)
        services.decline(entry=fresh(single), by=by)
        assert states(group) == "o"
        assert verify.check() == []


def test_a_group_larger_than_the_whole_pool_is_told_so() -> None:
    with pytest.raises(services.GroupTooLarge):
        wait(open_pool(3), "group", 4)


def test_a_group_that_a_smaller_pool_can_never_seat_stands_in_nobodys_way() -> None:
    pool = open_pool(4, skips_allowed=0)
    claims = [take(pool, name, 2) for name in "ab"]
    group, single = wait(pool, "group", 3), wait(pool, "single")
    services.release(claim=claims[0], by=by)
    assert states(group, single) == "ww"
    services.resize(pool=pool, places=2, by=by)
    services.release(claim=claims[1], by=by)
    assert (states(group, single), fresh(group).skips) == ("wo", 0)
    assert verify.check() == []


def test_what_lapsed_goes_to_those_who_wait_before_the_pool_is_made_smaller() -> None:
    pool = open_pool(3)
    take(pool, "a", 3, hold_minutes=20)
    group = wait(pool, "group", 3)
    with later(minutes=20), pytest.raises(services.BelowTaken):
        services.resize(pool=pool, places=2, by=by)
    assert states(group) == "w"
    with later(minutes=20):
        services.resize(pool=pool, places=4, by=by)
    assert (states(group), counters(pool)) == ("o", (0, 3, 0))


def test_nobody_waits_twice_or_waits_and_holds() -> None:
    pool = open_pool(1)
    take(pool, "a")
    wait(pool, "b")
    with pytest.raises(services.AlreadyWaiting):
        wait(pool, "b")
    with pytest.raises(services.AlreadyHolds):
        wait(pool, "a")
    with pytest.raises(services.AlreadyWaiting):
        take(pool, "b")


def test_releasing_the_claim_of_an_open_offer_declines_it() -> None:
    pool = open_pool(1)
    first = take(pool, "a")
    entries = [wait(pool, name) for name in "bc"]
    services.release(claim=first, by=by)
    services.release(claim=fresh(entries[0]).claim, by=by)
    assert states(*entries) == "do"
    assert Claim.objects.filter(state=ClaimState.HELD).get().holder == "c"


def test_what_only_followed_is_told_as_the_programs_doing() -> None:
    pool = open_pool(1)
    first = take(pool, "a")
    wait(pool, "b")
    services.release(claim=first, by=by)
    assert {entry.verb: entry.actor_name for entry in timeline.of("b")} == {
        "WaitingJoined": "本系统",
        "PlaceOffered": "本系统",
    }
    services.leave(entry=WaitEntry.objects.get(holder="b"), by=by)
    told = timeline.of("b").first()
    assert told is not None
    assert (told.verb, told.actor_name) == ("WaitingLeft", "")


def test_many_move_up_in_a_few_statements(django_assert_max_num_queries: object) -> None:
    pool = open_pool(1)
    for number in range(60):
        wait(pool, f"person {number}")
    with django_assert_max_num_queries(16):  # type: ignore[operator]  # the fixture's type takes no number alone
        services.resize(pool=pool, places=50, by=by)
    assert counters(pool) == (0, 50, 10)


def closing(pool: PlacePool, *, minutes: int) -> datetime:
    """Let its queue end so many minutes from now."""
    closes_at = clock.now() + timedelta(minutes=minutes)
    services.close_at(pool=pool, closes_at=closes_at, by=by)
    return closes_at


@pytest.mark.parametrize(("minutes", "answer"), [(3 * 24 * 60, 24 * 60), (3 * 60, 3 * 60), (40, 40), (20, 30), (1, 30)])
def test_near_the_end_of_the_queue_there_is_less_time_to_answer(minutes: int, answer: int) -> None:
    pool = open_pool(1)
    first, entry = take(pool, "a"), wait(pool, "b")
    closing(pool, minutes=minutes)
    services.release(claim=first, by=by)
    assert fresh(entry).offer_expires_at == clock.now() + timedelta(minutes=answer)


def test_an_offer_that_runs_is_shortened_when_the_queue_ends_earlier() -> None:
    pool = open_pool(1)
    first, entry = take(pool, "a"), wait(pool, "b")
    services.release(claim=first, by=by)
    closes_at = closing(pool, minutes=120)
    assert fresh(entry).offer_expires_at == fresh(entry).claim.expires_at == closes_at
    with later(minutes=120):
        with pytest.raises(services.NoOffer):
            services.accept(entry=entry, by=by)
        services.expire_due(by=by)
    assert states(entry) == "e"


def test_when_the_queue_ends_whoever_waits_is_let_go_and_told() -> None:
    pool = open_pool(2)
    take(pool, "a", 2)
    entries = [wait(pool, "b"), wait(pool, "c")]
    closing(pool, minutes=10)
    with later(minutes=10):
        services.expire_due(by=by)
        assert [fresh(entry).state for entry in entries] == [WaitState.CLOSED] * 2
        assert verbs("b")[-1] == "TurnNotReached"
        assert counters(pool) == (2, 0, 0)
        with pytest.raises(services.QueueClosed):
            wait(pool, "d")


def test_after_the_end_nobody_is_asked_and_newcomers_need_not_wait_for_the_job() -> None:
    pool = open_pool(1)
    first, entry = take(pool, "a"), wait(pool, "b")
    closing(pool, minutes=10)
    with later(minutes=11):
        services.release(claim=first, by=by)
        assert states(entry) == "c"
        take(pool, "newcomer")


@pytest.mark.parametrize("offer_hours", [0, 24])
def test_places_that_are_added_after_the_end_are_offered_to_nobody(offer_hours: int) -> None:
    pool = open_pool(1, offer_hours=offer_hours)
    take(pool, "a")
    entry = wait(pool, "b")
    closing(pool, minutes=10)
    with later(minutes=11):
        services.resize(pool=pool, places=5, by=by)
    assert states(entry) == "c"
    assert counters(pool) == (1, 0, 0)


def test_a_turn_left_is_not_taken_back_after_the_end() -> None:
    pool = open_pool(1)
    take(pool, "a")
    entry = wait(pool, "b")
    services.leave(entry=entry, by=by)
    closing(pool, minutes=5)
    with later(minutes=5), pytest.raises(services.QueueClosed):
        services.come_back(entry=entry, by=by)


def test_an_offer_past_the_end_is_found() -> None:
    pool = open_pool(1)
    first, entry = take(pool, "a"), wait(pool, "b")
    services.release(claim=first, by=by)
    PlacePool.objects.update(closes_at=clock.now())
    assert {fault.check for fault in verify.check()} == {"ends"}
    services.decline(entry=entry, by=by)
