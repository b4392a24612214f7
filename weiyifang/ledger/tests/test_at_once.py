"""Many at the same moment, and for each promise the control: without its lock it breaks."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from tests.concurrency import at_once
from weiyifang.core.server.database import as_owner
from weiyifang.ledger import queries, services, statements, verify
from weiyifang.ledger.models import HoldResolution, Transfer
from weiyifang.ledger.services import accounts, holds, posting
from weiyifang.ledger.tests.make import DAY, Fund, source

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 6  # with the test's own connection fewer than the pool has


def together(call: Callable[[int], Any], times: int = THREADS) -> list[Any]:
    """What each of the calls returned or raised."""

    def work(number: int) -> Any:
        try:
            return call(number)
        except Exception as error:
            return error

    return at_once(*[partial(work, number) for number in range(times)])


def failures(results: list[Any]) -> list[BaseException]:
    return [result for result in results if isinstance(result, BaseException)]


@pytest.fixture
def without_the_floor_check() -> Iterator[None]:
    """The database lets balances fall below their floor."""
    with as_owner(connection), connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'ledger_balance_floor'")
        (floor,) = cursor.fetchone()
        cursor.execute("ALTER TABLE ledger_balance DROP CONSTRAINT ledger_balance_floor")
    yield
    with as_owner(connection), connection.cursor() as cursor:
        cursor.execute("TRUNCATE ledger_balance CASCADE")
        cursor.execute(f"ALTER TABLE ledger_balance ADD CONSTRAINT ledger_balance_floor {floor}")


def spend_the_last_yuan(our_fund: Fund) -> list[Any]:
    our_fund.give(100)
    our_fund.give(100, pool=our_fund.meals)
    our_fund.spend(100, pool=our_fund.meals)  # so that costs and pool have met
    our_fund.give(1)
    our_fund.spend(1)
    return together(lambda _number: our_fund.spend(100))


def test_the_last_yuan_is_spent_once(our_fund: Fund) -> None:
    for _round in range(5):
        results = spend_the_last_yuan(our_fund)
        assert len(failures(results)) == THREADS - 1
        assert {type(failure) for failure in failures(results)} == {services.OverdraftRefused}, failures(results)
        assert queries.balance(our_fund.bank) == 0
    assert verify.check() == []


def test_without_lock_and_floor_the_last_yuan_is_spent_more_than_once(
    our_fund: Fund, without_the_floor_check: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlocked = statements.POST_ONE.replace("FOR NO KEY UPDATE", "")
    # a breath between the look and the deed, which the lock makes harmless
    slow = unlocked.replace("WHERE missing = 0", "WHERE missing = 0 AND pg_sleep(0.05) IS NOT NULL")
    assert slow != unlocked != statements.POST_ONE
    monkeypatch.setattr(statements, "POST_ONE", slow)
    results = spend_the_last_yuan(our_fund)
    assert len(failures(results)) < THREADS - 1
    assert queries.balance(our_fund.bank) < 0
    assert {fault.check for fault in verify.check()} == {"ledger floor"}


def test_with_the_breath_and_the_lock_it_is_spent_once(our_fund: Fund, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = statements.POST_ONE.replace("WHERE missing = 0", "WHERE missing = 0 AND pg_sleep(0.05) IS NOT NULL")
    monkeypatch.setattr(statements, "POST_ONE", slow)
    assert len(failures(spend_the_last_yuan(our_fund))) == THREADS - 1


def test_without_the_lock_the_floor_in_the_database_still_holds(
    our_fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "POST_ONE", statements.POST_ONE.replace("FOR NO KEY UPDATE", ""))
    assert len(failures(spend_the_last_yuan(our_fund))) == THREADS - 1
    assert verify.check() == []


def test_no_posting_is_lost_when_many_come_at_once(our_fund: Fund) -> None:
    def give(number: int) -> None:
        for _round in range(25):
            our_fund.give(number + 1)
        services.post_many([our_fund.posting(amount=number + 1) for _round in range(25)], by=our_fund.by)

    assert failures(together(give)) == []
    assert queries.balance(our_fund.bank) == 50 * sum(range(1, THREADS + 1))
    assert verify.check() == []


def test_one_source_posts_once_however_many_try_at_once(our_fund: Fund) -> None:
    run = [our_fund.posting(source=f"tests.grant:{number}") for number in range(20)]

    def one(number: int) -> Any:
        mine = random.Random(number).sample(run, len(run))
        if number % 2:
            return services.post_many(mine, by=our_fund.by)
        return [our_fund.post(**posting._asdict()).pk for posting in mine]

    results = together(one)
    assert failures(results) == []
    assert len({frozenset(pks) for pks in results}) == 1
    assert queries.balance(our_fund.bank) == 2_000
    assert verify.check() == []


def post_batch(our_fund: Fund, batches: list[list[services.Posting]], number: int) -> Any:
    return services.post_many(batches[number], by=our_fund.by)


def test_a_batch_overtaken_by_another_posts_what_is_left(our_fund: Fund) -> None:
    our_fund.give(1)
    for round_ in range(10):
        shared = [our_fund.posting(source=f"tests.{round_}:{number}") for number in range(5)]
        own = [[our_fund.posting() for _row in range(5)] for _thread in range(4)]
        batches = [[*rows, *shared] for rows in own]
        results = together(partial(post_batch, our_fund, batches), 4)
        assert failures(results) == []
    assert Transfer.objects.count() == 1 + 10 * (5 + 20)
    assert verify.check() == []


def test_a_hold_ends_once_whoever_tries(our_fund: Fund) -> None:
    our_fund.give(1_000)
    for _round in range(5):
        held = our_fund.hold(100)

        def end(number: int, held: Any = held) -> Any:
            if number % 2:
                return services.post_hold(hold=held, source=source(), effective_on=DAY, by=our_fund.by)
            return services.release_hold(hold=held, by=our_fund.by)

        results = together(end)
        assert [type(failure) for failure in failures(results)] == [services.HoldResolved] * (THREADS - 1)
    assert HoldResolution.objects.count() == 5
    assert verify.check() == []


def test_without_its_lock_a_hold_is_stopped_by_the_database_only(
    our_fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import IntegrityError

    our_fund.give(1_000)
    held = [our_fund.hold(1) for _round in range(20)]
    monkeypatch.setattr(holds, "lock", lambda _movement: [])
    stopped = [
        failure
        for one in held
        for failure in failures(together(lambda _number, one=one: services.release_hold(hold=one, by=our_fund.by), 2))  # type: ignore[misc]  # bound as it is now
    ]
    assert len(stopped) == len(held)
    assert any(isinstance(failure, IntegrityError) for failure in stopped)


def take_back_at_once(our_fund: Fund) -> int:
    gift = our_fund.give(100)
    our_fund.give(10_000)
    together(
        lambda _number: services.reverse(transfer=gift, source=source(), amount=30, effective_on=DAY, by=our_fund.by)
    )
    return gift.reversals.count()


def test_no_more_is_taken_back_than_was_given(our_fund: Fund) -> None:
    assert [take_back_at_once(our_fund) for _round in range(5)] == [3] * 5
    assert verify.check() == []


def test_without_its_lock_more_is_taken_back_than_was_given(our_fund: Fund, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "lock", lambda _movement: [])
    assert max(take_back_at_once(our_fund) for _round in range(10)) > 3
    assert {fault.check for fault in verify.check()} == {"ledger reversal"}


def seal_or_give(our_fund: Fund, month: date, number: int) -> Any:
    if number == THREADS // 2:
        return services.close_period(book=our_fund.book, month=month, by=our_fund.by)
    return [our_fund.give(1, effective_on=month) for _round in range(10)]


def test_posting_while_a_month_is_sealed_lands_in_it_or_is_refused(our_fund: Fund) -> None:
    for month in range(1, 7):
        first = date(2026, month, 1)
        our_fund.give(1, effective_on=first)
        results = together(partial(seal_or_give, our_fund, first))
        assert {type(failure) for failure in failures(results)} <= {services.PeriodSealed}
    assert verify.check() == []


def test_without_the_locks_a_posting_slips_into_a_sealed_month(our_fund: Fund, monkeypatch: pytest.MonkeyPatch) -> None:
    unlocked = statements.POST_ONE.replace("FOR NO KEY UPDATE", "")
    slow = unlocked.replace("WHERE missing = 0", "WHERE missing = 0 AND pg_sleep(0.3) IS NOT NULL")
    our_fund.give(1)
    monkeypatch.setattr(statements, "POST_ONE", slow)
    results = together(
        lambda number: (
            services.close_period(book=our_fund.book, month=DAY, by=our_fund.by) if number == 0 else our_fund.give(1)
        ),
        4,
    )
    assert failures(results) == []
    assert "ledger sealed month" in {fault.check for fault in verify.check()}


def test_pools_that_are_opened_while_a_month_is_sealed_know_of_it(our_fund: Fund) -> None:
    our_fund.give(1)

    def open_and_give(number: int) -> None:
        if number == 0:
            services.close_period(book=our_fund.book, month=DAY, by=our_fund.by)
            return
        for turn in range(8):
            pool = services.open_pool(book=our_fund.book, code=f"p{number}-{turn}", name="x", by=our_fund.by)
            our_fund.give(1, pool=pool)

    results = together(open_and_give)
    assert {type(failure) for failure in failures(results)} <= {services.PeriodSealed}
    assert verify.check() == []


def give_twice_while_it_is_sealed(our_fund: Fund, between: Callable[[], object]) -> list[Any]:
    """One transaction gives to two pools, the second for the first time; in between somebody begins to seal."""
    fresh = services.open_pool(book=our_fund.book, code="fresh", name="x", by=our_fund.by)
    our_fund.give(1)

    def give_or_seal(number: int) -> None:
        if number == 0:
            with transaction.atomic():
                our_fund.give(1)
                time.sleep(0.4)
                between()
                our_fund.give(1, pool=fresh)
        else:
            time.sleep(0.2)
            services.close_period(book=our_fund.book, month=DAY, by=our_fund.by)

    return together(give_or_seal, 2)


def test_whoever_seals_waits_for_a_posting_that_goes_on(our_fund: Fund) -> None:
    assert failures(give_twice_while_it_is_sealed(our_fund, lambda: None)) == []
    assert queries.balance(our_fund.bank) == 3
    assert verify.check() == []


@pytest.mark.any_lock_order
def test_a_posting_that_asked_for_the_book_would_stop_whoever_seals(our_fund: Fund) -> None:
    """The control: the book comes before its balances in the order of locks."""
    results = give_twice_while_it_is_sealed(our_fund, lambda: accounts.lock_book(our_fund.book.pk))
    assert [type(failure) for failure in failures(results)] == [OperationalError]


def test_batches_in_any_order_never_wait_for_each_other_in_a_circle(our_fund: Fund) -> None:
    some = [
        services.open_account(
            book=our_fund.book, code=f"a{number}", name="x", side="debit", floored=False, by=our_fund.by
        )
        for number in range(6)
    ]
    pools = [our_fund.general, our_fund.meals]

    def shuffle(number: int) -> None:
        chance = random.Random(number)
        for _round in range(8):
            batch = []
            for _row in range(8):
                debit, credit = chance.sample(some, 2)
                batch.append(our_fund.posting(debit=debit, credit=credit, pool=chance.choice(pools)))
            services.post_many(batch, by=our_fund.by)
            debit, credit = chance.sample(some, 2)
            one = our_fund.post(debit=debit, credit=credit, pool=chance.choice(pools), amount=5)
            services.reverse(transfer=one, source=source(), amount=2, by=our_fund.by)
            held = our_fund.hold(3, debit=credit, credit=debit, pool=one.pool)
            services.release_hold(hold=held, by=our_fund.by)

    assert failures(together(shuffle)) == []
    assert verify.check() == []
