"""The fund's book as a journal that other programs read: Beancount and hledger (plain-text accounting).

One account of theirs is one account of ours in one purpose: `Assets:1002:General`. So each purpose balances for itself
there as it does here, although all of them lie in one bank account. What is money is an asset, net assets are equity,
what else grows by credits is income, the rest are costs. Each entry is one transaction with its id and its seal; at the
end every balance is claimed, so that the reader's own program adds up all of it once more and says when it comes to
another sum.

No other names stand in it than on the public pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from weiyifang.fund import entries
from weiyifang.fund.books import Books, books
from weiyifang.fund.chart import chart
from weiyifang.fund.entries import Entry
from weiyifang.ledger import queries as ledger
from weiyifang.ledger.models import Account, Pool, Side

AT_ONCE = 500  # entries read in one go
CURRENCY = "CNY"


def yuan(fen: int) -> str:
    """`-1234.50`: an amount as both formats read it."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def line(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


@dataclass(frozen=True, kw_only=True)
class Format:
    """How one of the programs writes things."""

    name: str  # of the program
    suffix: str
    head: Callable[[Journal], Iterator[str]]
    entry: Callable[[Journal, Entry], str]
    foot: Callable[[Journal], Iterator[str]]


class Journal:
    """One book, its accounts by the names they have there, and what each holds, in fen: debits less credits."""

    def __init__(self, here: Books) -> None:
        self.here = here
        self.book = here.book.name
        accounts, pools = here.accounts.values(), here.pools.values()
        self.names = {(a.pk, p.pk): _name(a, p) for a in accounts for p in pools}
        lines, purposes = here.lines, here.pool_lines
        self.said = {pair: f"{lines[pair[0]].zh} · {purposes[pair[1]].zh}" for pair in self.names}
        self.sums: dict[tuple[UUID, UUID], int] = {}
        self.first = self.last = ledger.first_day(here.book) or here.book.opened_at.date()

    def opened(self) -> Iterator[tuple[str, str]]:
        """Each account's name, and what it is called here, in order."""
        return iter(sorted((name, self.said[pair]) for pair, name in self.names.items()))

    def held(self) -> Iterator[tuple[str, int]]:
        """Each account that something moved in, with what it holds."""
        return iter(sorted((self.names[pair], fen) for pair, fen in self.sums.items()))

    def all(self) -> Iterator[Entry]:
        """Every entry, in the order of the days; what they add up to is known when they have gone by."""
        rows = ledger.entries(self.here.book).order_by("effective_on", "pk")
        page = list(rows[:AT_ONCE])
        while page:
            for entry in entries.entries(page):
                row = entry.transfer
                for account, fen in ((row.debit_id, row.amount), (row.credit_id, -row.amount)):
                    pair = (account, row.pool_id)
                    self.sums[pair] = self.sums.get(pair, 0) + fen
                self.last = row.effective_on
                yield entry
            page = list(entries.after(rows, page[-1])[:AT_ONCE]) if len(page) == AT_ONCE else []

    def sides(self, entry: Entry) -> tuple[str, str]:
        """The names of the debited and the credited account of an entry."""
        row = entry.transfer
        return self.names[row.debit_id, row.pool_id], self.names[row.credit_id, row.pool_id]


def _name(account: Account, pool: Pool) -> str:
    kind = "Assets" if account.floored else "Income" if account.side == Side.CREDIT else "Expenses"
    if account.code in chart().net:
        kind = "Equity"
    return ":".join([kind, *map(_part, account.code.split(".")), _part(pool.code)])


def _part(code: str) -> str:
    """A part of a name: letters, figures and hyphens, the first of them no small letter."""
    return re.sub(r"[^A-Za-z0-9-]", "-", code).capitalize()


def _title(entry: Entry) -> str:
    same = entry.way == "moved" or entry.title == str(entry.line)
    return line(entry.title if same else f"{entry.line}：{entry.title}")


# --- Beancount ----------------------------------------------------------------------------------------------------


