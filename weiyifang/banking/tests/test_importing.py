"""Statements come in whole or not at all, once, and continue one another."""

from __future__ import annotations

from datetime import date

import pytest

from weiyifang.banking import queries, services, verify
from weiyifang.banking.models import Line, Statement
from weiyifang.banking.services import Wanted
from weiyifang.banking.tests import make, samples
from weiyifang.core import tables
from weiyifang.core.actors import Actor
from weiyifang.core.refusals import NotAllowed, Refused
from weiyifang.people.models import NEUTRAL_NAME

pytestmark = pytest.mark.django_db
APRIL = Wanted(since=date(2026, 4, 1), until=date(2026, 4, 30))


@pytest.fixture
def accountant(cast: dict[str, Actor]) -> Actor:
    return cast["accountant"]


def test_a_statement_brings_its_lines_with_their_balances(accountant: Actor) -> None:
    row = make.statement(accountant)
    assert (row.opening_fen, row.came_in_fen, row.went_out_fen, row.closing_fen) == (
        1_000_000,
        150_000,
        20_000,
        1_130_000,
    )
    lines = [(line.day.day, line.fen, line.balance_fen, line.name) for line in queries.lines_of(row)]
    assert lines == [(2, 150_000, 1_150_000, "样例住户甲"), (3, -20_000, 1_130_000, "测试打印店甲")]
    assert verify.check() == []


def test_the_same_file_twice_changes_nothing(accountant: Actor) -> None:
    make.statement(accountant)
    with pytest.raises(services.SameFile, match="1"):
        make.statement(accountant)
    assert (Statement.objects.count(), Line.objects.count()) == (1, 2)


def test_a_line_that_is_here_already_is_not_doubled(accountant: Actor) -> None:
    make.statement(accountant, wanted=Wanted(since=date(2026, 3, 1), until=date(2026, 3, 3)))
    more = make.of_lines(
        [(date(2026, 3, 2), 150_000), (date(2026, 3, 3), -20_000), (date(2026, 3, 3), 500)], opening=1_000_000
    )
    row = make.statement(accountant, more)
    assert (row.lines, row.known, Line.objects.count()) == (3, 2, 3)
    assert verify.check() == []


def test_true_repeats_are_all_there(accountant: Actor) -> None:
    day = date(2026, 3, 5)
    row = make.statement(accountant, make.of_lines([(day, 500), (day, -500), (day, 500), (day, -500)], opening=100))
    assert (row.lines, Line.objects.count(), verify.check()) == (4, 4, [])


def test_a_file_with_a_wrong_line_is_not_taken_at_all(accountant: Actor) -> None:
    broken = samples.plain([["2026-03-02", "1500", "", "11500", "", ""], ["2026-03-03", "", "200", "11200", "", ""]])
    with pytest.raises(services.WrongLines):
        make.statement(accountant, broken)
    assert not Line.objects.exists()


def test_a_month_that_does_not_begin_where_the_last_one_ended_is_refused(accountant: Actor) -> None:
    make.statement(accountant)
    with pytest.raises(services.DoesNotContinue, match=r"11,290.00.*11,300.00"):
        make.statement(accountant, make.of_lines([(date(2026, 4, 2), 100)], opening=1_129_000), APRIL)
    row = make.statement(accountant, make.of_lines([(date(2026, 4, 2), 100)], opening=1_130_000), APRIL)
    assert verify.check() == []
    assert queries.gaps(queries.covered(queries.standing(row.account)), date(2026, 3, 1), date(2026, 5, 2)) == [
        (date(2026, 5, 1), date(2026, 5, 2))
    ]


def test_a_missing_month_is_a_gap_and_no_refusal(accountant: Actor) -> None:
    make.statement(accountant)
    may = Wanted(since=date(2026, 5, 1), until=date(2026, 5, 31))
    row = make.statement(accountant, make.of_lines([(date(2026, 5, 2), 100)], opening=99_900), may)
    days = queries.covered(queries.standing(row.account))
    assert queries.gaps(days, date(2026, 3, 1), date(2026, 5, 31)) == [(date(2026, 4, 1), date(2026, 4, 30))]
    with pytest.raises(services.DoesNotContinue):
        make.statement(accountant, make.of_lines([(date(2026, 4, 2), 100)], opening=1_130_000), APRIL)


