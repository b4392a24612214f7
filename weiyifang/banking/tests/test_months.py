"""A month agrees to the fen or it does not, and then it is sealed only with a word of two people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from weiyifang.banking import reconciling, services
from weiyifang.banking.models import BankAccount, Line
from weiyifang.banking.reconciling import Month
from weiyifang.banking.services import Wanted
from weiyifang.banking.tests import make
from weiyifang.banking.tests.test_matching import gift, lines
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.web import versions
from weiyifang.core.web.versions import Seen
from weiyifang.fund import services as fund
from weiyifang.fund.models import StatedBalance
from weiyifang.ledger.models import Period

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fund")]
MARCH, APRIL_2 = date(2026, 3, 1), date(2026, 4, 2)


@pytest.fixture
def accountant(cast: dict[str, Actor]) -> Actor:
    return cast["accountant"]


def month(day: date = MARCH) -> Month:
    found = reconciling.month(BankAccount.objects.get(), day)
    assert found is not None
    return found


def seal(by: Actor) -> None:
    with clock.at(clock.local(date(2026, 5, 3), "10:00")):
        fund.close_month(month=MARCH, by=by)


def test_a_month_whose_lines_are_all_matched_agrees_and_is_sealed(accountant: Actor) -> None:
    entry = gift(accountant, 5_000)
    (line,) = lines(accountant, 5_000, opening=0)
    assert not month().agrees
    services.match(line=line, transfers=[entry.pk], by=accountant)
    assert month().agrees
    assert (month().closing, month().booked) == (5_000, 5_000)
    seal(accountant)
    assert Period.objects.count() == 1


def test_an_open_line_holds_the_seal(accountant: Actor) -> None:
    gift(accountant, 5_000)
    lines(accountant, 5_000, opening=0)
    with pytest.raises(services.NotReconciled):
        seal(accountant)
    assert not Period.objects.exists()


def test_a_line_set_aside_holds_it_too_until_two_people_say_why(accountant: Actor, cast: dict[str, Actor]) -> None:
    gift(accountant, 5_000)
    entry = gift(accountant, 800)
    ours, other, _own = lines(accountant, 800, 300, 5_000, opening=0)
    services.match(line=ours, transfers=[entry.pk], by=accountant)
    services.match_sure(account=ours.account, by=accountant)
    services.set_aside(line=other, because="街道转错了", by=accountant)
    with pytest.raises(services.NotReconciled):
        seal(accountant)
    said = services.explain(account=ours.account, month=MARCH, word="街道转错的三元，四月退回", by=accountant)
    with pytest.raises(services.NotReconciled):
        seal(accountant)
    with pytest.raises(NotAllowed):
        services.confirm_explanation(row=said, by=accountant)
    services.confirm_explanation(row=said, by=cast["secretary"])
    seal(accountant)
    assert Period.objects.count() == 1


def test_an_explanation_counts_no_more_when_the_month_changes(accountant: Actor, cast: dict[str, Actor]) -> None:
    gift(accountant, 5_000)
    first, second = lines(accountant, 300, 400, opening=0)
    said = services.explain(account=first.account, month=MARCH, word="还在查", by=accountant)
    services.confirm_explanation(row=said, by=cast["secretary"])
    assert month().may_be_sealed
    services.set_aside(line=second, because="不是我们的", by=accountant)
    assert not month().may_be_sealed
    with pytest.raises(services.NothingToExplain):
        services.confirm_explanation(row=said, by=cast["secretary"])


def test_what_is_on_its_way_over_the_end_of_a_month_is_no_difference(accountant: Actor) -> None:
    """Booked on the last of March, at the bank on the second of April; and the other way round."""
    late = gift(accountant, 700, date(2026, 3, 31))
    here = gift(accountant, 5_000)
    early = gift(accountant, 90, APRIL_2)
    march = [(date(2026, 3, 2), 5_000), (date(2026, 3, 30), 90)]
    make.statement(accountant, make.of_lines(march))
    april = Wanted(since=date(2026, 4, 1), until=date(2026, 4, 30))
    make.statement(accountant, make.of_lines([(APRIL_2, 700)], opening=5_090), april)
    for fen, entry in ((5_000, here), (90, early), (700, late)):
        services.match(line=Line.objects.get(fen=fen), transfers=[entry.pk], by=accountant)
    seen = month()
    assert (seen.closing, seen.booked, seen.on_their_way) == (5_090, 5_700, (90, 700))
    assert seen.difference == 0
    assert seen.agrees
    assert month(APRIL_2).agrees


def test_a_difference_from_before_the_first_statement_is_seen_once(accountant: Actor) -> None:
    lines(accountant, 5_000, opening=100)
    entry = gift(accountant, 5_000)
    services.match(line=Line.objects.get(), transfers=[entry.pk], by=accountant)
    assert month().difference == 100
    april = Wanted(since=date(2026, 4, 1), until=date(2026, 4, 30))
    make.statement(accountant, make.of_lines([(APRIL_2, 5), (APRIL_2, -5)], opening=5_100), april)
    there, back = Line.objects.filter(day=APRIL_2).order_by("seq")
    services.match(line=there, lines=[back.pk], by=accountant)
    assert month(APRIL_2).difference == 0


def test_days_without_a_statement_hold_the_seal(accountant: Actor) -> None:
    entry = gift(accountant, 5_000)
    part = Wanted(since=date(2026, 3, 1), until=date(2026, 3, 20))
    make.statement(accountant, make.of_lines([(date(2026, 3, 2), 5_000)]), part)
    services.match(line=Line.objects.get(), transfers=[entry.pk], by=accountant)
    assert month().figures.values["missing_days"] == 11
    with pytest.raises(services.NotReconciled):
        seal(accountant)


def test_what_agrees_needs_no_word(accountant: Actor) -> None:
    entry = gift(accountant, 5_000)
    (line,) = lines(accountant, 5_000, opening=0)
    services.match(line=line, transfers=[entry.pk], by=accountant)
    with pytest.raises(services.NothingToExplain):
        services.explain(account=line.account, month=MARCH, word="没事", by=accountant)


def test_what_a_statement_ends_with_is_said_beside_the_books_once_they_agree(accountant: Actor) -> None:
    (line,) = lines(accountant, 5_000, opening=0)
    assert not StatedBalance.objects.exists()
    wanted = fund.Receipt(channel="residents", amount_fen=5_000, received_on=line.day)
    services.receive_line(line=line, receipt=wanted, by=accountant)
    said = StatedBalance.objects.get()
    assert (said.stated_on, said.stated_fen, said.booked_fen) == (date(2026, 3, 31), 5_000, 5_000)


def test_who_explains_has_seen_what_does_not_agree_now(accountant: Actor) -> None:
    first, second = lines(accountant, 300, 400, opening=0)
    old = replace(accountant, seen=Seen([versions.mark(month().figures)]))
    services.set_aside(line=second, because="不是我们的", by=accountant)
    with pytest.raises(versions.ChangedSince):
        services.explain(account=first.account, month=MARCH, word="两笔都还在查", by=old)
    fresh = replace(accountant, seen=Seen([versions.mark(month().figures)]))
    assert services.explain(account=first.account, month=MARCH, word="一笔还在查", by=fresh).word == "一笔还在查"
