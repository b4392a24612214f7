"""What is asked of WeChat by ourselves, what is closed, what is given back: each once."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings

from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.columns import most
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.server.jobs import run_jobs
from weiyifang.core.tenancy import current_community_id, source_of
from weiyifang.fund import services as fund
from weiyifang.fund.books import books
from weiyifang.fund.models import Donation, Purpose
from weiyifang.fund.services import UnknownCode, Wanted
from weiyifang.ledger import queries as ledger
from weiyifang.ledger.services import OverdraftRefused
from weiyifang.people.roles import Permission
from weiyifang.wechat_pay import queries, services, verify
from weiyifang.wechat_pay.double.store import Store
from weiyifang.wechat_pay.gateways import Gateway, NotAnswered, NotTaken
from weiyifang.wechat_pay.models import NAME, NOTE, Order, Refund, State, Step, Trouble
from weiyifang.wechat_pay.services.settling import close
from weiyifang.wechat_pay.tests import make

pytestmark = pytest.mark.django_db
WECHAT = "1009"
TOO_LATE = timedelta(minutes=31)


def receipts_of(row: Order) -> int:
    return Donation.objects.filter(source=source_of(row), reversed_at=None).count()


def later(by: timedelta = timedelta(minutes=4)) -> AbstractContextManager[None]:
    return clock.at(clock.now() + by)


def test_a_name_and_a_word_fit_where_they_go() -> None:
    assert (most(Donation, "donor_name"), most(Donation, "note")) == (NAME, NOTE)


def test_whose_an_order_is_stands_in_its_number(double: Store, cast: dict[str, Actor]) -> None:
    row = make.order(cast["resident"])
    assert services.ordering.community_in(row.trade_no) == current_community_id()
    assert len(row.trade_no) == 32
    for other in ("", "x" * 32, "１" * 32, row.trade_no[:-1]):
        assert services.ordering.community_in(other) is None


@pytest.mark.parametrize(
    ("fen", "refused"),
    [(0, fund.NotPositive), (-5, fund.NotPositive), (99, services.TooLittle), (5_000_001, services.TooMuchAtOnce)],
)
def test_an_amount_out_of_bounds_is_refused(
    double: Store, cast: dict[str, Actor], fen: int, refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        make.order(cast["resident"], fen)
    assert not Order.objects.exists()


def test_what_the_fund_does_not_know_and_what_nobody_set_up_is_refused(double: Store, cast: dict[str, Actor]) -> None:
    with pytest.raises(UnknownCode):
        make.order(cast["resident"], pool="nothing")
    with override_settings(WECHAT_PAY=""), pytest.raises(services.NotOffered):
        make.order(cast["resident"])


def test_a_flood_of_orders_is_turned_away(
    double: Store, cast: dict[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    from weiyifang.wechat_pay import terms

    few = terms.TERMS.changed(terms.rule(), {"open_at_most": 10})
    monkeypatch.setattr(terms, "rule", lambda: few)
    for _ in range(10):
        make.order(cast["resident"])
    with pytest.raises(services.TooMany):
        make.order(cast["resident"])
    with later(TOO_LATE):
        make.order(cast["resident"])


def test_the_job_asks_once_and_the_same_question_has_the_same_answer(double: Store, cast: dict[str, Actor]) -> None:
    row = make.order(cast["resident"])
    assert run_jobs() >= 1
    row.refresh_from_db()
    assert (row.state, row.code_url) == (State.ASKED, f"/wechat-pay/double/{row.trade_no}/")
    with Gateway() as gateway, pytest.raises(NotTaken, match="OUT_TRADE_NO_USED"):
        gateway.order(number=row.trade_no, fen=row.amount_fen + 1, words="捐款", until=row.until)
    assert len(double.all("trade")) == 1


def test_an_order_that_wechat_does_not_take_is_closed(double: Store, cast: dict[str, Actor]) -> None:
    row = make.order(cast["resident"], donor_name="王阿姨")
    with Gateway() as gateway:  # the number is used up with another amount
        gateway.order(number=row.trade_no, fen=1, words="捐款", until=row.until)
    services.ask(order_id=row.pk)
    row.refresh_from_db()
    assert (row.state, row.trouble, row.donor_name) == (State.CLOSED, Trouble.REFUSED, "")


def test_an_answer_that_is_not_theirs_is_none(double: Store, cast: dict[str, Actor]) -> None:
    """The double signs with another key now: we do not believe it any more, and nothing moves."""
    row = make.asked(cast["resident"])
    make.pay(double, row)
    ours = "SELECT value FROM said WHERE name = 'merchant key'"
    with double.writing() as there:
        there.execute(f"UPDATE said SET value = ({ours}) WHERE name = 'platform key'")
    with Gateway() as gateway, pytest.raises(NotAnswered, match="signature"):
        gateway.look(row.trade_no)
    with later():
        assert services.look_again() == 1
    assert receipts_of(row) == 0


def test_what_nobody_told_us_is_asked_and_booked(double: Store, cast: dict[str, Actor]) -> None:
    row = make.asked(cast["resident"])
    make.pay(double, row)
    assert services.look_again() == 0  # too early
    with later():
        assert services.look_again() == 1
        assert services.look_again() == 0
    row.refresh_from_db()
    assert (row.state, receipts_of(row)) == (State.PAID, 1)


def test_an_order_that_nobody_pays_is_closed_there_and_here(double: Store, cast: dict[str, Actor]) -> None:
    row = make.asked(cast["resident"], donor_name="王阿姨", note="一点心意")
    with later():
        services.look_again()
        row.refresh_from_db()
        assert row.state == State.ASKED
    with later(TOO_LATE):
        services.look_again()
    row.refresh_from_db()
    trade = double.trade(row.trade_no)
    assert (row.state, trade and trade["state"]) == (State.CLOSED, "CLOSED")
    assert (row.donor_name, row.note, row.resident_id) == ("", "", None)
    assert verify.check() == []


def test_one_that_was_paid_in_the_last_second_is_booked_and_not_closed(double: Store, cast: dict[str, Actor]) -> None:
    row = make.asked(cast["resident"])
    make.pay(double, row)
    with later(TOO_LATE):
        services.look_again()
    row.refresh_from_db()
    assert (row.state, receipts_of(row)) == (State.PAID, 1)


def test_an_order_that_never_got_there_is_asked_again_then_closed(double: Store, cast: dict[str, Actor]) -> None:
    first, second = make.order(cast["resident"]), make.order(cast["resident"])
    with later():
        services.look_again()
    first.refresh_from_db()
    assert first.state == State.ASKED
    Order.objects.filter(pk=second.pk).update(state=State.MADE)
    with double.writing() as there:
        there.execute("DELETE FROM trade")
    with later(TOO_LATE):
        services.look_again()
    assert {row.state for row in Order.objects.all()} == {State.CLOSED}


def test_a_gift_is_given_back_by_two_people_once(double: Store, cast: dict[str, Actor]) -> None:
    row = make.paid(cast["resident"], double)
    there = ledger.balance(books().account(WECHAT))
    with pytest.raises(NotAllowed):
        services.ask_refund(order=row, reason="多付了", by=cast["resident"])
    asked = services.ask_refund(order=row, reason="多付了", by=cast["accountant"])
    with pytest.raises(services.AskedAlready):
        services.ask_refund(order=row, reason="多付了", by=cast["accountant"])
    with pytest.raises(NotAllowed):
        services.confirm_refund(refund=asked, by=cast["accountant"])
    services.confirm_refund(refund=asked, by=cast["secretary"])
    row.refresh_from_db()
    assert (row.state, receipts_of(row)) == (State.RETURNED, 0)
    assert ledger.balance(books().account(WECHAT)) == there - row.amount_fen
    run_jobs()
    services.pay_back(refund_id=asked.pk)
    asked.refresh_from_db()
    assert asked.step == Step.DONE
    assert [one["fen"] for one in double.all("refund")] == [row.amount_fen]
    with pytest.raises(services.AskedAlready):
        services.ask_refund(order=row, reason="再退一次", by=cast["accountant"])
    assert verify.check() == []


def test_nobody_confirms_what_they_asked_for_whatever_they_may_do(double: Store, cast: dict[str, Actor]) -> None:
    row = make.paid(cast["resident"], double)
    secretary = cast["secretary"]
    both = replace(secretary, rights={**secretary.rights, Permission.RECORD_INCOME: frozenset({""})})
    asked = services.ask_refund(order=row, reason="多付了", by=both)
    for verb in (services.confirm_refund, partial(services.refuse_refund, reason="不退")):
        with pytest.raises(NotAllowed):
            verb(refund=asked, by=both)


def test_the_database_keeps_one_person_from_doing_both(double: Store, cast: dict[str, Actor]) -> None:
    row = make.paid(cast["resident"], double)
    asked = services.ask_refund(order=row, reason="多付了", by=cast["accountant"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.filter(pk=asked.pk).update(decided_by=cast["accountant"].account_id)


def test_what_was_not_paid_is_not_given_back_and_a_no_leaves_the_gift(double: Store, cast: dict[str, Actor]) -> None:
    with pytest.raises(services.NotPaidYet):
        services.ask_refund(order=make.asked(cast["resident"]), reason="多付了", by=cast["accountant"])
    row = make.paid(cast["resident"], double)
    first = services.ask_refund(order=row, reason="多付了", by=cast["accountant"])
    services.refuse_refund(refund=first, reason="没有多付", by=cast["secretary"])
    second = services.ask_refund(order=row, reason="多付了", by=cast["accountant"])
    services.withdraw_refund(refund=second, by=cast["accountant"])
    assert receipts_of(row) == 1
    assert not double.all("refund")
    assert verify.check() == []


def test_wechat_itself_gives_back_no_more_than_came(double: Store, cast: dict[str, Actor]) -> None:
    row = make.paid(cast["resident"], double)
    with Gateway() as gateway, pytest.raises(NotTaken, match="INVALID_REQUEST"):
        gateway.refund(number="R" * 32, of=row.trade_no, fen=row.amount_fen + 1, total=row.amount_fen)


def test_money_that_was_spent_since_is_not_given_back(double: Store, cast: dict[str, Actor]) -> None:
    row = make.paid(cast["resident"], double)
    wanted = Wanted(
        title="米面油", payee="粮油店", category="meals", amount_fen=row.amount_fen, method="wechat", organization=""
    )
    asked = fund.submit_payment(wanted=wanted, by=cast["staff"])
    fund.approve_payment(request=asked, by=cast["secretary"])
    refund = services.ask_refund(order=row, reason="多付了", by=cast["accountant"])
    with pytest.raises(OverdraftRefused):
        services.confirm_refund(refund=refund, by=cast["secretary"])
    row.refresh_from_db()
    assert (row.state, receipts_of(row)) == (State.PAID, 1)


def test_a_gift_of_a_sealed_month_goes_back_in_the_open_one(double: Store, cast: dict[str, Actor]) -> None:
    last = clock.today().replace(day=1) - timedelta(days=1)
    with clock.at(clock.local(last, "12:00")):
        row = make.paid(cast["resident"], double)
    fund.close_month(month=last.replace(day=1), by=cast["accountant"])
    asked = services.ask_refund(order=row, reason="多付了", by=cast["accountant"])
    services.confirm_refund(refund=asked, by=cast["secretary"])
    gift = Donation.objects.get(source=source_of(row))
    assert gift.reversed_at is not None
    assert ledger.balance(books().account(WECHAT)) == 0


def test_a_refund_that_wechat_refuses_waits_with_its_word(double: Store, cast: dict[str, Actor]) -> None:
    row = make.paid(cast["resident"], double)
    asked = services.ask_refund(order=row, reason="多付了", by=cast["accountant"])
    services.confirm_refund(refund=asked, by=cast["secretary"])
    with double.writing() as there:
        there.execute("UPDATE trade SET state = 'NOTPAY'")
    services.pay_back(refund_id=asked.pk)
    asked.refresh_from_db()
    assert (asked.step, asked.trouble) == (Step.BOOKED, "INVALID_REQUEST")
    with double.writing() as there:
        there.execute("UPDATE trade SET state = 'SUCCESS'")
    with later():
        services.look_again()
    asked.refresh_from_db()
    assert (asked.step, asked.trouble) == (Step.DONE, "")


def test_who_is_forgotten_leaves_no_trace_in_what_waits(double: Store, cast: dict[str, Actor]) -> None:
    row = make.asked(cast["resident"], donor_name="王阿姨", note="一点心意")
    resident = cast["resident"].resident_id
    assert resident is not None
    services.forget_person(resident_id=resident, name="王阿姨", instead="某人")
    row.refresh_from_db()
    assert (row.donor_name, row.note, row.resident_id) == ("", "", None)
    make.pay(double, row)
    make.tell(make.letter(double, row))
    assert Donation.objects.get(source=source_of(row)).donor_name == ""


def test_an_order_opens_by_its_code_alone(double: Store, cast: dict[str, Actor]) -> None:
    row = make.order(cast["resident"])
    assert queries.named(queries.code(row.pk)) == row
    assert queries.named(str(row.pk)) is None


def test_verify_sees_a_receipt_that_lacks_and_one_too_many(double: Store, cast: dict[str, Actor]) -> None:
    row = make.paid(cast["resident"], double)
    assert verify.check() == []
    Order.objects.filter(pk=row.pk).update(state=State.RETURNED)
    assert {fault.check for fault in verify.check()} == {"wechat_pay.booked", "wechat_pay.returned"}


def test_two_that_settle_at_once_book_once(double: Store, cast: dict[str, Actor]) -> None:
    row = make.asked(cast["resident"])
    make.pay(double, row)
    letter = make.letter(double, row)
    close_too = Order.objects.get(pk=row.pk)
    make.tell(letter)
    close(order=close_too, by=cast["accountant"])  # it was read before the notification came
    row.refresh_from_db()
    assert (row.state, receipts_of(row)) == (State.PAID, 1)


def purpose_of(by: Actor) -> Purpose:
    wanted = fund.NewPurpose(name="给小区装一部电梯", words="给三号楼装电梯", since=clock.today())
    return fund.open_purpose(wanted=wanted, by=by)


def test_a_purpose_that_somebody_pays_for_is_not_closed(double: Store, cast: dict[str, Actor]) -> None:
    purpose = purpose_of(cast["secretary"])
    row = make.asked(cast["resident"], pool=purpose.code)
    with pytest.raises(services.SomebodyGives):
        fund.close_purpose(row=purpose, by=cast["secretary"])
    close(order=row, by=system())
    fund.close_purpose(row=purpose, by=cast["secretary"])
    with pytest.raises(fund.PurposeClosed):
        make.order(cast["resident"], pool=purpose.code)


def test_what_comes_for_a_closed_purpose_waits_for_a_person(double: Store, cast: dict[str, Actor]) -> None:
    purpose = purpose_of(cast["secretary"])
    row = make.asked(cast["resident"], pool=purpose.code)
    make.pay(double, row)
    close(order=row, by=system())
    fund.close_purpose(row=purpose, by=cast["secretary"])
    with pytest.raises(services.Unacceptable, match="purpose"):
        make.tell(make.letter(double, row))
    row.refresh_from_db()
    assert (row.state, row.trouble, receipts_of(row)) == (State.CLOSED, Trouble.PURPOSE, 0)
