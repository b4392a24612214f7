from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.money import yuan
from weiyifang.core.tenancy import outside_any_community
from weiyifang.fund import queries, statement
from weiyifang.fund.books import Books
from weiyifang.fund.chart import chart
from weiyifang.fund.models import Donation, PaymentRequest, State
from weiyifang.fund.tests import make
from weiyifang.fund.tests.test_versions import SEEN
from weiyifang.ledger.models import Transfer
from weiyifang.people.testing import ClientOf

Cast = dict[str, Actor]
FUND, BENCH = "/c/nanhu/fund/", "/c/nanhu/workbench/fund/"


@pytest.fixture
def lively(fund: Books, cast: Cast) -> Books:
    """A fund with a few gifts and a payment."""
    make.gift(cast["accountant"], 4_461_400)
    make.gift(cast["accountant"], 5_000, channel="residents", method="wechat", donor_name="李婆婆")
    make.paid(cast, 120_000)
    return fund


def test_anybody_sees_what_came_in_and_went_out(lively: Books, client_of: ClientOf) -> None:
    page = client_of("visitor").get(FUND)
    body = page.content.decode()
    assert page.status_code == 200
    for fen in (4_466_400, 120_000, 4_346_400):
        assert yuan(fen) in body


def test_every_line_of_the_overview_leads_to_its_entries(lively: Books, client_of: ClientOf) -> None:
    body = client_of("visitor").get(f"{FUND}transfers/?channel=residents").content.decode()
    assert "50.00" in body
    assert "44,614.00" not in body


def test_a_giver_who_did_not_ask_for_it_is_not_named(lively: Books, client_of: ClientOf) -> None:
    for address in (FUND, f"{FUND}transfers/"):
        assert "李婆婆" not in client_of("visitor").get(address).content.decode()


def test_one_entry_tells_who_asked_approved_and_paid(lively: Books, cast: Cast, client_of: ClientOf) -> None:
    row = Transfer.objects.get(amount=120_000)
    body = client_of("visitor").get(f"{FUND}transfers/{row.pk}/").content.decode()
    for who in ("staff", "secretary", "accountant"):
        assert cast[who].name in body


def test_the_list_of_entries_asks_the_database_as_often_for_one_as_for_three(
    fund: Books, cast: Cast, client_of: ClientOf
) -> None:
    browser = client_of("visitor")
    make.gift(cast["accountant"])
    browser.get(f"{FUND}transfers/")
    with CaptureQueriesContext(connection) as one:
        browser.get(f"{FUND}transfers/")
    make.gift(cast["accountant"])
    make.paid(cast)
    with CaptureQueriesContext(connection) as three:
        browser.get(f"{FUND}transfers/")
    assert len(three) <= len(one) + 2  # people behind payments are asked for once there is a payment


def spreadsheet(client_of: ClientOf, language: str = "zh-hans") -> str:
    answer = client_of("visitor").get(f"{FUND}transfers/?as=csv", headers={"Accept-Language": language})
    return answer.getvalue().decode("utf-8-sig")


def test_the_spreadsheet_is_read_as_it_is_sent_and_whole(
    fund: Books, cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statement, "AT_ONCE", 2)
    for fen in range(100, 800, 100):
        make.gift(cast["accountant"], fen)
    answer = client_of("visitor").get(f"{FUND}transfers/?as=csv", headers={"Accept-Language": "en"})
    with outside_any_community(), CaptureQueriesContext(connection) as queries:
        lines = answer.getvalue().decode("utf-8-sig").splitlines()
    assert [line.split(",")[4] for line in lines[1:]] == [f"{yuan}.00" for yuan in range(7, 0, -1)]
    pages = [query["sql"] for query in queries if query["sql"].rstrip().endswith("LIMIT 2")]
    assert len(pages) == 5  # the last one is empty
    assert lines[0].startswith("Day,What")
    assert chart().channels["partners"].en in lines[1]


def test_the_spreadsheet_starts_no_formula(fund: Books, cast: Cast, client_of: ClientOf) -> None:
    make.gift(cast["accountant"], note="=HYPERLINK(1)", donor_name="+1", is_named=True)
    text = spreadsheet(client_of)
    assert "'=HYPERLINK(1)" in text
    assert "'+1" in text
    assert ",=" not in text


def test_a_gift_is_recorded_once_though_sent_twice(fund: Books, client_of: ClientOf) -> None:
    browser, once = client_of("accountant"), str(uuid4())
    typed = {
        "channel": "residents",
        "amount": "200.50",
        "method": "cash",
        "received_on": "2026-01-05",
        "pool": "general",
    }
    for _ in range(3):
        assert browser.post(f"{BENCH}income/", {**typed, "_once": once}).status_code == 302
    assert [row.amount_fen for row in Donation.objects.all()] == [20_050]
    other = browser.post(f"{BENCH}income/", {**typed, "amount": "300", "_once": once})
    assert other.status_code == 422
    assert Donation.objects.count() == 1


def test_what_was_typed_stays_when_it_is_refused(fund: Books, client_of: ClientOf) -> None:
    page = client_of("accountant").post(
        f"{BENCH}income/", {"channel": "residents", "amount": "很多", "donor_name": "周大爷"}
    )
    assert page.status_code == 422
    assert "周大爷" in page.content.decode()