def test_days_that_are_here_with_other_lines_are_refused(accountant: Actor) -> None:
    make.statement(accountant)
    other = make.of_lines([(date(2026, 3, 2), 130_000)], opening=1_000_000)
    with pytest.raises(services.NotTheSame):
        make.statement(accountant, other)


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        (Wanted(since=date(2026, 3, 3), until=date(2026, 3, 31)), services.OutsideThePeriod),
        (Wanted(since=date(2026, 3, 1), until=date(2099, 3, 31)), services.NotOver),
        (Wanted(since=date(2026, 3, 31), until=date(2026, 3, 1)), services.NotOver),
        (Wanted(since=date(2026, 3, 1), until=date(2026, 3, 31), closing_fen=5), services.ClosingDiffers),
    ],
)
def test_a_period_or_an_end_that_is_not_the_files_is_refused(
    accountant: Actor, wanted: Wanted, refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        make.statement(accountant, wanted=wanted)
    assert not Line.objects.exists()


def test_a_file_without_balances_needs_its_end_once(accountant: Actor) -> None:
    content = samples.of("wechat_personal")
    with pytest.raises(services.ClosingNeeded):
        make.statement(accountant, content, method="wechat")
    march = Wanted(since=date(2026, 3, 1), until=date(2026, 3, 31), closing_fen=200_000)
    row = make.statement(accountant, content, march, method="wechat")
    assert row.opening_fen == 200_000 - (150_000 - 20_000 - 10_010)
    next_month = b"".join(tables.write_csv(["日期", "金额", "余额", "流水号"], [["2026-04-02", "3.00", "", "8001"]]))
    assert make.statement(accountant, next_month, APRIL, method="wechat").closing_fen == 200_300
    assert verify.check() == []


def test_a_statement_of_another_account_is_refused(accountant: Actor) -> None:
    make.statement(accountant, samples.of("rural_bank"))
    with pytest.raises(services.AnotherAccount, match="0011"):
        make.statement(accountant, samples.of("boc_corporate").replace(b"400000000011", b"400000009911"), APRIL)


def test_columns_named_once_are_remembered_for_the_place(accountant: Actor) -> None:
    def odd(day: str, fen: str, left: str) -> bytes:
        return b"".join(tables.write_csv(["哪天", "几块", "剩下"], [[day, fen, left]]))

    first = make.draft(accountant, odd("2026-03-02", "5", "105"))
    assert services.preview(first) is None
    services.name_columns(draft=first, columns={"day": "哪天", "amount": "几块", "balance": "剩下"}, by=accountant)
    services.import_statement(draft=first, wanted=make.MARCH, by=accountant)
    assert make.statement(accountant, odd("2026-04-02", "-5", "100"), APRIL).closing_fen == 10_000


def test_a_wrong_file_is_taken_back_with_its_lines_and_the_right_one_comes_in(accountant: Actor) -> None:
    row = make.statement(accountant)
    services.take_back_statement(statement=row, by=accountant)
    assert not Line.objects.exists()
    assert verify.check() == []
    assert make.statement(accountant).number == 2


def test_a_statement_that_another_counts_on_stays(accountant: Actor) -> None:
    row = make.statement(accountant, wanted=Wanted(since=date(2026, 3, 1), until=date(2026, 3, 3)))
    more = [(date(2026, 3, 2), 150_000), (date(2026, 3, 3), -20_000), (date(2026, 3, 9), 500)]
    make.statement(accountant, make.of_lines(more, opening=1_000_000))
    with pytest.raises(services.NeededByAnother):
        services.take_back_statement(statement=row, by=accountant)


def test_who_does_not_keep_the_books_imports_nothing(cast: dict[str, Actor]) -> None:
    for who in ("staff", "secretary", "supervisor", "resident"):
        with pytest.raises(NotAllowed):
            make.draft(cast[who])


def test_the_file_lies_sealed_and_is_gone_after_the_yes(accountant: Actor) -> None:
    waiting = make.draft(accountant)
    assert "样例住户甲".encode() not in bytes(waiting.content)
    services.import_statement(draft=waiting, wanted=make.MARCH, by=accountant)
    waiting.refresh_from_db()
    assert bytes(waiting.content) == b""
    with pytest.raises(services.DraftGone):
        services.import_statement(draft=waiting, wanted=make.MARCH, by=accountant)


def test_a_name_in_a_line_is_forgotten_and_the_amount_stays(accountant: Actor) -> None:
    row = make.statement(accountant)
    services.forget_person(name="样例住户甲", instead=NEUTRAL_NAME)
    first = queries.lines_of(row)[0]
    assert (first.name, first.fen) == (NEUTRAL_NAME, 150_000)


@pytest.mark.any_lock_order
def test_a_line_that_was_changed_or_lost_is_a_fault(accountant: Actor) -> None:
    make.statement(accountant)
    line = Line.objects.order_by("seq")[0]
    Line.objects.filter(pk=line.pk).update(balance_fen=7)
    assert {fault.check for fault in verify.check()} == {"banking.balances"}
    Line.objects.filter(pk=line.pk).delete()
    assert "banking.lines" in {fault.check for fault in verify.check()}
