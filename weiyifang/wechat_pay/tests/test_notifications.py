"""What WeChat sends: taken once, and refused in each way that it may be no message of theirs or not fit."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, override_settings

from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.tenancy import source_of
from weiyifang.fund.models import Donation
from weiyifang.wechat_pay import protocol, services, verify
from weiyifang.wechat_pay.double.letters import Letter
from weiyifang.wechat_pay.double.store import Store
from weiyifang.wechat_pay.gateways import Gateway
from weiyifang.wechat_pay.models import Order, State, Trouble
from weiyifang.wechat_pay.services.settling import close
from weiyifang.wechat_pay.tests import make

pytestmark = pytest.mark.django_db


def send(letter: Letter, **more: Any) -> Any:
    headers = {**letter.headers, **more}
    kind = headers.pop("Content-Type")
    return Client().post(make.NOTIFICATIONS, data=letter.body, content_type=kind, headers=headers)


def receipts_of(row: Order) -> int:
    return Donation.objects.filter(source=source_of(row)).count()


def said(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["message"]


def signed(double: Store, told: dict[str, Any], *, event: str = "TRANSACTION.SUCCESS") -> Letter:
    """A message of theirs that says whatever we like."""
    body = json.dumps(
        {
            "event_type": event,
            "resource": protocol.encrypted(double.v3_key, json.dumps(told).encode(), kind="transaction"),
        }
    ).encode()
    head = protocol.seal(double.platform_key, double.platform_serial, body, now=make.seconds())
    return Letter(body, {"Content-Type": "application/json", **head.headers()})


def told(double: Store, row: Order, **more: Any) -> dict[str, Any]:
    """What they say of a paid order, with something else in it."""
    return {
        "appid": double.app,
        "mchid": double.merchant,
        "out_trade_no": row.trade_no,
        "transaction_id": f"4200{row.number:024d}",
        "trade_state": "SUCCESS",
        "success_time": clock.now().isoformat(),
        "amount": {"total": row.amount_fen, "currency": "CNY"},
        **more,
    }


def test_a_paid_order_is_booked_with_who_gave_it(double: Store, cast: dict[str, Actor]) -> None:
    row = make.asked(cast["resident"], 8_800, donor_name="王阿姨", is_named=True, note="给老人买米")
    make.pay(double, row)
    assert send(make.letter(double, row)).status_code == 204
    row.refresh_from_db()
    gift = Donation.objects.get(source=source_of(row))
    assert (row.state, row.donor_name, row.note, row.resident_id) == (State.PAID, "", "", None)
    assert (gift.amount_fen, gift.method, gift.channel) == (8_800, "wechat", "residents")
    assert (gift.donor_name, gift.is_named, gift.note) == ("王阿姨", True, "给老人买米")
    assert gift.resident_id == cast["resident"].resident_id
    assert verify.check() == []


def test_what_comes_again_is_taken_and_does_nothing(double: Store, cast: dict[str, Actor]) -> None:
    row = make.asked(cast["resident"])
    make.pay(double, row)
    first = make.letter(double, row)
    answers = [send(one).status_code for one in (first, first, make.letter(double, row))]
    assert answers == [204, 204, 204]
    assert receipts_of(row) == 1


def test_a_forged_one_is_refused(double: Store, cast: dict[str, Actor]) -> None:
    row = make.asked(cast["resident"])
    make.pay(double, row)
    true = make.letter(double, row)
    assert said(send(Letter(true.body.replace(b"SUCCESS", b"SUCCES5"), true.headers))) == (401, "signature")
    assert said(send(true, **{"Wechatpay-Serial": "PUB_KEY_ID_0"})) == (401, "serial")
    assert said(send(Letter(true.body, {"Content-Type": "application/json"}))) == (401, "unsigned")
    assert receipts_of(row) == 0


def test_one_that_is_sent_again_later_counts_no_more(double: Store, cast: dict[str, Actor]) -> None:
    row = make.asked(cast["resident"])
    make.pay(double, row)
    old = make.letter(double, row)
    with clock.at(clock.now() + timedelta(seconds=protocol.FRESH + 5)):
        assert said(send(old)) == (401, "stale")
    assert receipts_of(row) == 0


def test_one_with_another_amount_is_written_down_and_not_booked(double: Store, cast: dict[str, Actor]) -> None:
    row = make.asked(cast["resident"])
    make.pay(double, row)
    assert said(send(make.letter(double, row, fen=row.amount_fen + 1))) == (409, "amount")
    row.refresh_from_db()
    assert (row.state, row.trouble, receipts_of(row)) == (State.ASKED, Trouble.AMOUNT, 0)
    assert send(make.letter(double, row)).status_code == 204  # the right one puts it right
    row.refresh_from_db()
    assert (row.state, row.trouble, receipts_of(row)) == (State.PAID, "", 1)


def test_one_in_another_currency_is_not_booked(double: Store, cast: dict[str, Actor]) -> None:
    row = make.asked(cast["resident"])
    dollars = {"total": row.amount_fen, "currency": "USD"}
    assert said(send(signed(double, told(double, row, amount=dollars)))) == (409, "amount")
    assert receipts_of(row) == 0


@pytest.mark.parametrize("other", [{"mchid": "1900000009"}, {"appid": "wx0000000000000000"}])
def test_one_of_another_merchant_is_refused(double: Store, cast: dict[str, Actor], other: dict[str, str]) -> None:
    row = make.asked(cast["resident"])
    assert said(send(signed(double, told(double, row, **other)))) == (400, "merchant")
    assert receipts_of(row) == 0


def test_one_before_its_order_is_stored_is_asked_for_again(double: Store, cast: dict[str, Actor]) -> None:
    row = make.asked(cast["resident"])
    strange = told(double, row, out_trade_no=services.ordering.new_trade_no())
    assert said(send(signed(double, strange))) == (404, "order")
    nowhere = told(double, row, out_trade_no="9" * 32)
    assert said(send(signed(double, nowhere))) == (404, "order")


def test_one_that_overtakes_the_answer_to_our_own_question_is_booked(double: Store, cast: dict[str, Actor]) -> None:
    """The code was made there, and paid, before its address had come back to us."""
    row = make.order(cast["resident"])
    with Gateway() as gateway:
        gateway.order(number=row.trade_no, fen=row.amount_fen, words="捐款", until=row.until)
    make.pay(double, row)
    assert send(make.letter(double, row)).status_code == 204
    services.ask(order_id=row.pk)  # the job goes on later, and changes nothing
    row.refresh_from_db()
    assert (row.state, receipts_of(row)) == (State.PAID, 1)


def test_one_that_comes_after_we_gave_up_is_booked_for_the_money_is_there(
    double: Store, cast: dict[str, Actor]
) -> None:
    row = make.asked(cast["resident"], donor_name="王阿姨")
    make.pay(double, row)
    close(order=row, by=system())
    assert send(make.letter(double, row)).status_code == 204
    row.refresh_from_db()
    assert (row.state, receipts_of(row)) == (State.PAID, 1)
    assert verify.check() == []


def test_a_second_payment_of_one_order_is_written_down(double: Store, cast: dict[str, Actor]) -> None:
    row = make.paid(cast["resident"], double)
    again = told(double, row, transaction_id="4299999999")
    assert said(send(signed(double, again))) == (409, "twice")
    row.refresh_from_db()
    assert (row.trouble, receipts_of(row)) == (Trouble.TWICE, 1)


@pytest.mark.parametrize("state", ["NOTPAY", "CLOSED", "PAYERROR", "success"])
def test_what_is_not_paid_books_nothing(double: Store, cast: dict[str, Actor], state: str) -> None:
    row = make.asked(cast["resident"])
    assert send(signed(double, told(double, row, trade_state=state))).status_code == 204
    assert receipts_of(row) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": {"total": "5000"}},
        {"amount": {"total": True}},
        {"amount": None},
        {"amount": []},
        {"out_trade_no": 5},
        {"transaction_id": None},
        {"transaction_id": "4" * 500},
        {"success_time": None},
        {"success_time": "yesterday"},
        {"success_time": "2026-12-01T10:00:00"},
        {"trade_state": None},
    ],
)
def test_odd_values_of_theirs_are_refused_and_break_nothing(
    double: Store, cast: dict[str, Actor], wrong: dict[str, Any]
) -> None:
    row = make.asked(cast["resident"])
    assert send(signed(double, told(double, row, **wrong))).status_code in {400, 404, 409}
    assert receipts_of(row) == 0


def test_a_message_about_something_else_is_taken_and_left(double: Store) -> None:
    assert send(signed(double, {}, event="COUPON.USE")).status_code == 204


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"event_type": "TRANSACTION.SUCCESS", "resource": 5}', b"\xff"])
def test_a_body_that_is_none_is_refused(double: Store, body: bytes) -> None:
    head = protocol.seal(double.platform_key, double.platform_serial, body, now=make.seconds())
    assert send(Letter(body, {"Content-Type": "application/json", **head.headers()})).status_code == 400


def test_without_wechat_pay_there_is_no_such_address(double: Store) -> None:
    with override_settings(WECHAT_PAY=""):
        assert Client().post(make.NOTIFICATIONS, data=b"{}", content_type="application/json").status_code == 404
    assert Client().get(make.NOTIFICATIONS).status_code == 405


def test_a_browser_without_a_token_is_not_asked_for_one(double: Store, cast: dict[str, Actor]) -> None:
    row = make.asked(cast["resident"])
    make.pay(double, row)
    letter = make.letter(double, row)
    strict = Client(enforce_csrf_checks=True)
    headers = {name: value for name, value in letter.headers.items() if name != "Content-Type"}
    answer = strict.post(make.NOTIFICATIONS, data=letter.body, content_type="application/json", headers=headers)
    assert answer.status_code == 204
    assert "Set-Cookie" not in answer.headers


def test_a_sealed_month_takes_nothing_and_the_gift_is_booked_late(
    double: Store, cast: dict[str, Actor], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    from weiyifang.fund import services as fund

    today = clock.today()
    last = today.replace(day=1) - timedelta(days=1)
    with clock.at(clock.local(last, "23:50")):
        row = make.asked(cast["resident"])
        make.pay(double, row)
    fund.close_month(month=last.replace(day=1), by=cast["accountant"])
    assert send(make.letter(double, row)).status_code == 204
    gift = Donation.objects.get(source=source_of(row))
    assert (gift.received_on, gift.booked_on) == (last, today)
