"""What a careful accountant insists on: approvals that end, late entries, one book, a chart that grows, givers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

import weiyifang.fund as fund_package
from weiyifang.activities.events import LessonAttended
from weiyifang.communities.services import set_rule
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.look import wording
from weiyifang.core.money import MOST_FEN, yuan
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.fund import chart as charts
from weiyifang.fund import entries, queries, rules, services, underway, verify
from weiyifang.fund.books import Books
from weiyifang.fund.chart import Line
from weiyifang.fund.entries import Sought
from weiyifang.fund.models import Donation, PaymentRequest, State
from weiyifang.fund.services import Receipt, Wanted
from weiyifang.fund.terms import TERMS
from weiyifang.fund.tests import make
from weiyifang.fund.tests.make import APPROVED_FOR
from weiyifang.ledger import queries as ledger
from weiyifang.ledger import services as ledger_services
from weiyifang.ledger.models import Transfer
from weiyifang.ledger.services import PeriodSealed
from weiyifang.ledger.tests import make as other_money
from weiyifang.organizations.models import Organization, Status
from weiyifang.organizations.tests import make as organization
from weiyifang.people.testing import ClientOf
from weiyifang.reactions import money as reactions

Cast = dict[str, Actor]
FUND = "/c/nanhu/fund/"


class TestLapsed:
    """An approval that nobody used in time is over; who wrote it goes on from there."""

    @pytest.fixture
    def approved(self, fund: Books, cast: Cast) -> PaymentRequest:
        make.gift(cast["accountant"], 100_000)
        return services.approve_payment(request=make.request(cast["staff"]), by=cast["secretary"])

    @pytest.mark.parametrize("ledger_came_first", [False, True])
    def test_it_can_be_sent_back_and_its_money_is_free(
        self, approved: PaymentRequest, cast: Cast, ledger_came_first: bool
    ) -> None:
        with clock.at(clock.now() + APPROVED_FOR):
            if ledger_came_first:
                ledger_services.expire_holds(by=system())
            row = services.send_back_payment(request=approved, reason="过期了", by=cast["secretary"])
            assert row.state == State.SENT_BACK
            assert queries.overview(*queries.year_until()).set_aside == 0
            assert verify.check() == []

    @pytest.mark.parametrize("job_came_first", [False, True])
    def test_it_can_be_asked_for_again_approved_again_and_paid(
        self, approved: PaymentRequest, cast: Cast, job_came_first: bool
    ) -> None:
        with clock.at(clock.now() + APPROVED_FOR):
            ledger_services.expire_holds(by=system())
            if job_came_first:
                assert services.lapse_approvals(by=system()) == 1
                assert services.lapse_approvals(by=system()) == 0
            wanted = Wanted(title="米面油", payee="花园路粮油店", category="meals", amount_fen=30_000)
            row = services.resubmit_payment(request=approved, wanted=wanted, by=cast["staff"])
            row = services.approve_payment(request=row, by=cast["secretary"])
            assert services.pay(request=row, by=cast["accountant"]).state == State.PAID
            assert verify.check() == []

    def test_it_is_not_paid(self, approved: PaymentRequest, cast: Cast) -> None:
        with clock.at(clock.now() + APPROVED_FOR), pytest.raises(services.ApprovalLapsed):
            services.pay(request=approved, by=cast["accountant"])

    def test_the_page_says_so_before_the_job_came_by(
        self, approved: PaymentRequest, cast: Cast, client_of: ClientOf
    ) -> None:
        with clock.at(clock.now() + APPROVED_FOR):
            assert approved.stands == State.LAPSED
            assert not underway.waiting_for(underway.to_pay()).exists()
            assert rules.can_edit(cast["staff"], approved)
            address = f"/c/nanhu/workbench/fund/payments/{approved.pk}/"
            body = client_of("accountant").get(address).content.decode()
            assert "payout/" not in body
            assert "return/" in client_of("secretary").get(address).content.decode()

    def test_a_community_says_how_long_and_what_is_approved_already_keeps_its_time(
        self, approved: PaymentRequest, cast: Cast
    ) -> None:
        tomorrow = clock.now() + timedelta(days=1)
        set_rule(
            rule=TERMS.name, since=wording.as_day(tomorrow), values={"approval_days": 30}, why="议事会定的", by=system()
        )
        with clock.at(tomorrow):
            later = services.approve_payment(request=make.request(cast["staff"]), by=cast["secretary"])
        with clock.at(tomorrow + timedelta(days=30)):
            assert (approved.stands, later.stands) == (State.APPROVED, State.LAPSED)
            assert [row.pk for row in underway.waiting_for(underway.to_pay())] == [approved.pk]
            assert services.lapse_approvals(by=system()) == 1
            assert verify.check() == []

    def test_a_day_before_it_stands(self, approved: PaymentRequest, cast: Cast) -> None:
        with clock.at(clock.now() + APPROVED_FOR - timedelta(days=1)):
            assert services.lapse_approvals(by=system()) == 0
            assert services.pay(request=approved, by=cast["accountant"]).state == State.PAID


class TestLate:
    """What happened in a sealed month is booked into the open one, and says on which day it happened."""

    @pytest.fixture
    def held_on(self, fund: Books, cast: Cast) -> date:
        last = clock.today().replace(day=1) - timedelta(days=1)
        with clock.at(clock.local(last, "10:00")):
            make.gift(cast["accountant"])
        services.close_month(month=last.replace(day=1), by=cast["accountant"])
        return last

    def test_a_late_roster_is_booked_and_keeps_its_day(self, held_on: date, cast: Cast, client_of: ClientOf) -> None:
        for number in range(3):
            reactions.receive_lesson_fee(
                LessonAttended(
                    subject=f"activities.attendance:{number}",
                    activity_id=uuid4(),
                    organizer="",
                    resident_id=uuid4(),
                    fee_fen=2_500,
                    fund_fen=2_500,
                    held_on=held_on,
                    title="书法班",
                )
            )
        late = entries.entries(entries.transfers(Sought(kind="late")))
        assert [(entry.transfer.effective_on, entry.late_of) for entry in late] == [(clock.today(), held_on)] * 3
        assert {row.received_on for row in Donation.objects.filter(channel="tuition")} == {held_on}
        body = client_of("visitor").get(f"{FUND}transfers/?kind=late", headers={"Accept-Language": "en"})
        assert body.content.decode().count("booked late") == 3
        assert verify.check() == []

    def test_a_gift_is_booked_late_only_when_that_is_said(self, held_on: date, cast: Cast) -> None:
        with pytest.raises(PeriodSealed):
            make.gift(cast["accountant"], received_on=held_on)
        row = make.gift(cast["accountant"], received_on=held_on, late=True)
        assert (row.received_on, row.booked_on) == (held_on, clock.today())

    def test_what_is_in_time_is_booked_on_its_day(self, fund: Books, cast: Cast) -> None:
        row = make.gift(cast["accountant"], received_on=clock.today() - timedelta(days=1), late=True)
        assert row.booked_on is None


class TestOneBook:
    """Another book of the same community (hours of the time bank) is nobody's money."""

    def test_it_is_on_no_page_of_the_fund(self, fund: Books, cast: Cast, client_of: ClientOf) -> None:
        make.gift(cast["accountant"], 12_345)
        hours = other_money.fund("time")
        hours.give(777_777)
        strange = Transfer.objects.get(book=hours.book)
        visitor, accountant = client_of("visitor"), client_of("accountant")
        assert visitor.get(f"{FUND}transfers/{strange.pk}/").status_code == 404
        pages = [visitor.get(f"{FUND}{path}") for path in ("", "transfers/", "transfers/?as=csv", "months/")]
        pages.append(accountant.get("/c/nanhu/workbench/fund/books/"))
        for page in pages:
            assert page.status_code == 200
            body = page.getvalue().decode()
            assert yuan(777_777) not in body
            assert "7777.77" not in body
            assert "ledger.time" not in body
        assert visitor.get(f"/c/nanhu/api/fund/entries?before={strange.pk}").status_code == 404
        found = visitor.get("/c/nanhu/api/fund/entries").json()
        assert [entry["fen"] for entry in found] == [12_345]
        assert queries.overview(*queries.year_until()).balance == 12_345


