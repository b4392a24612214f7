"""Each line is matched at most once, exact to the fen, by somebody who saw it; what follows from it follows once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from tests.concurrency import at_once
from weiyifang.banking import queries, services, suggesting, verify
from weiyifang.banking.models import Line, Match, MatchedEntry
from weiyifang.banking.tests import make
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.web import versions
from weiyifang.core.web.versions import Seen
from weiyifang.fund import queries as fund_queries
from weiyifang.fund import services as fund
from weiyifang.fund.models import Donation, PaymentRequest, State
from weiyifang.fund.tests import make as money
from weiyifang.ledger.models import Transfer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fund")]
DAY = date(2026, 3, 2)


@pytest.fixture
def accountant(cast: dict[str, Actor]) -> Actor:
    return cast["accountant"]


def lines(by: Actor, *amounts: int, days: int = 0, opening: int = 10**9) -> list[Line]:
    """A statement of March with these amounts, all on one day."""
    make.statement(by, make.of_lines([(DAY + timedelta(days=days), fen) for fen in amounts], opening=opening))
    return list(Line.objects.order_by("seq"))


def gift(by: Actor, fen: int, day: date = DAY, **more: object) -> Transfer:
    row = money.gift(by, fen, received_on=day, **more)
    return fund_queries.entry_of(f"fund.donation:{row.pk}")


def test_a_line_is_matched_with_the_entry_it_is(accountant: Actor) -> None:
    entry = gift(accountant, 5_000)
    (line,) = lines(accountant, 5_000)
    (one,) = suggesting.suggest(line.account, [line])
    assert one.is_sure
    services.match(line=line, transfers=[entry.pk], by=accountant)
    line.refresh_from_db()
    assert line.match is not None
    assert not suggesting.open_entries(line.account).exists()
    assert verify.check() == []


def test_what_differs_by_a_fen_is_not_matched(accountant: Actor) -> None:
    entry = gift(accountant, 5_000)
    (line,) = lines(accountant, 5_001)
    with pytest.raises(services.NotEqual, match=r"50\.01.*50\.00"):
        services.match(line=line, transfers=[entry.pk], by=accountant)
    assert not Match.objects.exists()


def test_one_line_is_several_entries_and_several_lines_one_entry(accountant: Actor) -> None:
    parts = [gift(accountant, fen) for fen in (3_000, 2_000)]
    whole = gift(accountant, 900)
    line, first, second = lines(accountant, 5_000, 400, 500)
    assert not suggesting.together(line.account, line), "with the third gift the day is not this line"
    services.match(line=line, transfers=[one.pk for one in parts], by=accountant)
    services.match(line=first, lines=[second.pk], transfers=[whole.pk], by=accountant)
    assert queries.open_counts() == {}
    assert verify.check() == []


def test_a_days_entries_that_are_a_line_together_are_found(accountant: Actor) -> None:
    for fen in (3_000, 2_000):
        gift(accountant, fen)
    (line,) = lines(accountant, 5_000, days=2)
    (found,) = suggesting.together(line.account, line)
    assert (found.day, found.count) == (DAY, 2)


def test_what_cancels_out_is_matched_without_a_line(accountant: Actor) -> None:
    back, again = lines(accountant, -700, 700)
    services.match(line=back, lines=[again.pk], by=accountant)
    with pytest.raises(services.NotOpen):
        services.match(line=back, lines=[again.pk], by=accountant)


def test_an_entry_and_a_line_are_matched_once(accountant: Actor) -> None:
    entry = gift(accountant, 5_000)
    first, second = lines(accountant, 5_000, 5_000)
    services.match(line=first, transfers=[entry.pk], by=accountant)
    for line in (first, second):
        with pytest.raises(services.NotOpen):
            services.match(line=line, transfers=[entry.pk], by=accountant)
    assert MatchedEntry.objects.count() == 1


def test_alike_ones_are_not_sure_and_near_ones_are(accountant: Actor) -> None:
    for day in (DAY, DAY + timedelta(days=1)):
        gift(accountant, 5_000, day)
    gift(accountant, 800)
    make.statement(accountant, make.of_lines([(DAY, 5_000), (DAY + timedelta(days=8), 800)], opening=0))
    account = Line.objects.all()[0].account
    assert [one.line.fen for one in suggesting.sure(account)] == []
    assert [len(one.found) for one in suggesting.suggest(account, list(suggesting.open_lines(account)))] == [2, 1]


def test_a_name_in_the_line_puts_its_giver_first(accountant: Actor) -> None:
    gift(accountant, 5_000, donor_name="粮油店", is_named=True)
    gift(accountant, 5_000, DAY - timedelta(days=2), donor_name="文具店", is_named=True)
    make.statement(accountant, make.of_lines([(DAY, 5_000)], words="文具店捐款"))
    line = Line.objects.get()
    (one,) = suggesting.suggest(line.account, [line])
    assert one.first is not None
    assert one.first.entry.who == "文具店"


def test_all_sure_ones_are_confirmed_at_once(accountant: Actor) -> None:
    for fen in (5_000, 6_000):
        gift(accountant, fen)
    lines(accountant, 5_000, 6_000, 7_000)
    account = Line.objects.all()[0].account
    assert services.match_sure(account=account, by=accountant) == 2
    assert queries.open_counts() == {"bank": 1}
    assert services.match_sure(account=account, by=accountant) == 0


def test_a_wrong_match_is_undone_and_all_of_it_is_open_again(accountant: Actor) -> None:
    entry = gift(accountant, 5_000)
    (line,) = lines(accountant, 5_000)
    services.match(line=line, transfers=[entry.pk], by=accountant)
    services.unmatch(line=line, by=accountant)
    line.refresh_from_db()
    assert line.is_open
    assert suggesting.open_entries(line.account).count() == 1
    assert not Match.objects.exists()
    assert verify.check() == []


def test_a_line_that_is_ours_not_is_set_aside_with_a_word_and_taken_up_again(accountant: Actor) -> None:
    (line,) = lines(accountant, 5_000)
    line = services.set_aside(line=line, because="街道转账转错了", by=accountant)
    with pytest.raises(services.NotOpen):
        services.match(line=line, transfers=[gift(accountant, 5_000).pk], by=accountant)
    assert services.take_up(line=line, by=accountant).is_open


def test_a_receipt_is_recorded_from_its_line_and_matched_in_one_step(accountant: Actor) -> None:
    (line,) = lines(accountant, 5_000)
    wanted = fund.Receipt(channel="residents", amount_fen=5_000, received_on=line.day, donor_name="样例住户")
    with pytest.raises(services.AnotherAmount):
        services.receive_line(line=line, receipt=replace(wanted, amount_fen=5_001), by=accountant)
    row = services.receive_line(line=line, receipt=wanted, by=accountant)
    assert (row.amount_fen, row.received_on) == (5_000, DAY)
    with pytest.raises(services.NotOpen):
        services.receive_line(line=line, receipt=wanted, by=accountant)
    assert Donation.objects.count() == 1
    assert verify.check() == []


def test_what_the_bank_paid_is_paid_in_the_books_with_its_number(accountant: Actor, cast: dict[str, Actor]) -> None:
    money.gift(accountant, 100_000)
    asked = fund.approve_payment(request=money.request(cast["staff"]), by=cast["secretary"])
    (line,) = lines(accountant, -30_000)
    (waiting,) = fund_queries.to_be_paid("bank", 30_000)
    assert waiting.pk == asked.pk
    services.pay_line(line=line, payment=asked, by=accountant)
    assert PaymentRequest.objects.get(pk=asked.pk).state == State.PAID
    assert verify.check() == []


def test_who_reads_matches_nothing_nor_who_saw_something_else(accountant: Actor, cast: dict[str, Actor]) -> None:
    entry = gift(accountant, 5_000)
    (line,) = lines(accountant, 5_000)
    for who in ("supervisor", "secretary", "staff"):
        with pytest.raises(NotAllowed):
            services.match(line=line, transfers=[entry.pk], by=cast[who])
    old = replace(accountant, seen=Seen([versions.mark(line, at=clock.now())]))
    services.set_aside(line=line, because="看看", by=accountant)
    services.take_up(line=services_line(line), by=accountant)
    services.set_aside(line=services_line(line), because="再看看", by=accountant)
    with pytest.raises(versions.ChangedSince):
        services.take_up(line=line, by=old)


def services_line(line: Line) -> Line:
    """The row as it is now."""
    return Line.objects.get(pk=line.pk)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_match_one_entry_at_the_same_moment_one_is_refused(accountant: Actor) -> None:
    entry = gift(accountant, 5_000)
    both = lines(accountant, 5_000, 5_000)

    tried = at_once(*(partial(services.match, line=line, transfers=[entry.pk], by=accountant) for line in both))
    assert sorted(type(one).__name__ for one in tried) == ["Match", "NotOpen"]


def test_a_statement_whose_lines_were_matched_is_not_taken_back(accountant: Actor) -> None:
    (line,) = lines(accountant, 5_000)
    services.set_aside(line=line, because="不是我们的", by=accountant)
    with pytest.raises(services.InUse):
        services.take_back_statement(statement=line.statement, by=accountant)


@pytest.mark.any_lock_order
def test_a_match_whose_sums_were_changed_behind_it_is_a_fault(accountant: Actor) -> None:
    entry = gift(accountant, 5_000)
    (line,) = lines(accountant, 5_000)
    services.match(line=line, transfers=[entry.pk], by=accountant)
    MatchedEntry.objects.all().delete()
    assert {fault.check for fault in verify.check()} == {"banking.matches"}
