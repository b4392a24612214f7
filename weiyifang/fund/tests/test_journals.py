from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.fund import journals, services
from weiyifang.fund.books import Books, books
from weiyifang.fund.services import Correction, Move
from weiyifang.fund.tests import make, plain_text
from weiyifang.ledger import queries as ledger
from weiyifang.ledger.models import Side
from weiyifang.people.testing import ClientOf

Cast = dict[str, Actor]
READERS = {"beancount": plain_text.beancount, "hledger": plain_text.hledger}
kinds = pytest.mark.parametrize("kind", READERS)
ODD = 'A "B" \\ C; D | E'


@pytest.fixture
def lively(fund: Books, cast: Cast) -> Books:
    """Of everything: two purposes, three places, corrections, moves, names and signs that mean something there."""
    by = cast["accountant"]
    make.gift(by, 4_461_400, received_on=date(2026, 9, 3), donor_name=ODD, is_named=True)
    make.gift(by, 700, channel="residents", method="cash", donor_name="李婆婆", note="给老人加个菜\n一点心意")
    make.gift(by, 9_900, pool="meals", method="wechat", channel="public_income", note=ODD)
    carried = Move(from_method="cash", to_method="bank", amount_fen=300, happened_on=clock.today())
    services.confirm_move(row=services.ask_move(wanted=carried, by=by), by=cast["secretary"])
    paid = make.paid(cast, 120_000)
    back = Correction(kind="refund", amount_fen=5_000, happened_on=clock.today(), reason="退了一袋米")
    services.confirm_correction(row=services.ask_correction(payment=paid, wanted=back, by=by), by=cast["secretary"])
    services.take_back(donation=make.gift(by, 7_700), reason="记错了", by=by)
    services.close_month(month=date(2026, 9, 1), by=by)
    return fund


def whole(kind: str) -> str:
    return "".join(journals.lines(kind))


@kinds
def test_whoever_reads_it_comes_to_the_same_sum_in_every_account_and_purpose(lively: Books, kind: str) -> None:
    here = books()
    names = journals.Journal(here).names
    side = {row.pk: row.side for row in here.accounts.values()}
    due = {
        names[pair]: fen if side[pair[0]] == Side.DEBIT else -fen
        for pair, fen in ledger.balances(here.book).items()
        if fen
    }
    assert READERS[kind](whole(kind)) == due
    assert len(due) > 6


@kinds
def test_a_changed_amount_or_a_lost_entry_is_noticed(lively: Books, kind: str) -> None:
    text = whole(kind)
    start, end = text.index("2026-09-03 *"), text.index("\n\n", text.index("2026-09-03 *")) + 2
    for changed in (text.replace("44614.00", "44614.01", 1), text[:start] + text[end:]):
        with pytest.raises(AssertionError):
            READERS[kind](changed)


@kinds
def test_a_book_in_which_nothing_moved_can_be_read(fund: Books, kind: str) -> None:
    assert READERS[kind](whole(kind)) == {}


@kinds
def test_many_entries_are_read_a_few_at_a_time_and_all_of_them(
    lively: Books, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = whole(kind)
    monkeypatch.setattr(journals, "AT_ONCE", 2)
    assert whole(kind) == text


@kinds
def test_anybody_takes_it_from_the_page_and_it_names_nobody_who_is_not_shown(
    lively: Books, kind: str, client_of: ClientOf
) -> None:
    answer = client_of("visitor").get(f"/c/nanhu/fund/transfers/journal.{kind}")
    assert answer.getvalue().decode() == whole(kind)
    assert "李婆婆" not in whole(kind)
    assert "花园路粮油店" in whole(kind)


class TestCommand:
    """`weiyifang export`."""

    @kinds
    def test_it_writes_what_the_page_gives(self, lively: Books, kind: str, tmp_path: Path) -> None:
        said, file = StringIO(), tmp_path / "fund.txt"
        call_command("export", f"--format={kind}", "--community=nanhu", stdout=said)
        call_command("export", f"--format={kind}", "--community=nanhu", str(file))
        assert said.getvalue() == file.read_text("utf-8") == whole(kind)

    def test_where_nothing_can_be_written_it_says_so(self, lively: Books, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="could not be written"):
            call_command("export", "--format=hledger", "--community=nanhu", str(tmp_path / "no" / "such"))
        with pytest.raises(CommandError, match="--community"):
            call_command("export", "--format=hledger", "--community=nowhere")