@pytest.fixture
def longer_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chart has gained a channel, a category and a purpose."""
    old = charts.chart()
    more = replace(
        old,
        channels=old.channels | {"rent": Line(code="rent", zh="房租", en="Rent", account="4901")},
        categories=old.categories | {"tax": Line(code="tax", zh="税", en="Taxes", account="5301")},
        pools=old.pools | {"books": Line(code="books", zh="图书角", en="Book corner", restricted=True)},
    )
    for name in ("books", "chart", "entries", "forms", "queries", "verify", "views"):
        monkeypatch.setattr(f"weiyifang.fund.{name}.chart", lambda: more)
    for name in ("models.income", "models.payments", "models.purposes", "purposes"):
        monkeypatch.setattr(f"weiyifang.fund.{name}.chart", lambda: more)
    for name in ("income", "keeping", "limits"):
        monkeypatch.setattr(f"weiyifang.fund.services.{name}.chart", lambda: more)


class TestChart:
    """A chart may gain and lose lines while the book stands."""

    PAGES = (FUND, f"{FUND}transfers/", f"{FUND}transfers/?channel=rent", f"{FUND}transfers/?as=csv", f"{FUND}months/")

    def test_pages_and_statements_take_one_more_line(
        self, fund: Books, cast: Cast, longer_chart: None, client_of: ClientOf
    ) -> None:
        make.gift(cast["accountant"])
        for address in self.PAGES:
            assert client_of("visitor").get(address).status_code == 200
        for path in ("", "income/", "payments/new/", "books/"):
            assert client_of("accountant").get(f"/c/nanhu/workbench/fund/{path}").status_code == 200
        assert verify.check() == []

    def test_the_new_line_is_written_to_at_once(
        self, fund: Books, cast: Cast, longer_chart: None, client_of: ClientOf
    ) -> None:
        make.gift(cast["accountant"], 80_000, channel="rent", pool="books")
        row = services.approve_payment(
            request=make.request(cast["staff"], 5_000, category="tax", pool="books"), by=cast["secretary"]
        )
        services.pay(request=row, by=cast["accountant"])
        body = client_of("visitor").get(FUND, headers={"Accept-Language": "en"}).content.decode()
        assert "Rent" in body
        assert "Taxes" in body
        assert "4901.rent" in {line.code for line in queries.trial_balance(clock.today())}
        assert verify.check() == []

    def test_a_line_the_chart_has_lost_is_shown_by_its_name_in_the_book(
        self, fund: Books, cast: Cast, client_of: ClientOf
    ) -> None:
        ledger_services.open_account(
            book=fund.book, code="rent", name="房租", side="credit", floored=False, by=system()
        )
        here = Books(book=fund.book)
        ledger_services.post(
            debit=here.account("1002"),
            credit=here.account("rent"),
            pool=here.pool("general"),
            amount=100,
            source="something.else:1",
            effective_on=clock.today(),
            by=system(),
        )
        for address in (*self.PAGES, "/c/nanhu/workbench/fund/books/"):
            assert client_of("accountant").get(address).status_code == 200
        assert "房租" in client_of("visitor").get(f"{FUND}transfers/").content.decode()


class TestGivers:
    """Organizations by their name, people by their choice, and nobody called what they are not."""

    @pytest.fixture
    def choir(self, fund: Books) -> Organization:
        return organization.in_status(Status.FILED, "南湖合唱团")

    def test_an_organization_is_called_by_its_name(self, choir: Organization, cast: Cast, client_of: ClientOf) -> None:
        make.gift(cast["accountant"], channel="shows", organization=source_of(choir), donor_name="")
        body = client_of("visitor").get(f"{FUND}transfers/").content.decode()
        assert "南湖合唱团" in body
        assert "一位街坊" not in body
        assert entries.transfers(Sought(words="合唱团")).count() == 1
        assert verify.check() == []

    def test_an_organization_that_is_not_there_gave_nothing(self, choir: Organization, cast: Cast) -> None:
        with pytest.raises(Refused):
            make.gift(cast["accountant"], organization=f"organizations.organization:{cast['staff'].account_id}")

    @pytest.mark.parametrize(
        ("channel", "called"),
        [("residents", "一位街坊"), ("partners", "一家驻社区单位"), ("public_income", ""), ("market", "")],
    )
    def test_who_is_not_named_is_called_what_they_are(self, fund: Books, cast: Cast, channel: str, called: str) -> None:
        row = make.gift(cast["accountant"], channel=channel, donor_name="李婆婆")
        (entry,) = entries.entries(entries.transfers())
        assert entry.who == called
        assert entries.transfers(Sought(words="李婆婆")).count() == 0
        assert row.donor_name == "李婆婆"


class TestAmounts:
    """The limit of an amount is the services', so every door refuses alike."""

    @pytest.mark.parametrize("fen", [0, -1, MOST_FEN + 1, 10**15, 10**25, True])
    def test_page_api_and_import_refuse_alike(self, fund: Books, cast: Cast, fen: int, client_of: ClientOf) -> None:
        with pytest.raises(Refused):
            make.gift(cast["accountant"], fen)
        with pytest.raises(Refused):
            make.request(cast["staff"], fen)
        with pytest.raises(Refused):
            services.receive_many(
                receipts=[Receipt(channel="residents", amount_fen=fen, received_on=clock.today())],
                by=cast["accountant"],
            )

    @pytest.mark.parametrize("fen", [10**11, MOST_FEN])
    def test_no_page_grows_with_an_amount(self, fund: Books, cast: Cast, fen: int, client_of: ClientOf) -> None:
        make.gift(cast["accountant"], 10_000)
        make.paid(cast, 5_000)
        visitor = client_of("visitor")
        small = {path: len(visitor.get(path).content) for path in (FUND, "/c/nanhu/")}
        make.gift(cast["accountant"], fen, channel="residents", method="wechat")
        for path, before in small.items():
            with clock.at(clock.now() + timedelta(minutes=1)):
                assert len(client_of("visitor").get(path).content) < before + 40_000


