"""Money that lies in three places, payments that are corrected, and the books beside the bank."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from tests.concurrency import at_once
from weiyifang.core import clock, timeline
from weiyifang.core.actors import Actor
from weiyifang.core.refusals import NotAllowed, Refused
from weiyifang.core.server.database import as_owner
from weiyifang.core.states import ForbiddenMove
from weiyifang.core.tenancy import source_of
from weiyifang.fund import entries, queries, services, verify
from weiyifang.fund.books import Books
from weiyifang.fund.entries import Sought
from weiyifang.fund.models import Decision, MoneyMove, PaymentCorrection, StatedBalance
from weiyifang.fund.services import Correction, Move
from weiyifang.fund.tests import make
from weiyifang.ledger import queries as ledger
from weiyifang.ledger.services import OverdraftRefused

Cast = dict[str, Actor]


def lies(fund: Books) -> dict[str, int]:
    """What lies where, in fen."""
    return {code: ledger.balance(fund.account(code)) for code in ("1002", "1009", "1001")}


def deposit(cast: Cast, fen: int, **more: Any) -> MoneyMove:
    """Cash that is said to have been taken to the bank."""
    fields = {"from_method": "cash", "to_method": "bank", "happened_on": clock.today(), **more}
    return services.ask_move(wanted=Move(amount_fen=fen, **fields), by=cast["accountant"])


def refund(cast: Cast, payment: Any, fen: int, **more: Any) -> PaymentCorrection:
    """Money of a payment that is said to have come back."""
    fields = {"kind": "refund", "happened_on": clock.today(), "reason": "退货", **more}
    return services.ask_correction(payment=payment, wanted=Correction(amount_fen=fen, **fields), by=cast["accountant"])


class TestMoves:
    def test_cash_reaches_the_bank_when_a_second_person_confirms_it(self, fund: Books, cast: Cast) -> None:
        make.gift(cast["accountant"], 5_000, method="cash")
        row = deposit(cast, 4_000, slip="存款单 7")
        assert lies(fund) == {"1002": 0, "1009": 0, "1001": 5_000}
        services.confirm_move(row=row, by=cast["secretary"])
        assert lies(fund) == {"1002": 4_000, "1009": 0, "1001": 1_000}
        seen = queries.overview(*queries.year_until())
        assert (seen.income_fen, seen.spent_fen, seen.balance) == (5_000, 0, 5_000)
        assert verify.check() == []

    def test_nobody_confirms_their_own_move(self, fund: Books, cast: Cast) -> None:
        make.gift(cast["accountant"], 5_000, method="cash")
        row = deposit(cast, 4_000)
        for who in ("accountant", "staff", "supervisor", "street_officer"):
            with pytest.raises(NotAllowed):
                services.confirm_move(row=row, by=cast[who])
        with pytest.raises(IntegrityError, match="moneymove_two_people"), transaction.atomic():
            MoneyMove.objects.filter(pk=row.pk).update(decided_by_id=row.asked_by_id)

    def test_verify_finds_a_decision_that_nobody_made(self, fund: Books, cast: Cast) -> None:
        make.gift(cast["accountant"], 5_000, method="cash")
        row = deposit(cast, 4_000)
        MoneyMove.objects.filter(pk=row.pk).update(state=Decision.WITHDRAWN)
        assert [(fault.check, fault.where) for fault in verify.check()] == [("by two", source_of(row))]

    def test_what_is_not_there_cannot_be_moved(self, fund: Books, cast: Cast) -> None:
        make.gift(cast["accountant"], 5_000, method="cash")
        row = deposit(cast, 5_001)
        with pytest.raises(OverdraftRefused):
            services.confirm_move(row=row, by=cast["secretary"])
        row.refresh_from_db()
        assert row.state == Decision.ASKED

    @pytest.mark.parametrize(
        "wrong",
        [
            {"fen": 0},
            {"fen": True},
            {"fen": 10**15},
            {"to_method": "cash"},
            {"to_method": "pocket"},
            {"pool": "pocket"},
            {"happened_on": timedelta(days=2)},
        ],
    )
    def test_a_wrong_move_is_refused_with_a_sentence(self, fund: Books, cast: Cast, wrong: dict[str, Any]) -> None:
        with pytest.raises(Refused) as refused:
            deposit(cast, **{"fen": 100, **make.from_today(wrong)})
        assert str(refused.value)
        assert not MoneyMove.objects.exists()

    def test_what_was_asked_can_be_refused_or_taken_back_and_is_then_over(self, fund: Books, cast: Cast) -> None:
        make.gift(cast["accountant"], 5_000, method="cash")
        refused = services.refuse_move(row=deposit(cast, 100), reason="没有存款单", by=cast["secretary"])
        gone = services.withdraw_move(row=deposit(cast, 100), by=cast["accountant"])
        for row in (refused, gone):
            with pytest.raises(ForbiddenMove):
                services.confirm_move(row=row, by=cast["secretary"])
        assert lies(fund)["1002"] == 0
        assert verify.check() == []

    def test_what_was_asked_stays_what_it_was(self, fund: Books, cast: Cast) -> None:
        row = deposit(cast, 100)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            MoneyMove.objects.filter(pk=row.pk).update(amount_fen=1)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            row.delete()

    def test_its_entry_is_neither_income_nor_spending(self, fund: Books, cast: Cast) -> None:
        make.gift(cast["accountant"], 5_000, method="wechat")
        services.confirm_move(row=deposit(cast, 5_000, from_method="wechat"), by=cast["secretary"])
        (entry,) = entries.entries(entries.transfers(Sought(kind="moved")))
        assert (entry.way, entry.tone, entry.fen) == ("moved", "", 5_000)

    def test_a_payment_leaves_the_place_that_was_named(self, fund: Books, cast: Cast) -> None:
        make.gift(cast["accountant"], 5_000, method="cash")
        make.gift(cast["accountant"], 5_000, method="wechat")
        row = services.approve_payment(request=make.request(cast["staff"], 3_000, method="cash"), by=cast["secretary"])
        services.pay(request=row, by=cast["accountant"])
        assert lies(fund) == {"1002": 0, "1009": 5_000, "1001": 2_000}
        from_bank = make.request(cast["staff"], 1_000)
        with pytest.raises(OverdraftRefused):
            services.approve_payment(request=from_bank, by=cast["secretary"])
        assert verify.check() == []

    def test_a_receipt_is_taken_back_though_its_cash_lies_in_the_bank_now(self, fund: Books, cast: Cast) -> None:
        gift = make.gift(cast["accountant"], 5_000, method="cash")
        services.confirm_move(row=deposit(cast, 5_000), by=cast["secretary"])
        services.take_back(donation=gift, reason="记错了", by=cast["accountant"])
        assert lies(fund) == {"1002": 0, "1009": 0, "1001": 0}
        assert queries.overview(*queries.year_until()).income_fen == 0
        assert verify.check() == []


class TestCorrections:
    @pytest.fixture
    def payment(self, fund: Books, cast: Cast) -> Any:
        make.gift(cast["accountant"], 100_000)
        return make.paid(cast, 30_000)

    def test_money_that_came_back_is_an_entry_the_other_way_round(self, fund: Books, cast: Cast, payment: Any) -> None:
        row = refund(cast, payment, 8_880)
        assert lies(fund)["1002"] == 70_000
        services.confirm_correction(row=row, by=cast["secretary"])
        assert lies(fund)["1002"] == 78_880
        seen = queries.overview(*queries.year_until())
        assert (seen.income_fen, seen.spent_fen) == (100_000, 21_120)
        assert verify.check() == []

    def test_it_needs_a_second_person(self, fund: Books, cast: Cast, payment: Any) -> None:
        row = refund(cast, payment, 8_880)
        with pytest.raises(NotAllowed):
            services.confirm_correction(row=row, by=cast["accountant"])
        for who in ("staff", "secretary", "supervisor"):
            with pytest.raises(NotAllowed):
                services.ask_correction(
                    payment=payment,
                    wanted=Correction(kind="refund", amount_fen=1, happened_on=clock.today(), reason="x"),
                    by=cast[who],
                )

    def test_no_more_is_taken_back_than_was_paid(self, fund: Books, cast: Cast, payment: Any) -> None:
        refund(cast, payment, 20_000)
        with pytest.raises(services.MoreThanPaid):
            refund(cast, payment, 10_001)
        assert services.left_of(payment) == 10_000

    @pytest.mark.parametrize("wrong", [{"kind": "gift"}, {"happened_on": timedelta(days=-1)}])
    def test_a_wrong_correction_is_refused(self, fund: Books, cast: Cast, payment: Any, wrong: dict[str, Any]) -> None:
        with pytest.raises(Refused):
            refund(cast, payment, 100, **make.from_today(wrong))

    def test_what_was_not_paid_is_not_corrected(self, fund: Books, cast: Cast) -> None:
        with pytest.raises(services.NotPaid):
            refund(cast, make.request(cast["staff"]), 100)

    def test_refused_or_taken_back_it_leaves_the_payment_as_it_is(self, fund: Books, cast: Cast, payment: Any) -> None:
        services.refuse_correction(row=refund(cast, payment, 30_000), reason="不对", by=cast["secretary"])
        services.withdraw_correction(row=refund(cast, payment, 30_000), by=cast["accountant"])
        assert services.left_of(payment) == 30_000
        assert lies(fund)["1002"] == 70_000
        assert verify.check() == []

    @pytest.mark.django_db(transaction=True)
    def test_two_who_correct_at_once_do_not_take_back_more_than_was_paid(
        self, fund: Books, cast: Cast, payment: Any
    ) -> None:
        ask = partial(refund, cast, payment, 20_000)
        outcomes = at_once(ask, ask)
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["MoreThanPaid", "PaymentCorrection"]

    def test_a_correction_is_told_apart_by_sign_tone_and_words(self, fund: Books, cast: Cast, payment: Any) -> None:
        services.confirm_correction(row=refund(cast, payment, 8_880, reason="退了一袋米"), by=cast["secretary"])
        gift = make.gift(cast["accountant"], 8_880)
        services.take_back(donation=gift, reason="记错了", by=cast["accountant"])
        corrections = entries.entries(entries.transfers(Sought(kind="correction")))
        assert [(entry.fen, entry.way, entry.tone) for entry in corrections] == [
            (-8_880, "in", ""),
            (-8_880, "out", ""),
        ]
        everything = entries.entries(entries.transfers())
        seen = queries.overview(*queries.year_until())
        assert sum(entry.fen for entry in everything if entry.way == "in") == seen.income_fen
        assert sum(entry.fen for entry in everything if entry.way == "out") == seen.spent_fen

    def test_verify_finds_a_correction_that_was_booked_by_nobody(self, fund: Books, cast: Cast, payment: Any) -> None:
        row = refund(cast, payment, 8_880)
        PaymentCorrection.objects.filter(pk=row.pk).update(
            state=Decision.BOOKED, decided_by_id=cast["secretary"].account_id, booked_on=clock.today()
        )
        assert {fault.check for fault in verify.check()} == {"by two"}


class TestComparing:
    def test_without_a_statement_nobody_says_that_the_books_are_right(self, fund: Books, cast: Cast) -> None:
        make.gift(cast["accountant"], 5_000)
        (compared,) = queries.stated()
        assert compared.stated is None

    def test_the_bank_stands_beside_the_books(self, fund: Books, cast: Cast) -> None:
        make.gift(cast["accountant"], 5_000)
        row = services.state_balance(method="bank", stated_on=clock.today(), stated_fen=5_000, by=cast["accountant"])
        assert (row.booked_fen, row.difference) == (5_000, 0)
        assert verify.check() == []

    def test_a_difference_is_kept_with_its_word(self, fund: Books, cast: Cast) -> None:
        make.gift(cast["accountant"], 5_000)
        state = partial(
            services.state_balance, method="bank", stated_on=clock.today(), stated_fen=4_990, by=cast["accountant"]
        )
        with pytest.raises(services.NotExplained):
            state(note="  ")
        row = state(note="银行扣了 10 分手续费，还没记")
        assert row.difference == -10
        assert queries.stated()[0].stated == row

    @pytest.mark.parametrize(
        "wrong",
        [
            {"method": "pocket"},
            {"stated_fen": -1},
            {"stated_fen": True},
            {"stated_fen": 10**15},
            {"stated_on": timedelta(days=1)},
        ],
    )
    def test_nonsense_is_refused_with_a_sentence(self, fund: Books, cast: Cast, wrong: dict[str, Any]) -> None:
        fields = {"method": "bank", "stated_on": clock.today(), "stated_fen": 0, **make.from_today(wrong)}
        with pytest.raises(Refused) as refused:
            services.state_balance(**fields, by=cast["accountant"])
        assert str(refused.value)

    def test_only_who_keeps_the_books_writes_it_down(self, fund: Books, cast: Cast) -> None:
        for who in ("staff", "secretary", "supervisor", "resident"):
            with pytest.raises(NotAllowed):
                services.state_balance(method="bank", stated_on=clock.today(), stated_fen=0, by=cast[who])

    @pytest.mark.django_db(transaction=True)
    def test_verify_finds_a_statement_that_was_made_to_fit(self, fund: Books, cast: Cast) -> None:
        make.gift(cast["accountant"], 5_000)
        row = services.state_balance(
            method="bank", stated_on=clock.today(), stated_fen=1, note="少了", by=cast["accountant"]
        )
        with as_owner(connection):
            StatedBalance.objects.filter(pk=row.pk).update(stated_fen=5_000)
        assert {fault.check for fault in verify.check()} == {"stated balances"}


def test_the_history_of_a_move_is_kept(fund: Books, cast: Cast) -> None:
    make.gift(cast["accountant"], 5_000, method="cash")
    row = services.confirm_move(row=deposit(cast, 100), by=cast["secretary"])
    assert [entry.verb for entry in timeline.of(source_of(row))] == ["MoneyMoved", "MoneyMoveAsked"]
