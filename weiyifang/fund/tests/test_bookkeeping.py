"""The bookkeeper's pages in the browsers of two people, and what anybody sees of it."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.money import yuan
from weiyifang.fund import services
from weiyifang.fund.books import Books
from weiyifang.fund.models import Decision, Donation, MoneyMove, PaymentCorrection, PaymentRequest, State, StatedBalance
from weiyifang.fund.tests import make
from weiyifang.fund.tests.test_versions import SEEN
from weiyifang.ledger.models import Transfer
from weiyifang.people.testing import ClientOf

Cast = dict[str, Actor]
FUND, BENCH = "/c/nanhu/fund/", "/c/nanhu/workbench/fund/"
ENGLISH = {"Accept-Language": "en"}


def test_cash_goes_to_the_bank_through_two_browsers(fund: Books, cast: Cast, client_of: ClientOf) -> None:
    make.gift(cast["accountant"], 5_000, method="cash")
    said = {"from_method": "cash", "to_method": "bank", "pool": "general", "amount": "50", "slip": "存款单 7"}
    accountant, secretary = client_of("accountant"), client_of("secretary")
    made = accountant.post(f"{BENCH}moves/", {**said, "happened_on": str(clock.today())})
    assert made.status_code == 302
    row = MoneyMove.objects.get()
    assert accountant.post(f"{BENCH}moves/{row.pk}/confirmation/").status_code == 403
    assert f"moves/{row.pk}/" in secretary.get(BENCH).content.decode()
    assert secretary.post(f"{BENCH}moves/{row.pk}/confirmation/").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.slip) == (Decision.BOOKED, "存款单 7")
    page = client_of("visitor").get(f"{FUND}transfers/?kind=moved", headers=ENGLISH).content.decode()
    assert "Cash taken to the bank" in page
    assert "Neither income nor spending" in page


def test_a_payment_is_corrected_through_two_browsers_and_everybody_sees_why(
    fund: Books, cast: Cast, client_of: ClientOf
) -> None:
    make.gift(cast["accountant"])
    payment = make.paid(cast)
    address = f"{BENCH}payments/{payment.pk}/"
    said = {"kind": "refund", "amount": "88.80", "happened_on": str(clock.today()), "reason": "退了一袋米"}
    accountant, secretary = client_of("accountant"), client_of("secretary")
    assert "correction/" in accountant.get(address).content.decode()
    assert accountant.post(f"{address}correction/", said).status_code == 302
    row = PaymentCorrection.objects.get()
    assert secretary.post(f"{BENCH}corrections/{row.pk}/confirmation/").status_code == 302
    original = Transfer.objects.get(amount=30_000)
    public = client_of("visitor").get(f"{FUND}transfers/{original.pk}/").content.decode()
    assert "88.80" in public
    (correction,) = Transfer.objects.filter(reverses=original)
    page = client_of("visitor").get(f"{FUND}transfers/{correction.pk}/").content.decode()
    assert "-88.80" in page
    assert "退了一袋米" in page
    assert 'class="money in' not in page
    sheet = client_of("visitor").get(f"{FUND}transfers/?as=csv", headers=ENGLISH)
    listed = sheet.getvalue().decode("utf-8-sig")
    assert f",-88.80,,{original.pk}," in listed
    told = client_of("visitor").get("/c/nanhu/api/fund/entries").json()
    assert [(one["fen"], one["direction"], one["corrects"]) for one in told if one["is_correction"]] == [
        (-8_880, "out", str(original.pk))
    ]


def test_a_payment_booked_wrongly_is_asked_for_anew_with_what_it_said(
    fund: Books, cast: Cast, client_of: ClientOf
) -> None:
    make.gift(cast["accountant"])
    payment = make.paid(cast)
    page = client_of("staff").get(f"{BENCH}payments/new/?again={payment.pk}").content.decode()
    assert 'value="米面油"' in page
    for nonsense in ("x", payment.approved_by_id):
        assert client_of("staff").get(f"{BENCH}payments/new/?again={nonsense}").status_code == 200


def test_what_the_bank_says_stands_on_the_public_page(fund: Books, cast: Cast, client_of: ClientOf) -> None:
    make.gift(cast["accountant"], 123_400)
    before = client_of("visitor").get(FUND, headers=ENGLISH).content.decode()
    assert "Nobody has compared the bank with the books yet" in before
    accountant, today = client_of("accountant"), str(clock.today())
    refused = accountant.post(f"{BENCH}statements/", {"method": "bank", "stated_on": today, "amount": "1,230"})
    assert refused.status_code == 422
    assert not StatedBalance.objects.exists()
    seen = SEEN.findall(refused.content.decode())
    said = {"method": "bank", "stated_on": today, "amount": "1,230", "note": "手续费 4 元还没记", "_seen": seen}
    assert accountant.post(f"{BENCH}statements/", said).status_code == 302
    with clock.at(clock.now() + timedelta(minutes=1)):
        after = client_of("visitor").get(FUND, headers=ENGLISH).content.decode()
    assert yuan(123_000) in after
    assert yuan(-400) in after
    assert "手续费 4 元还没记" in after
    assert "agree" not in after


def test_the_books_lead_to_an_account_its_entries_and_their_papers(
    fund: Books, cast: Cast, client_of: ClientOf
) -> None:
    make.gift(cast["accountant"], 100_000)
    payment = make.paid(cast, 30_000)
    browser = client_of("accountant")
    assert f"{BENCH}books/1002/" in browser.get(f"{BENCH}books/").content.decode()
    journal = browser.get(f"{BENCH}books/1002/").content.decode()
    assert journal.index(yuan(70_000)) < journal.rindex(yuan(100_000))
    row = Transfer.objects.get(amount=30_000)
    assert f"{BENCH}entries/{row.pk}/" in journal
    assert f"{BENCH}payments/{payment.pk}/" in browser.get(f"{BENCH}entries/{row.pk}/").content.decode()
    assert browser.get(f"{BENCH}books/9999/").status_code == 404
    tomorrow = clock.today() + timedelta(days=1)
    assert "<table" not in browser.get(f"{BENCH}books/1002/?since={tomorrow}").content.decode()


def test_each_page_of_a_journal_goes_on_where_the_one_before_ended(
    fund: Books, cast: Cast, client_of: ClientOf
) -> None:
    for number in range(33):
        make.gift(cast["accountant"], 100 + number)
    second = client_of("accountant").get(f"{BENCH}books/1002/?page=2").content.decode()
    assert yuan(100 + 101 + 102) in second


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("q=4711", {"有发票的"}),
        ("q=0815", {"有发票的"}),
        ("q=2", {"大的"}),
        ("least=500", {"大的"}),
        ("most=400&since=2020-01-01", {"有发票的"}),
        ("until=2020-01-01", set()),
        ("since=2026-02-30&until=9999-12-31&least=x", {"有发票的", "大的"}),
    ],
)
def test_payments_are_found_by_words_number_day_and_amount(
    fund: Books, cast: Cast, client_of: ClientOf, sought: str, found: set[str]
) -> None:
    make.gift(cast["accountant"], 1_000_000)
    row = services.approve_payment(
        request=make.request(cast["staff"], title="有发票的", papers="发票 4711"), by=cast["secretary"]
    )
    services.pay(request=row, slip="0815", by=cast["accountant"])
    make.request(cast["staff"], 90_000, title="大的")
    page = unescape(client_of("supervisor").get(f"{BENCH}?{sought}").content.decode())
    assert {title for title in ("有发票的", "大的") if f">{title}</a>" in page} == found


def test_the_approver_sees_whether_there_is_enough(fund: Books, cast: Cast, client_of: ClientOf) -> None:
    make.gift(cast["accountant"], 40_000)
    row = make.request(cast["staff"], 30_000)
    page = client_of("secretary").get(f"{BENCH}payments/{row.pk}/").content.decode()
    assert yuan(40_000) in page
    assert yuan(10_000) in page


def test_a_late_receipt_is_booked_when_the_accountant_says_so(fund: Books, cast: Cast, client_of: ClientOf) -> None:
    last = clock.today().replace(day=1) - timedelta(days=1)
    with clock.at(clock.local(last, "10:00")):
        make.gift(cast["accountant"])
    services.close_month(month=last.replace(day=1), by=cast["accountant"])
    typed = {"channel": "residents", "amount": "20", "method": "cash", "received_on": str(last), "pool": "general"}
    browser = client_of("accountant")
    assert 'type="checkbox" name="late"' not in browser.get(f"{BENCH}income/").content.decode()
    refused = browser.post(f"{BENCH}income/", typed)
    assert refused.status_code == 422
    assert 'name="late"' in refused.content.decode()
    assert browser.post(f"{BENCH}income/", {**typed, "late": "on"}).status_code == 302
    row = Donation.objects.get(amount_fen=2_000)
    assert (row.received_on, row.booked_on) == (last, clock.today())


@pytest.mark.parametrize("who", ["staff", "accountant", "secretary", "street_officer"])
def test_what_i_gave_is_closed_to_no_member(fund: Books, client_of: ClientOf, who: str) -> None:
    assert client_of(who).get(f"{FUND}mine/").status_code == 200


def test_income_has_a_place_of_its_own(fund: Books, client_of: ClientOf) -> None:
    def side(who: str) -> str:
        return client_of(who).get(BENCH).content.decode().partition("<main")[0]

    assert f'href="{BENCH}income/"' in side("accountant")
    assert f'href="{BENCH}income/"' not in side("supervisor")


def test_the_number_of_a_paid_payments_papers_cannot_be_replaced(fund: Books, cast: Cast, client_of: ClientOf) -> None:
    make.gift(cast["accountant"])
    row = services.approve_payment(request=make.request(cast["staff"], papers="发票 4711"), by=cast["secretary"])
    client_of("accountant").post(f"{BENCH}payments/{row.pk}/payout/", {"slip": "0815", "papers": "别的"})
    row = PaymentRequest.objects.get(pk=row.pk)
    assert (row.state, row.papers, row.slip) == (State.PAID, "发票 4711", "0815")
