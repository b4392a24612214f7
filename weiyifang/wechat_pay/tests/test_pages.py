"""Giving on the phone, from the form to the receipt; the workbench."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings
from django.urls import reverse

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.server.jobs import run_jobs
from weiyifang.core.tenancy import source_of
from weiyifang.fund.models import Donation
from weiyifang.people.testing import ClientOf
from weiyifang.wechat_pay import queries, services
from weiyifang.wechat_pay.double.store import Store
from weiyifang.wechat_pay.models import Order, State
from weiyifang.wechat_pay.tests import make

pytestmark = pytest.mark.django_db
HOME = "/c/nanhu/"
GIVE, BENCH, FIND = f"{HOME}fund/give/", f"{HOME}workbench/wechat-pay/", f"{HOME}workbench/find/"
FILLED = {"amount": "5000", "pool": "general", "donor_name": "王阿姨", "note": "一点心意"}


def give(client: Any, **more: str) -> Any:
    return client.post(GIVE, {**FILLED, "_once": f"{sorted(more.items())}"[:70].encode().hex()[:70], **more})


@pytest.mark.parametrize("who", ["visitor", "resident"])
def test_a_gift_goes_from_the_form_to_its_receipt(double: Store, client_of: ClientOf, who: str) -> None:
    browser = client_of(who)
    answer = give(browser)
    assert answer.status_code == 302
    address = answer.headers["Location"]
    page = browser.get(address)
    assert page.headers["Refresh"] == "2"
    run_jobs()
    page = browser.get(address)
    row = Order.objects.get()
    assert page.headers["Refresh"] == "5"
    assert f"/wechat-pay/double/{row.trade_no}/" in page.content.decode()
    make.pay(double, row)
    make.tell(make.letter(double, row))
    page = browser.get(address)
    assert "Refresh" not in page.headers
    gift = Donation.objects.get(source=source_of(row))
    receipt = page.content.decode().split(f'href="{HOME}fund/receipts/')[1].partition('"')[0]
    assert browser.get(f"{HOME}fund/receipts/{receipt}").context["donation"] == gift
    assert (gift.resident_id is None) == (who == "visitor")


@pytest.mark.parametrize(
    ("typed", "fen"),
    [({"own": "66.66"}, 6_666), ({"own": "８８"}, 8_800), ({"amount": "", "own": "1"}, 100), ({}, 5_000)],
)
def test_an_own_amount_goes_before_the_offered_one(
    double: Store, client_of: ClientOf, typed: dict[str, str], fen: int
) -> None:
    assert give(client_of("visitor"), **typed).status_code == 302
    assert Order.objects.get().amount_fen == fen


@pytest.mark.parametrize(
    "typed",
    [
        {"own": "0.5"},
        {"own": "50000.01"},
        {"own": "-5"},
        {"own": "1.005"},
        {"own": "10000000000000"},
        {"own": "很多"},
        {"amount": "", "own": ""},
        {"amount": "1"},
        {"pool": "nothing"},
    ],
)
def test_a_refusal_keeps_what_was_typed(double: Store, client_of: ClientOf, typed: dict[str, str]) -> None:
    page = give(client_of("visitor"), **typed)
    assert page.status_code == 422
    assert "王阿姨" in page.content.decode()
    assert "一点心意" in page.content.decode()
    assert not Order.objects.exists()


def test_without_wechat_pay_the_page_says_how_to_give(double: Store, client_of: ClientOf) -> None:
    with override_settings(WECHAT_PAY=""):
        page = client_of("visitor").get(GIVE)
        assert page.status_code == 200
        assert '<form method="post" action=""' not in page.content.decode()


def test_a_code_that_nobody_gave_out_opens_nothing(double: Store, client_of: ClientOf, cast: dict[str, Actor]) -> None:
    code = queries.code(make.order(cast["resident"]).pk)
    other = ("A" if code[-1] != "A" else "Q").join([code[:-1], ""])
    assert client_of("visitor").get(f"{GIVE}{other}/").status_code == 404
    assert client_of("visitor").get(f"{GIVE}{code}/").status_code == 200


def test_the_page_stops_looking_when_asked_and_when_it_is_late(
    double: Store, client_of: ClientOf, cast: dict[str, Actor]
) -> None:
    address = f"{GIVE}{queries.code(make.asked(cast['resident']).pk)}/"
    assert "Refresh" in client_of("visitor").get(address).headers
    assert "Refresh" not in client_of("visitor").get(f"{address}?still=1").headers
    with clock.at(clock.now() + timedelta(hours=1)):
        assert "Refresh" not in client_of("visitor").get(address).headers


@pytest.mark.parametrize("act", ["pay", "twice", "late", "amount", "silent", "fail"])
def test_the_demos_page_pays_and_leads_back(
    double: Store, client_of: ClientOf, cast: dict[str, Actor], monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    from weiyifang.wechat_pay import outside
    from weiyifang.wechat_pay.tests.test_notifications import send

    letters: list[Any] = []
    monkeypatch.setattr(outside, "_send", lambda to, sent: letters.extend(sent))  # no server listens in this test
    row = make.asked(cast["resident"])
    address = f"{reverse('wechat_pay_double', args=[row.trade_no], urlconf='config.urls')}?back=/c/nanhu/"
    assert client_of("visitor").get(address).status_code == 200
    answer = client_of("visitor").post(address, {"act": act})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/c/nanhu/")
    told = {"pay": [204], "twice": [204, 204], "late": [401], "amount": [409], "silent": [], "fail": []}[act]
    assert [send(letter).status_code for letter in letters] == told
    with clock.at(clock.now() + timedelta(minutes=4)):
        services.look_again()
    row.refresh_from_db()
    assert row.state == (State.ASKED if act == "fail" else State.PAID)
    assert Donation.objects.filter(source=source_of(row)).count() == (0 if act == "fail" else 1)


def test_the_demos_page_leads_to_no_other_site_and_is_in_no_other_place(
    double: Store, client_of: ClientOf, cast: dict[str, Actor]
) -> None:
    row = make.asked(cast["resident"])
    address = f"/wechat-pay/double/{row.trade_no}/"
    answer = client_of("visitor").post(f"{address}?back=https://elsewhere.example/", {"act": "fail"})
    assert "elsewhere" not in answer.headers["Location"].partition("?")[0]
    with override_settings(WECHAT_PAY="merchant"):
        assert client_of("visitor").get(address).status_code == 404
        assert client_of("visitor").post(address, {"act": "pay"}).status_code == 404


def test_a_gift_is_given_back_on_the_workbench(double: Store, client_of: ClientOf, cast: dict[str, Actor]) -> None:
    row = make.paid(cast["resident"], double)
    page = f"{BENCH}{row.pk}/"
    assert client_of("accountant").post(f"{page}refund/", {"reason": ""}).status_code == 422
    assert client_of("accountant").post(f"{page}refund/", {"reason": "多付了"}).status_code == 302
    refund = row.refunds.get()
    assert "多付了" in client_of("secretary").get(page).content.decode()
    assert client_of("secretary").post(f"{BENCH}refunds/{refund.pk}/confirmation/").status_code == 302
    run_jobs()
    refund.refresh_from_db()
    assert refund.step == "done"


def test_an_order_is_found_by_the_number_on_the_givers_phone(
    double: Store, client_of: ClientOf, cast: dict[str, Actor]
) -> None:
    row = make.paid(cast["resident"], double)
    for typed in (row.transaction, row.trade_no):
        answer = client_of("accountant").get(FIND, {"q": typed})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"{BENCH}{row.pk}/")
        assert list(client_of("accountant").get(BENCH, {"q": typed}).context["page"]) == [row]
