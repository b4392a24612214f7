from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from tests.concurrency import at_once
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import NotAllowed, Refused
from weiyifang.core.server.database import as_owner
from weiyifang.core.states import ForbiddenMove
from weiyifang.core.tenancy import source_of
from weiyifang.fund import entries, queries, services, verify
from weiyifang.fund.books import Books
from weiyifang.fund.entries import Sought
from weiyifang.fund.models import FLOW, Donation, PaymentRequest, State
from weiyifang.fund.services import Receipt
from weiyifang.fund.tests import make
from weiyifang.fund.tests.make import APPROVED_FOR
from weiyifang.ledger import queries as ledger
from weiyifang.ledger.models import Transfer
from weiyifang.ledger.services import OverdraftRefused, PeriodSealed

Cast = dict[str, Actor]


def bank(fund: Books) -> int:
    return ledger.balance(fund.account("1002"))


def test_a_gift_is_one_transfer_of_its_channel(fund: Books, cast: Cast) -> None:
    row = make.gift(cast["accountant"], 12_345)
    transfer = fund.transfer_of(source_of(row))
    assert (transfer.amount, transfer.credit.code, transfer.debit.code) == (12_345, "4101.partners", "1002")
    assert bank(fund) == 12_345


def test_a_receipt_with_the_same_source_is_recorded_once(fund: Books, cast: Cast) -> None:
    first = make.gift(cast["accountant"], source="activities.attendance:1")
    again = make.gift(cast["accountant"], source="activities.attendance:1")
    assert first == again
    assert Transfer.objects.count() == Donation.objects.count() == 1


def test_only_who_may_record_income_records_it(fund: Books, cast: Cast) -> None:
    for who in ("resident", "volunteer", "leader", "staff", "secretary", "supervisor", "street_officer"):
        with pytest.raises(NotAllowed):
            make.gift(cast[who])


