from __future__ import annotations

from datetime import timedelta

import pytest

from weiyifang.core import clock
from weiyifang.ledger import queries, services
from weiyifang.ledger.models import HoldOutcome, HoldResolution
from weiyifang.ledger.tests.make import DAY, Fund, source


def free(our_fund: Fund) -> int:
    return queries.free(our_fund.bank, our_fund.general)


def test_what_is_held_cannot_be_spent_a_second_time(our_fund: Fund) -> None:
    our_fund.give(1_000)
    our_fund.hold(700)
    assert (queries.balance(our_fund.bank), free(our_fund)) == (1_000, 300)
    with pytest.raises(services.OverdraftRefused):
        our_fund.spend(301)
    with pytest.raises(services.OverdraftRefused):
        our_fund.hold(301)
    our_fund.spend(300)
    assert free(our_fund) == 0


def test_posting_a_hold_in_part_frees_the_rest(our_fund: Fund) -> None:
    our_fund.give(1_000)
    held = our_fund.hold(1_000, memo="三月助餐")
    services.post_hold(hold=held, source=source(), effective_on=DAY, amount=600, by=our_fund.by)
    paid = held.transfers.get()
    assert (paid.amount, paid.hold, paid.memo) == (600, held, "三月助餐")
    assert (queries.balance(our_fund.bank), free(our_fund)) == (400, 400)
    ended = HoldResolution.objects.get(hold=held)
    assert (ended.outcome, ended.amount) == (HoldOutcome.POSTED, 600)


def test_a_hold_ends_once(our_fund: Fund) -> None:
    our_fund.give(1_000)
    held, other = our_fund.hold(400), our_fund.hold(100)
    services.release_hold(hold=held, by=our_fund.by)
    assert free(our_fund) == 900
    with pytest.raises(services.HoldResolved):
        services.release_hold(hold=held, by=our_fund.by)
    with pytest.raises(services.HoldResolved):
        services.post_hold(hold=held, source=source(), effective_on=DAY, by=our_fund.by)
    services.post_hold(hold=other, source="tests.payment:1", effective_on=DAY, by=our_fund.by)
    with pytest.raises(services.HoldResolved):
        services.post_hold(hold=other, source="tests.payment:2", effective_on=DAY, by=our_fund.by)
    assert free(our_fund) == 900


def test_holding_and_posting_can_be_tried_again(our_fund: Fund) -> None:
    our_fund.give(1_000)
    held = our_fund.hold(400, source="tests.request:1")
    assert our_fund.hold(400, source="tests.request:1") == held
    with pytest.raises(services.TransferConflict):
        our_fund.hold(401, source="tests.request:1")
    with pytest.raises(services.TransferConflict):
        our_fund.hold(400, source="tests.request:1", pool=our_fund.meals, credit=our_fund.gifts)
    paid = services.post_hold(hold=held, source="tests.payment:1", effective_on=DAY, by=our_fund.by)
    assert services.post_hold(hold=held, source="tests.payment:1", effective_on=DAY, by=our_fund.by) == paid
    with pytest.raises(services.TransferConflict):
        services.post_hold(hold=held, source="tests.payment:1", effective_on=DAY, amount=1, by=our_fund.by)
    assert free(our_fund) == 600


def test_more_than_was_held_is_not_posted(our_fund: Fund) -> None:
    our_fund.give(1_000)
    held = our_fund.hold(400)
    with pytest.raises(services.HoldTooSmall):
        services.post_hold(hold=held, source=source(), effective_on=DAY, amount=401, by=our_fund.by)
    with pytest.raises(services.AmountRefused):
        services.post_hold(hold=held, source=source(), effective_on=DAY, amount=0, by=our_fund.by)
    assert free(our_fund) == 600


def test_a_hold_that_lapses_frees_its_amount(our_fund: Fund) -> None:
    our_fund.give(1_000)
    soon = clock.now() + timedelta(hours=1)
    held = our_fund.hold(400, expires_at=soon)
    our_fund.hold(100, expires_at=soon + timedelta(hours=1))
    our_fund.hold(50, expires_at=None)
    assert services.expire_holds(by=our_fund.by) == 0
    with clock.at(soon):
        with pytest.raises(services.HoldLapsed):
            services.post_hold(hold=held, source=source(), effective_on=DAY, by=our_fund.by)
        assert services.expire_holds(by=our_fund.by) == 1
        assert services.expire_holds(by=our_fund.by) == 0
        with pytest.raises(services.HoldResolved):
            services.release_hold(hold=held, by=our_fund.by)
    assert free(our_fund) == 850


def test_a_refused_payment_leaves_the_hold_as_it_was(our_fund: Fund) -> None:
    our_fund.give(1_000)
    held = our_fund.hold(400)
    our_fund.give(1, source="tests.taken:1")
    with pytest.raises(services.TransferConflict):
        services.post_hold(hold=held, source="tests.taken:1", effective_on=DAY, by=our_fund.by)
    assert not HoldResolution.objects.exists()
    services.post_hold(hold=held, source=source(), effective_on=DAY, by=our_fund.by)
