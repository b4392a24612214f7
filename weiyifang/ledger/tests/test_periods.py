from __future__ import annotations

from datetime import date

import pytest
from django.db import ProgrammingError, connection, transaction

from weiyifang.core import clock, timeline
from weiyifang.core.tenancy import source_of
from weiyifang.ledger import chain, queries, services
from weiyifang.ledger.models import ClosingBalance, Hold, HoldResolution, Period, Seal, Transfer
from weiyifang.ledger.tests.make import Fund, fund, source

FEBRUARY, MARCH, APRIL = date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)


def image(*tables: str) -> list[str]:
    """Every row of the tables as PostgreSQL prints it."""
    with connection.cursor() as cursor:
        rows = []
        for table in tables:
            cursor.execute(f"SELECT x::text FROM {table} x ORDER BY id")
            rows += [row for (row,) in cursor.fetchall()]
    return rows


def close(our_fund: Fund, month: date) -> Period:
    return services.close_period(book=our_fund.book, month=month, by=our_fund.by)


def test_new_rows_are_numbered_and_chained_in_order_of_their_ids(our_fund: Fund) -> None:
    assert queries.head(our_fund.book) == chain.START
    rows = [our_fund.give(number) for number in (1, 2, 3)]
    assert services.seal_rows(our_fund.book) == 3
    rows.append(our_fund.give(4))
    assert services.seal_rows(our_fund.book) == 1
    assert services.seal_rows(our_fund.book) == 0
    seals = list(Seal.objects.order_by("seal_no"))
    assert [(seal.seal_no, seal.transfer) for seal in seals] == list(enumerate(rows, 1))
    assert queries.head(our_fund.book) == seals[-1].hash


def test_an_idempotent_try_does_not_advance_the_chain(our_fund: Fund) -> None:
    our_fund.give(1, source="tests.gift:1")
    services.seal_rows(our_fund.book)
    before = queries.head(our_fund.book)
    our_fund.give(1, source="tests.gift:1")
    assert services.seal_rows(our_fund.book) == 0
    assert queries.head(our_fund.book) == before


def test_nothing_is_posted_to_a_sealed_month(our_fund: Fund) -> None:
    gift = our_fund.give(1_000, effective_on=date(2026, 3, 31))
    held = our_fund.hold(10)
    close(our_fund, date(2026, 3, 15))
    for day in (date(2026, 3, 31), date(2026, 3, 1), date(2026, 2, 1)):
        with pytest.raises(services.PeriodSealed):
            our_fund.give(1, effective_on=day)
        with pytest.raises(services.PeriodSealed):
            our_fund.give(1, effective_on=day, pool=our_fund.meals)  # accounts and pool meet after the sealing
        with pytest.raises(services.PeriodSealed):
            services.post_many([our_fund.posting(), our_fund.posting(effective_on=day)], by=our_fund.by)
        with pytest.raises(services.PeriodSealed):
            services.reverse(transfer=gift, source=source(), effective_on=day, by=our_fund.by)
        with pytest.raises(services.PeriodSealed):
            services.post_hold(hold=held, source=source(), effective_on=day, by=our_fund.by)
    assert queries.is_sealed(our_fund.book, date(2026, 3, 31))
    assert not queries.is_sealed(our_fund.book, APRIL)
    our_fund.give(1, effective_on=APRIL)


def test_a_sealed_month_of_one_book_does_not_stop_another_book_in_the_same_batch(our_fund: Fund) -> None:
    hours = fund("hours")
    our_fund.give(1, effective_on=MARCH)
    close(our_fund, MARCH)
    services.post_many([our_fund.posting(effective_on=APRIL), hours.posting(effective_on=MARCH)], by=our_fund.by)
    with pytest.raises(services.PeriodSealed):
        services.post_many([our_fund.posting(effective_on=MARCH), hours.posting(effective_on=MARCH)], by=our_fund.by)
    assert (queries.balance(our_fund.bank), queries.balance(hours.bank)) == (101, 100)


def test_a_batch_tried_again_after_the_sealing_is_not_refused(our_fund: Fund) -> None:
    batch = [our_fund.posting(effective_on=MARCH) for _row in range(3)]
    posted = services.post_many(batch, by=our_fund.by)
    close(our_fund, MARCH)
    assert services.post_many(batch, by=our_fund.by) == posted


def test_a_refund_after_the_sealing_leaves_the_sealed_month_byte_for_byte(our_fund: Fund) -> None:
    gift = our_fund.give(1_000, effective_on=date(2026, 3, 31))
    our_fund.give(500, effective_on=date(2026, 2, 3))
    for month in (FEBRUARY, MARCH):
        close(our_fund, month)
    tables = ("ledger_transfer", "ledger_seal", "ledger_period", "ledger_closingbalance")
    before = {*image(*tables)}
    refund = our_fund.reverse(gift)
    services.seal_rows(our_fund.book)
    assert refund.effective_on == clock.today()
    assert before < {*image(*tables)}
    assert queries.balance(our_fund.bank, on=date(2026, 3, 31)) == 1_500
    assert queries.balance(our_fund.bank) == 500


def test_sealing_a_month_again_changes_nothing(our_fund: Fund) -> None:
    our_fund.give(1_000)
    assert close(our_fund, MARCH) == close(our_fund, MARCH)
    assert Period.objects.count() == 1


def test_sealing_a_month_is_told_once(our_fund: Fund) -> None:
    our_fund.give(1_000)
    period = close(our_fund, MARCH)
    close(our_fund, MARCH)
    (told,) = timeline.of(source_of(our_fund.book))
    assert told.values == {"month": "2026-03-01", "root_hash": period.root_hash, "head_no": 1, "transfers": 1}


def test_months_are_sealed_in_order_when_they_are_over(our_fund: Fund) -> None:
    our_fund.give(1_000, effective_on=date(2026, 2, 3))
    with pytest.raises(services.MonthOutOfOrder) as refusal:
        close(our_fund, MARCH)
    assert "2026-02" in str(refusal.value)
    close(our_fund, FEBRUARY)
    with pytest.raises(services.MonthOutOfOrder):
        close(our_fund, APRIL)
    with pytest.raises(services.MonthOutOfOrder):
        close(our_fund, date(2026, 1, 1))
    with pytest.raises(services.MonthNotOver):
        close(our_fund, clock.today())
    with clock.at(clock.local(date(2026, 3, 31), "23:59")), pytest.raises(services.MonthNotOver):
        close(our_fund, MARCH)
    with clock.at(clock.local(APRIL, "00:00")):
        close(our_fund, MARCH)


def test_an_empty_month_can_be_sealed(our_fund: Fund) -> None:
    period = close(our_fund, MARCH)
    assert (period.transfers, period.head_no) == (0, 0)
    assert not ClosingBalance.objects.exists()


def test_roots_build_on_one_another_and_differ_by_what_the_month_holds(our_fund: Fund) -> None:
    our_fund.give(1_000)
    roots = {close(our_fund, month).root_hash for month in (MARCH, APRIL, date(2026, 5, 1))}
    assert len(roots) == 3


def test_what_is_append_only_cannot_be_changed_whatever_the_program_tries(our_fund: Fund) -> None:
    our_fund.give(1_000)
    services.release_hold(hold=our_fund.hold(10), by=our_fund.by)
    close(our_fund, MARCH)
    for model in (Transfer, Hold, HoldResolution, Seal, Period, ClosingBalance):
        assert model.objects.exists()
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            model.objects.update(id=model.objects.values("id")[:1])
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            model.objects.all()._raw_delete("default")
        for statement in ("UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"):
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement.format(model._meta.db_table))
