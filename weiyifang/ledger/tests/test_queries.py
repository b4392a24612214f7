from __future__ import annotations

import random
from datetime import date, timedelta

from weiyifang.ledger import queries, services
from weiyifang.ledger.models import Account, Pool, Transfer
from weiyifang.ledger.tests.make import Fund, source


def half_a_year(our_fund: Fund) -> None:
    """Transfers on random days, some of them taken back, the first months sealed."""
    chance = random.Random(7)
    other = services.open_account(
        book=our_fund.book, code="2209", name="应付", side="credit", floored=False, by=our_fund.by
    )
    accounts, pools = [our_fund.costs, our_fund.gifts, other], [our_fund.general, our_fund.meals]
    for month in range(1, 7):
        rows = []
        for _row in range(40):
            debit, credit = chance.sample(accounts, 2)
            rows.append(
                our_fund.posting(
                    debit=debit,
                    credit=credit,
                    pool=chance.choice(pools),
                    amount=chance.randint(1, 900),
                    effective_on=date(2026, month, 1) + timedelta(days=chance.randrange(28)),
                )
            )
        first = Transfer.objects.get(pk=services.post_many(rows, by=our_fund.by)[0])
        services.reverse(transfer=first, source=source(), effective_on=first.effective_on, by=our_fund.by)
        if month in {2, 3, 4, 5}:
            services.close_period(book=our_fund.book, month=date(2026, month - 1, 1), by=our_fund.by)


def fold(account: Account, pool: Pool | None, on: date) -> int:
    """The balance the slow and certain way."""
    amount = 0
    for row in Transfer.objects.filter(effective_on__lte=on):
        if pool is None or row.pool_id == pool.pk:
            amount += row.amount * ((row.debit_id == account.pk) - (row.credit_id == account.pk))
    return amount if account.side == "debit" else -amount


def test_balances_on_any_day_equal_the_fold(our_fund: Fund) -> None:
    half_a_year(our_fund)
    days = [date(2025, 12, 31) + timedelta(days=5 * number) for number in range(40)] + [date(2026, 3, 31)]
    for on in days:
        every = queries.balances(our_fund.book, on)
        for account in Account.objects.all():
            assert queries.balance(account, on=on) == fold(account, None, on)
            for pool in Pool.objects.all():
                expected = fold(account, pool, on)
                assert queries.balance(account, pool, on) == expected
                assert every.get((account.pk, pool.pk), 0) == expected
    assert queries.balances(our_fund.book) == queries.balances(our_fund.book, date(2026, 12, 31))


def test_turnover_is_what_moved_between_two_days_both_counted(our_fund: Fund) -> None:
    our_fund.give(1_000, effective_on=date(2026, 3, 1))
    our_fund.spend(300, effective_on=date(2026, 3, 31))
    our_fund.give(5, effective_on=date(2026, 4, 1))
    rows = {row.account_id: (row.debits, row.credits) for row in march(our_fund)}
    assert rows == {our_fund.bank.pk: (1_000, 300), our_fund.gifts.pk: (0, 1_000), our_fund.costs.pk: (300, 0)}


def march(our_fund: Fund) -> list[queries.Turnover]:
    return queries.turnover(our_fund.book, date(2026, 3, 1), date(2026, 3, 31))


def test_entries_are_found_by_pool_account_and_day_latest_first(our_fund: Fund) -> None:
    first = our_fund.give(1_000, effective_on=date(2026, 3, 1))
    later = our_fund.spend(300, effective_on=date(2026, 3, 9))
    meals = our_fund.give(7, effective_on=date(2026, 3, 5), pool=our_fund.meals)
    entries = queries.entries
    assert list(entries(our_fund.book)) == [later, meals, first]
    assert list(entries(our_fund.book, pool=our_fund.meals)) == [meals]
    assert list(entries(our_fund.book, account=our_fund.costs)) == [later]
    assert list(entries(our_fund.book, account=our_fund.bank, until=date(2026, 3, 5))) == [meals, first]
    assert list(entries(our_fund.book, since=date(2026, 3, 5))) == [later, meals]


def test_what_is_free_of_a_pair_that_never_met_is_nothing(our_fund: Fund) -> None:
    assert queries.free(our_fund.bank, our_fund.meals) == 0