def _quoted(text: str) -> str:
    said = line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{said}"'


def _bean_head(journal: Journal) -> Iterator[str]:
    yield f'option "title" {_quoted(journal.book)}\noption "operating_currency" "{CURRENCY}"\n\n'
    yield f"{journal.first} commodity {CURRENCY}\n"
    for name, said in journal.opened():
        yield f"{journal.first} open {name} {CURRENCY}\n  name: {_quoted(said)}\n"
    yield "\n"


def _bean_entry(journal: Journal, entry: Entry) -> str:
    row, (debit, credit) = entry.transfer, journal.sides(entry)
    payee = f"{_quoted(entry.who)} " if entry.who else ""
    seal = f'  seal: "{entry.seal.hash}"\n' if entry.seal else ""
    corrects = f'  corrects: "{row.reverses_id}"\n' if row.reverses_id else ""
    return (
        f'{row.effective_on} * {payee}{_quoted(_title(entry))}\n  id: "{row.pk}"\n{seal}{corrects}'
        f"  {debit}  {yuan(row.amount)} {CURRENCY}\n  {credit}  {yuan(-row.amount)} {CURRENCY}\n\n"
    )


def _bean_foot(journal: Journal) -> Iterator[str]:
    next_morning = journal.last + timedelta(days=1)  # a balance is claimed of a morning
    for name, fen in journal.held():
        yield f"{next_morning} balance {name}  {yuan(fen)} {CURRENCY}\n"


# --- hledger ------------------------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    """A text in which nothing begins a comment or a part of its own."""
    return line(text.replace(";", "；").replace("|", "｜"))


def _tag(text: str) -> str:
    return _plain(text).replace(",", "，")


def _hledger_head(journal: Journal) -> Iterator[str]:
    yield f"; {_plain(journal.book)}\n\ndecimal-mark .\ncommodity 1000.00 {CURRENCY}\n\n"
    for kind, known in (("Assets", "Asset"), ("Income", "Revenue"), ("Expenses", "Expense")):
        yield f"account {kind}  ; type: {known}\n"
    for name, said in journal.opened():
        yield f"account {name}  ; {_tag(said)}\n"
    yield "\n"


def _hledger_entry(journal: Journal, entry: Entry) -> str:
    row, (debit, credit) = entry.transfer, journal.sides(entry)
    payee = f"{_plain(entry.who)} | " if entry.who else ""
    seal = f"  ; seal: {entry.seal.hash}\n" if entry.seal else ""
    corrects = f"  ; corrects: {row.reverses_id}\n" if row.reverses_id else ""
    return (
        f"{row.effective_on} * {payee}{_plain(_title(entry))}\n  ; id: {row.pk}\n{seal}{corrects}"
        f"  {debit}  {yuan(row.amount)} {CURRENCY}\n  {credit}  {yuan(-row.amount)} {CURRENCY}\n\n"
    )


def _hledger_foot(journal: Journal) -> Iterator[str]:
    claimed = list(journal.held())
    if claimed:
        yield f"{journal.last} * Balances\n"
    for name, fen in claimed:
        yield f"  {name}  0.00 {CURRENCY} = {yuan(fen)} {CURRENCY}\n"


FORMATS = {
    "beancount": Format(name="Beancount", suffix="beancount", head=_bean_head, entry=_bean_entry, foot=_bean_foot),
    "hledger": Format(name="hledger", suffix="journal", head=_hledger_head, entry=_hledger_entry, foot=_hledger_foot),
}


def lines(kind: str) -> Iterator[str]:
    """The whole book in one of the `FORMATS`, read as it is sent. Raises `FundNotOpen`."""
    journal, form = Journal(books()), FORMATS[kind]
    yield from form.head(journal)
    for entry in journal.all():
        yield form.entry(journal, entry)
    yield from form.foot(journal)


def file_name(kind: str, on: date) -> str:
    """What the file is called."""
    return f"fund-{on:%Y%m%d}.{FORMATS[kind].suffix}"