def test_the_number_of_the_bank_stands_beside_the_papers_and_both_are_found(fund: Books, cast: Cast) -> None:
    make.gift(cast["accountant"])
    row = services.approve_payment(request=make.request(cast["staff"], papers="发票 4711"), by=cast["secretary"])
    services.pay(request=row, slip="回单 0815", by=cast["accountant"])
    row.refresh_from_db()
    assert (row.papers, row.slip) == ("发票 4711", "回单 0815")
    for words in ("4711", "0815"):
        assert entries.transfers(Sought(words=words)).count() == 1


def test_entries_are_found_by_day_and_amount(fund: Books, cast: Cast) -> None:
    yesterday = clock.today() - timedelta(days=1)
    make.gift(cast["accountant"], 100, received_on=yesterday)
    make.gift(cast["accountant"], 200)
    assert [row.amount for row in entries.transfers(Sought(since=clock.today()))] == [200]
    assert [row.amount for row in entries.transfers(Sought(until=yesterday))] == [100]
    assert [row.amount for row in entries.transfers(Sought(least=150, most=250))] == [200]


def test_money_lies_where_it_was_received(fund: Books, cast: Cast) -> None:
    make.gift(cast["accountant"], 300, method="cash")
    assert ledger.balance(fund.account("1001")) == 300


