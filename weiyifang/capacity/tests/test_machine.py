"""Whatever people do in whatever order, the pool stands where a page of plain Python says it stands."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from weiyifang.capacity import queries, services, verify
from weiyifang.capacity.models import Claim, ClaimState, PlacePool, WaitEntry, WaitState
from weiyifang.capacity.tests.make import NOON
from weiyifang.core import actors, clock
from weiyifang.core.refusals import Refused


@dataclass
class Waiter:
    holder: str
    places: int
    skips: int = 0
    gathers_until: datetime | None = None
    fits: int = 0  # how many of the places may come out of the share


@dataclass
class Oracle:
    """What should be true. `has`: holder → (places, held until or None, by an offer?); `out`: how many of them came out
    of the share, of which `kept` places are left and which opens to all at `opens_at`."""

    places: int
    offer_hours: int
    skips_allowed: int
    now: datetime = NOON
    closes_at: datetime | None = None
    has: dict[str, tuple[int, datetime | None, bool]] = field(default_factory=dict)
    line: list[Waiter] = field(default_factory=list)
    kept: int = 0
    opens_at: datetime = NOON
    stands: bool = True  # nobody has looked since it opened
    out: dict[str, int] = field(default_factory=dict)

    @property
    def free(self) -> int:
        return self.places - self.kept - sum(places for places, _until, _offer in self.has.values())

    def give(self, holder: str, places: int, of_share: int, until: datetime | None, *, by_offer: bool) -> None:
        self.has[holder], self.out[holder] = (places, until, by_offer), of_share
        self.kept -= of_share

    def give_back(self, holder: str) -> None:
        del self.has[holder]
        self.kept += self.out.pop(holder) if self.stands else 0

    def room(self, before: list[Waiter]) -> tuple[int, int]:
        """What is free for all and what is kept, behind these: one of them may have it gathered for them."""
        free, kept = self.free, self.kept
        for waiter in before:
            if free and waiter.skips >= self.skips_allowed and self.is_in_the_way(waiter):
                free, kept = 0, kept - min(waiter.fits, kept)
                if waiter.gathers_until is None:
                    waiter.gathers_until = self.now + GATHERS
        return free, kept

    @property
    def is_closed(self) -> bool:
        return self.closes_at is not None and self.closes_at <= self.now

    @property
    def answer_by(self) -> datetime | None:
        if not self.offer_hours:
            return None
        until = self.now + timedelta(hours=self.offer_hours)
        at_least = self.now + timedelta(minutes=30)
        return until if self.closes_at is None else min(until, max(self.closes_at, at_least))

    def settle(self) -> None:
        for holder, (_places, until, _offer) in list(self.has.items()):
            if until is not None and until <= self.now:
                self.give_back(holder)
        if self.now >= self.opens_at:
            self.kept, self.stands = 0, False
        if self.is_closed:
            self.line = []
        while self.serve_one():
            pass

    def close_at(self, moment: datetime) -> None:
        if moment == self.closes_at:
            return
        self.closes_at = moment
        for holder, (places, until, offer) in self.has.items():
            if until is not None and until > self.now and offer and self.answer_by is not None:
                self.has[holder] = (places, min(until, self.answer_by), offer)
        self.settle()

    def serve_one(self) -> bool:
        for number, waiter in enumerate(self.line):
            free, kept = self.room(self.line[:number])
            of_share = min(waiter.fits, kept)
            if waiter.places - of_share <= free:
                if waiter.places > of_share:
                    self.pass_over(number)
                del self.line[number]
                until = self.answer_by
                self.give(waiter.holder, waiter.places, of_share, until, by_offer=until is not None)
                return True
        self.room(self.line)
        return False

    def is_in_the_way(self, waiter: Waiter) -> bool:
        in_vain = waiter.gathers_until is not None and waiter.gathers_until <= self.now
        return waiter.places <= self.places and not in_vain

    def pass_over(self, number: int) -> None:
        for waiter in self.line[:number]:
            waiter.skips += self.is_in_the_way(waiter)

    def claim(self, holder: str, places: int, until: datetime | None, fits: int) -> None:
        self.settle()
        assert holder not in {*self.has, *[waiter.holder for waiter in self.line]}
        free, kept = self.room(self.line)
        of_share = min(fits, kept)
        assert places - of_share <= free
        if places > of_share:
            self.pass_over(len(self.line))
        self.give(holder, places, of_share, until, by_offer=False)
        while self.serve_one():
            pass

    def wait(self, holder: str, places: int, fits: int) -> None:
        assert not self.is_closed
        self.settle()
        assert holder not in {*self.has, *[waiter.holder for waiter in self.line]}
        assert places <= self.places
        self.line.append(Waiter(holder, places, fits=fits))
        self.settle()

    def confirm(self, holder: str, *, only_offers: bool) -> None:
        places, until, offer = self.has[holder]
        assert until is not None
        assert until > self.now
        assert offer or not only_offers
        self.has[holder] = (places, None, False)

    def release(self, holder: str, *, only_offers: bool = False) -> None:
        assert not only_offers or self.has[holder][2]
        self.give_back(holder)
        self.settle()

    def leave(self, holder: str) -> None:
        if holder in self.has:
            return self.release(holder, only_offers=True)
        self.line.remove(next(waiter for waiter in self.line if waiter.holder == holder))
        return self.settle()

    def resize(self, places: int) -> None:
        self.settle()
        assert places >= self.places - self.free
        self.places = places
        self.settle()


EVERYBODY = "abcdef"
GATHERS = timedelta(hours=3)
SHARE = "elders"
BY = actors.Actor(community_id=500108002001, name="somebody")


def open_to(holder: str, places: int, fits: int) -> services.Fits:
    return {holder: {SHARE: min(places, fits)}} if fits else {}


class Places(RuleBasedStateMachine):
    @initialize(
        places=st.integers(1, 4),
        offer_hours=st.sampled_from([0, 1, 24]),
        skips_allowed=st.sampled_from([0, 1, 2]),
        kept=st.integers(0, 2),
        opens_in=st.sampled_from([50, 5 * 60, 30 * 60]),
    )
    def open(self, places: int, offer_hours: int, skips_allowed: int, kept: int, opens_in: int) -> None:
        self.world = transaction.atomic()
        self.world.__enter__()
        self.oracle = Oracle(places, offer_hours, skips_allowed)
        self.pool = services.open_pool(
            owner="a-session",
            places=places,
            offer_hours=offer_hours,
            skips_allowed=skips_allowed,
            gather_hours=GATHERS // timedelta(hours=1),
            by=BY,
        )
        if kept := min(kept, places):
            self.oracle.kept, self.oracle.opens_at = kept, NOON + timedelta(minutes=opens_in)
            with clock.at(NOON):
                services.share_out(pool=self.pool, shares=[(SHARE, kept, self.oracle.opens_at)], by=BY)

    def pick(self, data: st.DataObject, likely: Iterable[str]) -> str:
        """Mostly somebody for whom it makes sense."""
        return data.draw(st.sampled_from(sorted(likely) * 4 + list(EVERYBODY)))

    @property
    def offered(self) -> list[str]:
        return [holder for holder, (_places, _until, offer) in self.oracle.has.items() if offer]

    @property
    def outside(self) -> set[str]:
        return set(EVERYBODY) - set(self.oracle.has) - {waiter.holder for waiter in self.oracle.line}

    def both(self, ours: Callable[[], Any], theirs: Callable[[Oracle], Any]) -> None:
        """Do it in both worlds: both do it, or both refuse and stay as they were."""
        trial = copy.deepcopy(self.oracle)
        try:
            theirs(trial)
        except (AssertionError, KeyError, StopIteration):
            expected = False
        else:
            expected, self.oracle = True, trial
        with clock.at(self.oracle.now):
            try:
                ours()
                done = True
            except (Refused, Claim.DoesNotExist, WaitEntry.DoesNotExist):
                done = False
        assert done == expected

    def claim_of(self, holder: str) -> Claim:
        return Claim.objects.exclude(state=ClaimState.RELEASED).get(holder=holder)

    def entry_of(self, holder: str) -> WaitEntry:
        return WaitEntry.objects.get(holder=holder, state__in=[WaitState.WAITING, WaitState.OFFERED])

    @rule(
        data=st.data(),
        places=st.sampled_from([1, 1, 2, 3]),
        fits=st.sampled_from([0, 0, 1, 3]),
        minutes=st.sampled_from([0, 20, 20]),
    )
    def claim(self, data: st.DataObject, places: int, fits: int, minutes: int) -> None:
        holder = self.pick(data, self.outside)
        until = self.oracle.now + timedelta(minutes=minutes) if minutes else None
        self.both(
            lambda: services.claim(
                pool=self.pool,
                holder=holder,
                places=places,
                hold_until=until,
                fits=open_to(holder, places, fits),
                by=BY,
            ),
            lambda oracle: oracle.claim(holder, places, until, min(places, fits)),
        )

    @rule(data=st.data(), places=st.sampled_from([1, 1, 2, 3]), fits=st.sampled_from([0, 0, 1, 3]))
    def wait(self, data: st.DataObject, places: int, fits: int) -> None:
        holder = self.pick(data, self.outside)
        self.both(
            lambda: services.wait(
                pool=self.pool, holder=holder, places=places, fits=open_to(holder, places, fits), by=BY
            ),
            lambda oracle: oracle.wait(holder, places, min(places, fits)),
        )

    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        holder = self.pick(data, self.oracle.has)
        self.both(lambda: services.release(claim=self.claim_of(holder), by=BY), lambda oracle: oracle.release(holder))

    @rule(data=st.data())
    def confirm(self, data: st.DataObject) -> None:
        holder = self.pick(data, self.oracle.has)
        self.both(
            lambda: services.confirm(claim=self.claim_of(holder), by=BY),
            lambda oracle: oracle.confirm(holder, only_offers=False),
        )

    @rule(data=st.data())
    def accept(self, data: st.DataObject) -> None:
        holder = self.pick(data, self.offered)
        self.both(
            lambda: services.accept(entry=self.entry_of(holder), by=BY),
            lambda oracle: oracle.confirm(holder, only_offers=True),
        )

    @rule(data=st.data())
    def decline(self, data: st.DataObject) -> None:
        holder = self.pick(data, self.offered)
        self.both(
            lambda: services.decline(entry=self.entry_of(holder), by=BY),
            lambda oracle: oracle.release(holder, only_offers=True),
        )

    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        holder = self.pick(data, [waiter.holder for waiter in self.oracle.line])
        self.both(lambda: services.leave(entry=self.entry_of(holder), by=BY), lambda oracle: oracle.leave(holder))

    @rule(places=st.integers(0, 5))
    def resize(self, places: int) -> None:
        self.both(lambda: services.resize(pool=self.pool, places=places, by=BY), lambda oracle: oracle.resize(places))

    @rule(minutes=st.sampled_from([0, 40, 100, 3 * 24 * 60]))
    def close_at(self, minutes: int) -> None:
        moment = self.oracle.now + timedelta(minutes=minutes)
        self.both(
            lambda: services.close_at(pool=self.pool, closes_at=moment, by=BY), lambda oracle: oracle.close_at(moment)
        )

    @rule(minutes=st.sampled_from([20, 60, 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.oracle.now += timedelta(minutes=minutes)

    @rule()
    def sweep(self) -> None:
        self.both(lambda: services.expire_due(by=BY), lambda oracle: oracle.settle())

    @invariant()
    def both_worlds_are_the_same(self) -> None:
        if not hasattr(self, "oracle"):
            return
        pool = PlacePool.objects.get(pk=self.pool.pk)
        live = Claim.objects.exclude(state=ClaimState.RELEASED)
        offered = set(WaitEntry.objects.filter(state=WaitState.OFFERED).values_list("holder", flat=True))
        assert {one.holder: (one.places, one.expires_at, one.holder in offered) for one in live} == self.oracle.has
        line = [
            Waiter(one.holder, one.places, one.skips, one.gathers_until, one.fits.get(SHARE, 0))
            for one in queries.waiting(pool)
        ]
        assert line == self.oracle.line
        assert (pool.places, pool.free, pool.kept) == (self.oracle.places, self.oracle.free, self.oracle.kept)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            assert verify.check() == []
            transaction.set_rollback(True)
            self.world.__exit__(None, None, None)


def test_the_pool_is_where_the_oracle_says() -> None:
    run_state_machine_as_test(
        Places,
        settings=settings(
            max_examples=40, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