def test_a_payment_goes_through_three_browsers(lively: Books, client_of: ClientOf) -> None:
    asked = client_of("staff").post(
        f"{BENCH}payments/new/",
        {"title": "音响", "payee": "和顺五金", "category": "venue", "amount": "1,250", "pool": "general"},
    )
    assert asked.status_code == 302
    row = PaymentRequest.objects.get(title="音响")
    address = f"{BENCH}payments/{row.pk}/"
    assert client_of("staff").post(f"{address}approval/").status_code == 403
    assert client_of("secretary").post(f"{address}approval/").status_code == 302
    assert client_of("secretary").post(f"{address}payout/").status_code == 403
    assert client_of("accountant").post(f"{address}payout/", {"slip": "回单 1"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.slip) == (State.PAID, "回单 1")


def test_too_little_money_is_said_in_a_sentence_and_changes_nothing(
    fund: Books, cast: Cast, client_of: ClientOf
) -> None:
    row = make.request(cast["staff"], 100)
    page = client_of("secretary").post(f"{BENCH}payments/{row.pk}/approval/")
    row.refresh_from_db()
    assert (page.status_code, row.state) == (409, State.SUBMITTED)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("visitor", 302),
        ("outsider", 404),
        ("resident", 403),
        ("volunteer", 403),
        ("street_officer", 200),
        ("supervisor", 200),
    ],
)
def test_who_may_look_at_the_books(lively: Books, client_of: ClientOf, who: str, status: int) -> None:
    assert client_of(who).get(f"{BENCH}books/").status_code == status


def test_the_supervisor_seals_nothing(lively: Books, client_of: ClientOf) -> None:
    assert client_of("supervisor").post(f"{BENCH}books/", {"month": "2026-01-01"}).status_code in {403, 422}
    assert not queries.months().exists()


def test_the_accountant_seals_the_month_that_is_due(lively: Books, client_of: ClientOf) -> None:
    accountant, due = client_of("accountant"), queries.next_to_seal()
    assert due is not None
    page = accountant.get(f"{BENCH}books/", headers={"Accept-Language": "en"}).content.decode()
    assert "when it is over" in page
    assert 'name="month"' not in page
    with clock.at(clock.local(due + timedelta(days=32), "09:00")):
        accountant = client_of("accountant")  # signed in again: staff sessions end with the day
        page = accountant.get(f"{BENCH}books/").content.decode()
        (month,) = re.findall(r'name="month" value="([^"]+)"', page)
        sent = {"month": month, "_seen": SEEN.findall(page)}
        assert accountant.post(f"{BENCH}books/", sent).status_code == 302
        assert [period.month for period in queries.months()] == [due]
        assert accountant.post(f"{BENCH}books/", sent).status_code == 302  # pressed late: it stands
        assert queries.months().count() == 1


def test_a_balance_says_on_which_side_it_is(lively: Books, client_of: ClientOf) -> None:
    page = client_of("accountant").get(f"{BENCH}books/", headers={"Accept-Language": "en"}).content.decode()
    assert re.search(r'data-label="Balance">Dr [1-9]', page)
    assert re.search(r'data-label="Balance">Cr [1-9]', page)
    assert not re.search(r'data-label="Balance">.{0,6}[-−]', page)
    assert "Donations · Gifts of residents" in page


def test_my_gifts_are_mine_alone(fund: Books, cast: Cast, client_of: ClientOf) -> None:
    mine = make.gift(cast["accountant"], resident_id=cast["resident"].resident_id, channel="residents")
    address = f"{FUND}mine/{mine.pk}/"
    assert client_of("resident").get(address).status_code == 200
    assert client_of("volunteer").get(address).status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("path", ["", "transfers/", "months/", "mine/"])
def test_the_pages_speak_both_languages(lively: Books, client_of: ClientOf, path: str, language: str) -> None:
    page = client_of("resident").get(f"{FUND}{path}", headers={"Accept-Language": language})
    assert page.status_code == 200
    assert f'lang="{"zh" if language.startswith("zh") else "en"}' in page.content.decode()


@pytest.mark.parametrize("path", ["", "payments/new/", "books/"])
def test_the_task_pages_open_for_the_secretary(lively: Books, client_of: ClientOf, path: str) -> None:
    assert client_of("secretary").get(f"{BENCH}{path}").status_code == 200


def test_an_empty_fund_says_how_to_begin(fund: Books, client_of: ClientOf) -> None:
    for path in ("", "transfers/", "months/"):
        assert client_of("visitor").get(f"{FUND}{path}").status_code == 200


class TestApi:
    API = "/c/nanhu/api/fund/"

    def test_the_public_figures(self, lively: Books, client_of: ClientOf) -> None:
        found = client_of("visitor").get(f"{self.API}overview").json()
        assert (found["income_fen"], found["spent_fen"]) == (4_466_400, 120_000)

    def test_entries_come_in_pages_without_gaps(self, lively: Books, client_of: ClientOf) -> None:
        browser, seen, last = client_of("visitor"), [], ""
        while page := browser.get(f"{self.API}entries?limit=1{last}").json():
            seen += [entry["id"] for entry in page]
            last = f"&before={page[-1]['id']}"
        assert len(seen) == len(set(seen)) == Transfer.objects.count()

    def test_a_retry_with_the_same_key_records_once(self, fund: Books, client_of: ClientOf) -> None:
        browser = client_of("accountant")
        body = {"channel": "residents", "amount_fen": 100, "received_on": "2026-01-05"}
        for _ in range(3):
            made = browser.post(
                f"{self.API}receipts", body, content_type="application/json", headers={"Idempotency-Key": "k"}
            )
            assert made.status_code == 201
        assert Donation.objects.count() == 1

    @pytest.mark.parametrize(
        ("who", "status"), [("resident", 403), ("staff", 403), ("outsider", 404), ("visitor", 401)]
    )
    def test_only_the_accountant_records(self, fund: Books, client_of: ClientOf, who: str, status: int) -> None:
        body = {"channel": "residents", "amount_fen": 100, "received_on": "2026-01-05"}
        made = client_of(who).post(f"{self.API}receipts", body, content_type="application/json")
        assert made.status_code == status
        assert not Donation.objects.exists()