FUND_CODE = [
    path for path in Path(fund_package.__path__[0]).rglob("*.py") if not {"tests", "migrations"} & {*path.parts}
]


def test_the_fund_reads_its_own_book_alone() -> None:
    """What it asks the ledger says of which book, of which account, of which entry or hold; see `ledger.queries`."""
    asked = re.compile(r"\bledger(?:_queries)?\.(\w+)\(([^)]*)")
    reads = {name for name, value in vars(ledger).items() if callable(value)} - {"book", "heads", "ended_holds"}
    calls = [(path.name, *match.groups()) for path in FUND_CODE for match in asked.finditer(path.read_text())]
    found = [one for one in calls if one[1] in reads]
    assert len(found) >= 12
    strange = [one for one in found if not re.search(r"book|account|money|row|page|hold|\"fund\"|_sides\(", one[2])]
    assert not strange, f"say of which book: {strange}"


def test_no_code_is_looked_up_as_if_it_had_to_be_there() -> None:
    """The chart is data and may have lost a code that rows still use."""
    strict = re.compile(r"(?:chart\(\)|plan)\.(?:channels|categories|pools|money|official)\[[^\]]*\]")
    found = [(path.name, match[0]) for path in FUND_CODE for match in strict.finditer(path.read_text())]
    assert not found, f"use line_or_code or Books.lines: {found}"
