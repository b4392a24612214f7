"""What was paid for a show: shared out to the fen, the fund's part in its books, given back and never erased."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.server.database import as_owner
from weiyifang.fund import queries as fund
from weiyifang.fund import services as money
from weiyifang.fund import verify as fund_verify
from weiyifang.fund.models import Donation
from weiyifang.fund.tests import make as funds
from weiyifang.ledger.services import OverdraftRefused
from weiyifang.organizations.models import Organization
from weiyifang.people.testing import ClientOf
from weiyifang.reactions import verify as consequences
from weiyifang.stage import queries, services, verify
from weiyifang.stage.models import Income, Party, Split
from weiyifang.stage.splitting import Shares
from weiyifang.stage.tests import make

pytestmark = pytest.mark.usefixtures("here", "open_fund")


def parts_of(income: Income) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for part in Split.objects.filter(income=income).order_by("resident__number"):
        found[part.whose].append(part.amount_fen)
    return dict(found)


def all_is_well() -> bool:
    return [*verify.check(), *consequences.check(), *fund_verify.check()] == []


def test_what_was_paid_is_shared_out_to_the_fen_and_the_funds_part_is_in_its_books(
    cast: dict[str, Actor], choir: Organization
) -> None:
    show = make.held(choir, on=3, price_fen=100_001, shares=make.WITH_MEMBERS)
    with pytest.raises(NotAllowed):
        services.receive(engagement=show, amount_fen=1, received_on=clock.today(), by=cast["staff"])
    income = services.receive(
        engagement=show, amount_fen=100_001, received_on=clock.today(), by=cast["accountant"], method="cash"
    )
    assert parts_of(income) == {Party.TROUPE: [30_000], Party.MEMBER: [7_334, 7_333, 7_333], Party.FUND: [48_001]}
    row = Donation.objects.get()
    assert (row.channel, row.amount_fen, row.method, row.organization) == ("shows", 48_001, "cash", show.organization)
    assert row.note == show.title
    with pytest.raises(services.MoreThanAgreed):
        services.receive(engagement=show, amount_fen=1, received_on=clock.today(), by=cast["accountant"])
    assert all_is_well()


def test_a_price_paid_in_two_parts_is_shared_out_twice(cast: dict[str, Actor], choir: Organization) -> None:
    show = make.held(choir, price_fen=200_000)
    for fen in (150_000, 50_000):
        services.receive(engagement=show, amount_fen=fen, received_on=clock.today(), by=cast["accountant"])
    assert fund.overview(*fund.year_until()).income_fen == 96_000
    assert [total.fen for total in queries.totals(queries.incomes_of(show))] == [104_000, 96_000]
    assert all_is_well()


def test_the_funds_part_of_a_government_purchase_is_no_gift(choir: Organization) -> None:
    make.paid(choir, is_purchase=True)
    row = Donation.objects.get()
    assert (row.channel, row.channel_line.ledger_code) == ("purchases", "4301.purchases")
    assert all_is_well()


def test_nothing_is_received_for_what_was_not_held_or_on_a_day_that_cannot_be(
    cast: dict[str, Actor], choir: Organization
) -> None:
    ahead, show = make.agreed(choir), make.held(choir)
    today = clock.today()
    with pytest.raises(services.NotHeld):
        services.receive(engagement=ahead, amount_fen=1, received_on=today, by=cast["accountant"])
    for day in (today + timedelta(days=1), today - timedelta(days=30)):
        with pytest.raises(services.BeforeTheShow):
            services.receive(engagement=show, amount_fen=1, received_on=day, by=cast["accountant"])
    with pytest.raises(services.NoPrice):
        services.receive(engagement=show, amount_fen=0, received_on=today, by=cast["accountant"])


def test_a_share_of_nothing_is_nobodys_part_and_no_receipt(choir: Organization) -> None:
    income = make.paid(choir, shares=Shares(troupe=10_000, members=0, fund=0))
    assert parts_of(income) == {Party.TROUPE: [200_000]}
    assert not Donation.objects.exists()
    assert all_is_well()


def test_what_is_given_back_comes_out_of_every_part_in_proportion_and_all_entries_stay(
    cast: dict[str, Actor], choir: Organization
) -> None:
    income = make.paid(choir, shares=make.WITH_MEMBERS)
    with pytest.raises(services.MoreThanThere):
        services.give_back(income=income, amount_fen=200_001, reason="多了", by=cast["accountant"])
    with pytest.raises(services.ReasonMissing):
        services.give_back(income=income, amount_fen=1, reason=" ", by=cast["accountant"])
    stays = services.give_back(income=income, amount_fen=50_001, reason="少演了两个节目", by=cast["accountant"])
    assert stays is not None
    assert (stays.amount_fen, stays.received_on) == (149_999, income.received_on)
    assert parts_of(stays) == {Party.TROUPE: [45_000], Party.MEMBER: [11_000, 11_000, 11_000], Party.FUND: [71_999]}
    receipts = [(row.amount_fen, row.is_reversed) for row in Donation.objects.order_by("number")]
    assert receipts == [(96_000, True), (71_999, False)]
    with pytest.raises(services.GivenBackAlready):
        services.give_back(income=income, amount_fen=1, reason="再来", by=cast["accountant"])
    assert services.give_back(income=stays, amount_fen=149_999, reason="全退", by=cast["accountant"]) is None
    assert fund.overview(*fund.year_until()).income_fen == 0
    assert queries.fund_share_fen() == queries.income_fen() == 0
    assert Income.objects.count() == 2
    assert all_is_well()


def test_a_part_that_the_fund_has_spent_is_not_given_back_and_nothing_changes(
    cast: dict[str, Actor], choir: Organization
) -> None:
    income = make.paid(choir)
    funds.paid(cast, 90_000)
    with pytest.raises(OverdraftRefused):
        services.give_back(income=income, amount_fen=200_000, reason="没演好", by=cast["accountant"])
    stays = services.give_back(income=income, amount_fen=10_000, reason="少演一个", by=cast["accountant"])
    assert stays is not None
    assert all_is_well()


def test_the_fund_takes_nothing_of_a_show_back_by_itself(cast: dict[str, Actor], choir: Organization) -> None:
    make.paid(choir)
    with pytest.raises(money.FromAnotherTopic):
        money.take_back(donation=Donation.objects.get(), reason="记错了", by=cast["accountant"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.any_lock_order
def test_a_hand_in_the_database_is_found(choir: Organization) -> None:
    make.paid(choir)
    with pytest.raises(DatabaseError), transaction.atomic():
        Split.objects.filter(whose=Party.FUND).update(amount_fen=1)
    with as_owner(connection):
        Split.objects.filter(whose=Party.FUND).update(amount_fen=F("amount_fen") - 1)
        Split.objects.filter(whose=Party.TROUPE).update(amount_fen=F("amount_fen") + 1)
    assert [fault.check for fault in verify.check()] == ["stage.splits"]
    assert [fault.check for fault in consequences.check()] == ["reactions.shares_of_shows"]


def test_two_parts_that_do_not_add_up_are_found(choir: Organization) -> None:
    make.paid(choir)
    Split.objects.create(income=Income.objects.get(), whose=Party.MEMBER, resident=make.member(choir), amount_fen=5)
    assert [fault.check for fault in verify.check()] == ["stage.splits"]


def test_each_party_reads_its_statement_and_nobody_reads_it_who_must_not(
    choir: Organization, client_of: ClientOf
) -> None:
    show = make.paid(choir, shares=make.WITH_MEMBERS).engagement
    address = f"/c/nanhu/workbench/stage/{show.number}/statement/"
    whole = client_of("leader").get(address).content.decode()
    assert all(part in whole for part in ("600.00", "146.67", "146.66", "960.00"))
    theirs = client_of("leader").get(address, {"of": "1"}).content.decode()
    assert "960.00" not in theirs
    assert "不是收据" in theirs
    assert client_of("resident").get(address).status_code == 403
