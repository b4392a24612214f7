"""A check is worth what it finds: every kind of fault is planted, as an intruder with the owner's rights would."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.db.models import F

from weiyifang.core.ids import new_id
from weiyifang.core.server.database import as_owner
from weiyifang.core.tenancy import CommunityModel, outside_any_community
from weiyifang.ledger import services, verify
from weiyifang.ledger.models import (
    Account,
    Balance,
    Book,
    ClosingBalance,
    Hold,
    HoldResolution,
    Period,
    Pool,
    Seal,
    Transfer,
)
from weiyifang.ledger.tests.make import Fund, fund, source

FEBRUARY, MARCH = date(2026, 2, 3), date(2026, 3, 10)


def a_good_year(our_fund: Fund) -> None:
    """Something of everything, two months sealed, some rows after that and one without a seal."""
    gift = our_fund.give(1_000, effective_on=FEBRUARY, journal=new_id(), memo="春茗", source="gift")
    our_fund.give(700, effective_on=FEBRUARY, pool=our_fund.meals)
    our_fund.spend(200, effective_on=MARCH, source="cost")
    for month in (FEBRUARY, MARCH):
        services.close_period(book=our_fund.book, month=month, by=our_fund.by)
    services.reverse(transfer=gift, source="refund", amount=400, by=our_fund.by)
    held = our_fund.hold(50, source="paid hold")
    services.post_hold(hold=held, source="payment", effective_on=date(2026, 4, 1), amount=30, by=our_fund.by)
    services.release_hold(hold=our_fund.hold(60, source="released hold"), by=our_fund.by)
    our_fund.hold(70, source="open hold")
    services.seal_rows(our_fund.book)
    our_fund.give(1, effective_on=date(2026, 4, 2), source="unsealed")


def transfer(name: str) -> Transfer:
    return Transfer.objects.get(source=name, book__code="fund")


def change(row: CommunityModel, **values: Any) -> str:
    """Change one row; gives how a fault names it."""
    type(row).objects.filter(pk=row.pk).update(**values)
    return f"{row._meta.label_lower}:{row.pk}"


def change_transfer(name: str, **values: Any) -> Callable[[], str]:
    return lambda: change(transfer(name), **values)


def without(constraints: str, then: Callable[[], str]) -> Callable[[], str]:
    """Plant what one or several constraints (`table:name table:name`) would refuse."""

    def plant() -> str:
        with connection.cursor() as cursor:
            for constraint in constraints.split():
                table, name = constraint.split(":")
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        return then()

    return plant


def bank_balance() -> Balance:
    return Balance.objects.get(account__code="银行存款", pool__code="公益基金", book__code="fund")


def remove(row: models.Model) -> None:
    type(row)._base_manager.filter(pk=row.pk)._raw_delete("default")


def remove_balance() -> str:
    row = bank_balance()
    remove(row)
    return f"ledger.balance:missing for account {row.account_id}, pool {row.pool_id}"


def remove_resolution() -> str:
    held = Hold.objects.get(source="paid hold")
    remove(held.resolutions.get())
    return f"ledger.hold:{held.pk}"


def resolve_twice() -> str:
    held = Hold.objects.get(source="released hold")
    HoldResolution(hold=held, outcome="expired").save(force_insert=True)
    return f"ledger.hold:{held.pk}"


def change_resolution() -> str:
    ended = HoldResolution.objects.get(hold__source="paid hold")
    change(ended, amount=F("amount") + 1)
    return f"ledger.hold:{ended.hold_id}"


def remove_seal() -> str:
    """The next row then stands where this one was due."""
    seal = Seal.objects.get(book__code="fund", seal_no=2)
    remove(seal)
    after = Seal.objects.get(book__code="fund", seal_no=3)
    return f"ledger.transfer:{after.transfer_id}"


def change_seal(**values: Any) -> Callable[[], str]:
    def plant() -> str:
        seal = Seal.objects.get(book__code="fund", seal_no=2)
        change(seal, **values)
        return f"ledger.transfer:{seal.transfer_id}"

    return plant


def slip_into_a_sealed_month() -> str:
    row = transfer("cost")
    row.pk, row.source = new_id(), source()
    row.save(force_insert=True)
    return f"ledger.transfer:{row.pk}"


def period(month: date) -> Period:
    return Period.objects.get(month=month.replace(day=1))


def remove_last_period() -> str:
    last = period(MARCH)
    ClosingBalance.objects.filter(period=last)._raw_delete("default")
    remove(last)
    return f"ledger.book:{last.book_id}"


def change_closing_balance() -> str:
    row = ClosingBalance.objects.filter(period=period(FEBRUARY)).first()
    assert row is not None
    change(row, debits=F("debits") + 1)
    return f"ledger.period:{row.period_id}"


def unbalance_a_pool() -> str:
    row = Balance.objects.get(account__code="业务活动成本", pool__code="公益基金", book__code="fund")
    change(row, debits=F("debits") + 1)
    return f"ledger.pool:{row.pool_id}"


def to_another_book() -> str:
    return change(transfer("unsealed"), pool=Pool.objects.get(book__code="other", code="公益基金"))


def turned_reversal() -> str:
    row = transfer("refund")
    return change(row, debit=row.credit, credit=row.debit)


def take_back_more_than_was_given() -> str:
    change(transfer("refund"), amount=1_001)
    return f"ledger.transfer:{transfer('gift').pk}"


def on_another_day(name: str) -> str:
    row = transfer(name)
    return change(row, effective_on=row.effective_on + timedelta(days=1))


KEYS = " ".join(
    f"ledger_{table}:ledger_{table}_{side}_fk" for table in ("transfer", "hold") for side in ("debit", "credit")
)
FAULTS: dict[str, tuple[str, Callable[[], str]]] = {  # what is planted: the check that finds it
    "a balance differs": ("balance", lambda: change(bank_balance(), debits=F("debits") + 1)),
    "what is held differs": ("balance", lambda: change(bank_balance(), held_credits=F("held_credits") + 1)),
    "a balance is missing": ("balance", without(KEYS, remove_balance)),
    "a floor is broken": (
        "floor",
        without("ledger_balance:ledger_balance_floor", lambda: change(bank_balance(), credits=99_999)),
    ),
    "a balance forgets its floor": ("copies", lambda: change(bank_balance(), floored=False)),
    "a balance forgets the sealing": ("copies", lambda: change(bank_balance(), sealed_through=None)),
    "an account is turned round": (
        "copies",
        lambda: (
            change(Account.objects.get(code="银行存款", book__code="fund"), side="credit")
            and f"ledger.balance:{bank_balance().pk}"
        ),
    ),
    "a pool is not balanced": ("pool", unbalance_a_pool),
    "a transfer is in a pool of another book": ("book", without(KEYS, to_another_book)),
    "a transfer of nothing": (
        "book",
        without("ledger_transfer:ledger_transfer_amount", change_transfer("unsealed", amount=0)),
    ),
    "a reversal goes the same way": ("reversal", turned_reversal),
    "more was taken back": ("reversal", take_back_more_than_was_given),
    "a hold was posted and has no end": ("hold", remove_resolution),
    "a hold ended twice": ("hold", without("ledger_holdresolution:ledger_hold_resolves_once", resolve_twice)),
    "a hold ended with another amount": ("hold", change_resolution),
    "an amount was changed": ("content", change_transfer("gift", amount=1_001)),
    "a source was changed": ("content", change_transfer("gift", source="other")),
    "a memo was changed": ("content", change_transfer("gift", memo="夏茗")),
    "a party was changed": ("content", change_transfer("gift", party="people.resident:1")),
    "a day was changed": ("content", lambda: on_another_day("gift")),
    "a reversal was forgotten": ("content", change_transfer("refund", reverses=None)),
    "a posted hold was forgotten": ("content", change_transfer("payment", hold=None)),
    "an unsealed row was changed": ("content", change_transfer("unsealed", memo="x")),
    "a content hash was changed": ("content", change_transfer("gift", content_hash="0" * 64)),
    "a moment was changed": ("chain", change_transfer("gift", recorded_at=F("recorded_at") + timedelta(seconds=1))),
    "somebody else is said to have done it": ("chain", change_transfer("gift", by_account_id=new_id())),
    "a journal was changed": ("chain", change_transfer("gift", journal=new_id())),
    "a seal's hash was changed": ("chain", change_seal(hash="0" * 64)),
    "a seal's number was changed": ("chain", change_seal(seal_no=99)),
    "a seal was removed": ("chain", remove_seal),
    "a row came into a sealed month": ("sealed month", slip_into_a_sealed_month),
    "a sealed month was removed": ("sealed through", remove_last_period),
    "a book forgets that it is sealed": (
        "sealed through",
        lambda: change(Book.objects.get(code="fund"), sealed_through=None),
    ),
    "a closing balance was changed": ("closing balance", change_closing_balance),
    "a root was changed": ("root", lambda: change(period(FEBRUARY), root_hash="0" * 64)),
    "a month's tree was changed": ("root", lambda: change(period(MARCH), rows_hash=f"1:{'0' * 64}")),
    "a month's tree was taken out": ("root", lambda: change(period(MARCH), rows_hash="0" * 64)),
    "a head was changed": ("root", lambda: change(period(MARCH), head_no=2)),
    "a count was changed": ("root", lambda: change(period(MARCH), transfers=7)),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.any_lock_order
def test_every_kind_of_fault_is_found_and_named_by_its_row(our_fund: Fund) -> None:
    fund("other")
    a_good_year(our_fund)
    assert verify.check() == []
    missed = {}
    with as_owner(connection):
        for name, (check, plant) in FAULTS.items():
            with transaction.atomic():
                where = plant()
                found = verify.check()
                if (f"ledger {check}", where) not in {(fault.check, fault.where) for fault in found}:
                    missed[name] = where, found
                transaction.set_rollback(True)
    assert missed == {}
    assert verify.check() == []


def test_outside_a_community_all_of_them_are_looked_at(our_fund: Fund) -> None:
    a_good_year(our_fund)
    Balance.objects.filter(account=our_fund.costs).update(debits=F("debits") + 1)
    with outside_any_community():
        assert {fault.check for fault in verify.check()} == {"ledger balance", "ledger pool"}


def test_an_empty_ledger_has_no_faults(nanhu: Any) -> None:
    assert verify.check() == []
