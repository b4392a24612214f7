"""Whatever is done in whatever order, the ledger does what the oracle does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from weiyifang.core.refusals import Refused
from weiyifang.ledger import queries, services, verify
from weiyifang.ledger.models import Account, Balance, Hold, Pool, Side, Transfer, month_end
from weiyifang.ledger.tests.make import fund
from weiyifang.ledger.tests.oracle import Entry, Oracle

books = count(1)
amounts = st.integers(1, 60)
days = st.sampled_from([date(2026, month, day) for month in (1, 2, 3) for day in (1, 15, 28)])
pools = st.sampled_from(["general", "meals"])
sides = st.permutations(["bank", "owed", "gifts", "costs"]).map(lambda names: tuple(names[:2]))
sources = st.integers(1, 12).map(lambda number: f"tests.thing:{number}")  # few, so that they are tried again
entries = st.builds(
    lambda pair, pool, amount, day: Entry(pair[0], pair[1], pool, amount, day), sides, pools, amounts, days
)


class LedgerMachine(RuleBasedStateMachine):
    """Every rule does the same to the ledger and to the oracle, and both must say the same."""

    held = Bundle("held")

    def __init__(self) -> None:
        super().__init__()
        self.oracle = Oracle()
        our_fund = fund(f"book {next(books)}")
        self.by, self.book = our_fund.by, our_fund.book
        owed = services.open_account(book=self.book, code="应付", name="应付", side="credit", floored=True, by=self.by)
        self.accounts: dict[str, Account] = {
            "bank": our_fund.bank,
            "owed": owed,
            "gifts": our_fund.gifts,
            "costs": our_fund.costs,
        }
        self.pools: dict[str, Pool] = {"general": our_fund.general, "meals": our_fund.meals}

    @rule(source=sources, entry=entries)
    def post(self, source: str, entry: Entry) -> None:
        self.same(self.oracle.post({source: entry}), lambda: services.post(**self.fields(source, entry), by=self.by))

    @rule(source=sources, amount=amounts, pool=pools, day=days)
    def give(self, source: str, amount: int, pool: str, day: date) -> None:
        self.post(source, Entry("bank", "gifts", pool, amount, day))

    @rule(batch=st.dictionaries(sources, entries, min_size=2, max_size=5))
    def post_many(self, batch: dict[str, Entry]) -> None:
        postings = [services.Posting(**self.fields(source, entry)) for source, entry in batch.items()]
        self.same(self.oracle.post(batch), lambda: services.post_many(postings, by=self.by))

    @rule(data=st.data())
    def post_again(self, data: st.DataObject) -> None:
        plain = {name: e for name, e in self.oracle.entries.items() if not e.reverses and not e.hold}
        if plain:
            source = data.draw(st.sampled_from(sorted(plain)))
            self.post(source, plain[source])

    @rule(target=held, source=sources, pair=sides, pool=pools, amount=amounts)
    def hold(self, source: str, pair: tuple[str, str], pool: str, amount: int) -> Any:
        moved = (*pair, pool, amount)
        verdict = self.oracle.hold(source, moved)
        debit, credit = (self.accounts[name] for name in pair)
        self.same(
            verdict,
            lambda: services.hold(
                debit=debit,
                credit=credit,
                pool=self.pools[pool],
                amount=amount,
                source=source,
                expires_at=None,
                by=self.by,
            ),
        )
        return multiple() if verdict else source

    @rule(hold=held, source=sources, amount=amounts, day=days)
    def post_hold(self, hold: str, source: str, amount: int, day: date) -> None:
        held = Hold.objects.get(book=self.book, source=hold)
        self.same(
            self.oracle.post_hold(source, hold, amount, day),
            lambda: services.post_hold(hold=held, source=source, amount=amount, effective_on=day, by=self.by),
        )

    @rule(hold=consumes(held))
    def release(self, hold: str) -> None:
        held = Hold.objects.get(book=self.book, source=hold)
        self.same(self.oracle.release(hold), lambda: services.release_hold(hold=held, by=self.by))

    @rule(data=st.data(), source=sources, amount=amounts, day=days)
    def reverse(self, data: st.DataObject, source: str, amount: int, day: date) -> None:
        if not self.oracle.entries:
            return
        original = data.draw(st.sampled_from(sorted(self.oracle.entries)))
        row = Transfer.objects.get(book=self.book, source=original)
        self.same(
            self.oracle.reverse(source, original, amount, day),
            lambda: services.reverse(transfer=row, source=source, amount=amount, effective_on=day, by=self.by),
        )

    @rule()
    def seal(self) -> None:
        services.seal_rows(self.book)

    @rule(month=st.sampled_from([1, 2]))
    def close(self, month: int) -> None:
        last = month_end(date(2026, month, 1))
        if self.oracle.sealed_through < last and (month == 1 or self.oracle.sealed_through > date.min):
            self.oracle.sealed_through = last
            services.close_period(book=self.book, month=last, by=self.by)

    @invariant()
    def every_balance_is_the_oracles(self) -> None:
        rows = {(row.account_id, row.pool_id): row for row in Balance.objects.filter(book=self.book)}
        for account_name, account in self.accounts.items():
            for pool_name, pool in self.pools.items():
                row = rows.get((account.pk, pool.pk))
                assert (row.amount if row else 0) == self.oracle.balance(account_name, pool_name)
                if account.floored:
                    assert (row.free if row else 0) == self.oracle.free(account_name, pool_name) >= 0

    @invariant()
    def every_pool_balances(self) -> None:
        for pool in self.pools.values():
            rows = Balance.objects.filter(pool=pool)
            assert sum(row.amount * (1 if row.side == Side.DEBIT else -1) for row in rows) == 0

    def teardown(self) -> None:
        for on in (date(2026, 1, 31), date(2026, 2, 15), date(2026, 2, 28), date(2026, 3, 15)):
            found = queries.balances(self.book, on)
            for account_name, account in self.accounts.items():
                for pool_name, pool in self.pools.items():
                    expected = self.oracle.balance(account_name, pool_name, on)
                    assert found.get((account.pk, pool.pk), 0) == expected

    def fields(self, source: str, entry: Entry) -> dict[str, Any]:
        return {
            "debit": self.accounts[entry.debit],
            "credit": self.accounts[entry.credit],
            "pool": self.pools[entry.pool],
            "amount": entry.amount,
            "source": source,
            "effective_on": entry.day,
        }

    def same(self, expected: str, verb: Callable[[], Any]) -> None:
        try:
            verb()
            found = ""
        except Refused as refusal:
            found = refusal.code
        assert found == expected


@pytest.mark.usefixtures("nanhu")
def test_the_ledger_does_what_the_oracle_does() -> None:
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=30, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    assert verify.check() == []