@pytest.mark.parametrize(
    "wrong",
    [{"fen": 0}, {"channel": "lottery"}, {"pool": "pocket"}, {"received_on": timedelta(days=2)}],
)
def test_bad_receipts_are_refused_with_a_sentence(fund: Books, cast: Cast, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        make.gift(cast["accountant"], **make.from_today(wrong))
    assert str(refused.value)
    assert not Donation.objects.exists()


def test_one_bad_receipt_stops_the_whole_batch(fund: Books, cast: Cast) -> None:
    good = Receipt(channel="residents", amount_fen=100, received_on=clock.today())
    bad = Receipt(channel="residents", amount_fen=-1, received_on=clock.today())
    with pytest.raises(services.NotPositive):
        services.receive_many(receipts=[good, bad], by=cast["accountant"])
    assert not Donation.objects.exists()


def test_money_is_asked_for_approved_and_paid_by_three_people(fund: Books, cast: Cast) -> None:
    make.gift(cast["accountant"])
    row = make.paid(cast, 30_000)
    assert row.state == State.PAID
    assert len({row.submitted_by_id, row.approved_by_id, row.paid_by_id}) == 3
    assert bank(fund) == 70_000
    assert verify.check() == []


def test_nobody_approves_what_they_submitted(fund: Books, cast: Cast) -> None:
    make.gift(cast["accountant"])
    row = make.request(cast["secretary"])
    with pytest.raises(NotAllowed):
        services.approve_payment(request=row, by=cast["secretary"])


def test_nobody_pays_what_they_submitted(fund: Books, cast: Cast) -> None:
    make.gift(cast["accountant"])
    row = services.approve_payment(request=make.request(cast["accountant"]), by=cast["secretary"])
    with pytest.raises(NotAllowed):
        services.pay(request=row, by=cast["accountant"])


@pytest.mark.parametrize("pair", ["payment_approver_is_another", "payment_payer_is_not_approver"])
def test_the_database_keeps_the_three_apart_too(fund: Books, cast: Cast, pair: str) -> None:
    row = make.request(cast["staff"])
    one = cast["staff"].account_id if pair == "payment_approver_is_another" else cast["secretary"].account_id
    fields = {"approved_by_id": one} if "approver_is" in pair else {"approved_by_id": one, "paid_by_id": one}
    with pytest.raises(IntegrityError, match=pair), transaction.atomic():
        PaymentRequest.objects.filter(pk=row.pk).update(**fields)


def test_an_approval_sets_the_money_aside_so_that_it_is_not_promised_twice(fund: Books, cast: Cast) -> None:
    make.gift(cast["accountant"], 50_000)
    services.approve_payment(request=make.request(cast["staff"], 30_000), by=cast["secretary"])
    second = make.request(cast["staff"], 30_000)
    with pytest.raises(OverdraftRefused):
        services.approve_payment(request=second, by=cast["secretary"])
    assert queries.overview(*queries.year_until()).set_aside == 30_000


def test_money_given_for_one_purpose_does_not_pay_for_another(fund: Books, cast: Cast) -> None:
    make.gift(cast["accountant"], 50_000, pool="meals")
    with pytest.raises(OverdraftRefused):
        services.approve_payment(request=make.request(cast["staff"], 10_000, pool="general"), by=cast["secretary"])


def test_sent_back_money_is_free_again_and_the_request_can_come_back(fund: Books, cast: Cast) -> None:
    make.gift(cast["accountant"], 30_000)
    row = services.approve_payment(request=make.request(cast["staff"]), by=cast["secretary"])
    row = services.send_back_payment(request=row, reason="缺发票", by=cast["secretary"])
    assert queries.overview(*queries.year_until()).set_aside == 0
    wanted = services.Wanted(title="米面油", payee="花园路粮油店", category="meals", amount_fen=29_900, papers="发票 1")
    row = services.resubmit_payment(request=row, wanted=wanted, by=cast["staff"])
    row = services.approve_payment(request=row, by=cast["secretary"])
    row = services.pay(request=row, by=cast["accountant"])
    assert bank(fund) == 100


def test_a_payment_is_made_once(fund: Books, cast: Cast) -> None:
    make.gift(cast["accountant"])
    row = make.paid(cast)
    with pytest.raises(ForbiddenMove):
        services.pay(request=row, by=cast["accountant"])
    assert bank(fund) == 70_000


def as_it_is(row: PaymentRequest | Donation) -> object:
    return type(row).objects.filter(pk=row.pk).values().get()


def test_nobody_changes_to_whom_or_by_whose_decision_was_paid(fund: Books, cast: Cast) -> None:
    """The program itself cannot: whatever finds a hole in a page finds this one closed."""
    make.gift(cast["accountant"])
    row = make.paid(cast)
    before, columns = as_it_is(row), [field.column for field in PaymentRequest._meta.concrete_fields]
    other: dict[str, object] = {
        "payee": "我自己",
        "approved_by_id": cast["staff"].account_id,
        "state": State.APPROVED,
        "amount_fen": 1,
    }
    for name, value in other.items():
        assert PaymentRequest.objects.filter(pk=row.pk).update(**{name: value}) == 0
        setattr(row, name, value)
        with pytest.raises(DatabaseError, match="did not affect any rows"), transaction.atomic():
            row.save(update_fields=[name])
    with connection.cursor() as cursor:
        for column in columns:
            cursor.execute(f"UPDATE fund_paymentrequest SET {column} = {column} WHERE id = %s", [row.pk])
            assert cursor.rowcount == 0, column
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        PaymentRequest.objects.filter(pk=row.pk).delete()
    assert as_it_is(row) == before


def test_a_gift_stays_what_it_was(fund: Books, cast: Cast) -> None:
    row = make.gift(cast["accountant"])
    before = as_it_is(row)
    for name in Donation.fixed:
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Donation.objects.filter(pk=row.pk).update(**{name: getattr(row, name)})
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Donation.objects.filter(pk=row.pk).delete()
    assert as_it_is(row) == before


@pytest.mark.django_db(transaction=True)
def test_the_year_on_first_pages_follows_all_that_moves_or_is_set_aside(
    fund: Books, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """A process adds it up once, and again when a gift came, came back, or its money was set aside."""
    seen = []
    gift = make.gift(cast["accountant"], 100_000)
    for act in (
        lambda: make.gift(cast["accountant"], 50_000),
        lambda: services.approve_payment(request=make.request(cast["staff"], 30_000), by=cast["secretary"]),
        lambda: services.take_back(donation=gift, reason="数错了", by=cast["accountant"]),
        lambda: None,
    ):
        year = queries.year_or_none()
        assert year is not None
        assert year == queries.overview(*queries.year_until())
        with django_assert_num_queries(2):
            assert queries.year_or_none() is year
        seen.append((year.income_fen, year.set_aside))
        act()
    assert seen == [(100_000, 0), (150_000, 0), (150_000, 30_000), (50_000, 30_000)]


@pytest.mark.django_db(transaction=True)
def test_two_who_pay_at_once_pay_once(fund: Books, cast: Cast) -> None:
    make.gift(cast["accountant"])
    row = services.approve_payment(request=make.request(cast["staff"]), by=cast["secretary"])
    pay = partial(services.pay, request=row, by=cast["accountant"])
    outcomes = at_once(pay, pay)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ForbiddenMove", "PaymentRequest"]
    assert bank(fund) == 70_000


def test_a_wrong_receipt_is_taken_back_by_a_second_entry(fund: Books, cast: Cast) -> None:
    row = make.gift(cast["accountant"], 5_000)
    services.take_back(donation=row, reason="记错了", by=cast["accountant"])
    assert bank(fund) == 0
    assert Transfer.objects.count() == 2
    with pytest.raises(services.TakenBackAlready):
        services.take_back(donation=row, reason="再一次", by=cast["accountant"])
    assert queries.overview(*queries.year_until()).income_fen == 0
    assert verify.check() == []


def test_a_sealed_month_takes_no_more_receipts(fund: Books, cast: Cast) -> None:
    last_month = clock.today().replace(day=1) - timedelta(days=1)
    with clock.at(clock.local(last_month, "10:00")):
        make.gift(cast["accountant"])
    services.close_month(month=last_month.replace(day=1), by=cast["accountant"])
    with pytest.raises(PeriodSealed):
        make.gift(cast["accountant"], received_on=last_month)


MOVES = {
    State.SUBMITTED: lambda row, cast: services.resubmit_payment(
        request=row, wanted=services.Wanted(title="t", payee="p", category="meals", amount_fen=100), by=cast["staff"]
    ),
    State.APPROVED: lambda row, cast: services.approve_payment(request=row, by=cast["secretary"]),
    State.PAID: lambda row, cast: services.pay(request=row, by=cast["accountant"]),
    State.SENT_BACK: lambda row, cast: services.send_back_payment(request=row, reason="r", by=cast["secretary"]),
    State.REFUSED: lambda row, cast: services.refuse_payment(request=row, reason="r", by=cast["secretary"]),
    State.WITHDRAWN: lambda row, cast: services.withdraw_payment(request=row, by=cast["staff"]),
    State.LAPSED: lambda row, cast: lapsed(row),
}


def lapsed(row: PaymentRequest) -> PaymentRequest:
    """The job comes by when the time of every approval is over."""
    with clock.at(clock.now() + APPROVED_FOR):
        if not services.lapse_approvals(by=system()):
            raise ForbiddenMove()
    row.refresh_from_db()
    return row


def in_state(state: State, cast: Cast) -> PaymentRequest:
    row = make.request(cast["staff"])
    for step in {
        State.PAID: [State.APPROVED, State.PAID],
        State.LAPSED: [State.APPROVED, State.LAPSED],
        State.SUBMITTED: [],
    }.get(state, [state]):
        row = MOVES[step](row, cast)
    return row


@pytest.mark.parametrize("start", [state for state in State if state not in {State.DRAFT, State.CHECKED}])
@pytest.mark.parametrize("goal", list(MOVES))
def test_a_request_moves_only_along_its_flow(fund: Books, cast: Cast, start: State, goal: State) -> None:
    make.gift(cast["accountant"], 10_000_000)
    row = in_state(start, cast)
    allowed = goal in FLOW[start] or (start == goal == State.SUBMITTED)
    if allowed:
        assert MOVES[goal](row, cast).state == goal
    else:
        with pytest.raises((Refused, AttributeError)), transaction.atomic():
            MOVES[goal](row, cast)
        row.refresh_from_db()
        assert row.state == start
    assert verify.check() == []


def test_every_overview_line_is_the_sum_of_its_entries(fund: Books, cast: Cast) -> None:
    for fen in (100, 250, 399):
        make.gift(cast["accountant"], fen * 100, channel="residents", method="wechat")
    make.gift(cast["accountant"], 1_000_000)
    make.paid(cast, 12_300)
    seen = queries.overview(*queries.year_until())
    assert seen.income_fen - seen.spent_fen + seen.kept_before == seen.balance
    for flow in seen.income:
        found = entries.entries(entries.transfers(Sought(channel=flow.line.code)))
        assert sum(entry.transfer.amount for entry in found) == flow.fen
        assert len(found) == flow.entries


@pytest.mark.django_db(transaction=True)
def test_verify_finds_a_receipt_without_its_transfer(fund: Books, cast: Cast) -> None:
    row = make.gift(cast["accountant"])
    with as_owner(connection):
        Donation.objects.filter(pk=row.pk).update(amount_fen=1)
    assert [fault.check for fault in verify.check()] == ["receipts", "gifts"]


def test_verify_finds_a_payment_that_was_never_posted(fund: Books, cast: Cast) -> None:
    make.gift(cast["accountant"])
    row = services.approve_payment(request=make.request(cast["staff"]), by=cast["secretary"])
    PaymentRequest.objects.filter(pk=row.pk).update(state=State.PAID, paid_by_id=cast["accountant"].account_id)
    assert {fault.check for fault in verify.check()} == {"payments", "decisions"}


@pytest.mark.django_db(transaction=True)
def test_verify_finds_a_transfer_that_nothing_explains(fund: Books, cast: Cast) -> None:
    row = make.gift(cast["accountant"])
    with as_owner(connection):
        Donation.objects.filter(pk=row.pk).delete()
    assert [fault.check for fault in verify.check()] == ["fund entries", "gifts"]


def test_a_forgotten_giver_stays_in_every_sum(fund: Books, cast: Cast) -> None:
    giver = cast["resident"].resident_id
    assert giver is not None
    make.gift(cast["accountant"], resident_id=giver, donor_name="王孃孃", channel="residents")
    before = queries.overview(*queries.year_until())
    services.forget_giver(resident_id=giver, name="王孃孃", instead="某居民", by=cast["staff"])
    assert queries.overview(*queries.year_until()) == before
    assert not Donation.objects.exclude(donor_name="").exists()
