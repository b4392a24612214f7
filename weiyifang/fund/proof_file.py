"""What proves that a gift is in the books of a sealed month, as files. Nothing here knows a database.

A *receipt* is one entry of the books with its way up to the root of its month; how each hash is made says
`weiyifang.ledger.chain`:

1. `entry` gives `content`: community, book, debit, credit, purpose (their ids), amount in fen, source, memo, day, with
   whom, the ids of what it reverses and of what was set aside for it.
2. `content`, `before`, `number`, `transfer`, `journal`, `recorded` and `by` give `seal`, its place in the chain.
3. `seal` with the hashes of `beside`, at place `index` of `size`, gives `rows`; in a month that was sealed before there
   was a tree, the seal between the other seals of the month (`around`).
4. `rows` gives `root`, with all else that stands in `month`.

The list of *months* is what the root is compared with: each root is made over the one before, so whoever kept the
newest has kept all. Neither file holds a name of a person, and nothing in them is believed that no hash covers; only
what a purpose is called is the word of whoever published the list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from weiyifang.ledger import chain

RECEIPT, MONTHS = "weiyifang receipt 1", "weiyifang months 1"
FEWEST_DIGITS = 32  # of a printed root: 128 bits
_HASH = re.compile("[0-9a-f]{64}")
_ROWS = re.compile("[0-9a-f]{64}|(0|[1-9][0-9]*):[0-9a-f]{64}")


class NotAProof(ValueError):
    """A file that is none of ours, or not as we write them."""


@dataclass(frozen=True, kw_only=True)
class OfMonth:
    """What a root is made of beside the rows; the month is its first day."""

    before: str
    book: str
    month: str
    head_no: int
    head: str
    closing: str

    def root(self, rows: str) -> str:
        """The root over these rows."""
        return chain.digest(self.before, self.book, self.month, self.head_no, self.head, rows, self.closing)


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """One entry, and its way to the root of its month."""

    entry: Sequence[Any]
    content: str
    before: str
    number: int
    transfer: str
    journal: str | None
    recorded: str
    by: str | None
    seal: str
    index: int
    size: int
    beside: Sequence[str]
    around: Sequence[str]
    rows: str
    month: OfMonth
    root: str

    def text(self) -> str:
        """The file."""
        return _text({"format": RECEIPT, **vars(self), "month": vars(self.month)})

    @property
    def community(self) -> Any:
        """The community's code: a whole number, too."""
        return self.entry[0]

    @property
    def pool(self) -> str:
        """The id of its purpose."""
        return str(self.entry[4])

    @property
    def fen(self) -> Any:
        """The amount: a whole number, as `read_receipt` made sure."""
        return self.entry[5]

    @property
    def day(self) -> str:
        """The day it has in the books."""
        return str(self.entry[8])


@dataclass(frozen=True, kw_only=True)
class Months:
    """The sealed months of a book, the oldest first, each with what stands for its rows and its root."""

    community: int
    pools: Mapping[str, Mapping[str, str]]  # what a purpose is called, by its id and language: no hash covers it
    months: Sequence[tuple[OfMonth, str, str]]

    def text(self) -> str:
        """The file."""
        rows = [{**vars(month), "rows": rows, "root": root} for month, rows, root in self.months]
        return _text({"format": MONTHS, "community": self.community, "pools": self.pools, "months": rows})


def _text(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def read_receipt(text: str) -> Receipt:
    """A file as `Receipt.text` wrote it, sign by sign. Raises `NotAProof`."""
    told = _told(text, RECEIPT)
    try:
        receipt = Receipt(**{**told, "month": OfMonth(**told["month"])})
        hashes = [receipt.content, receipt.before, receipt.seal, *receipt.beside, receipt.root]
        hashes += [receipt.month.before, receipt.month.head, receipt.month.closing]
        good = all(_HASH.fullmatch(one) for one in hashes) and _ROWS.fullmatch(receipt.rows) is not None
        numbers = (receipt.fen, receipt.community, receipt.number, receipt.index, receipt.size)
        good = good and len(receipt.entry) == ENTRY and all(type(number) is int for number in numbers)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise NotAProof(f"it is no receipt: {error}") from error
    if not good:
        raise NotAProof("it is no receipt: a hash in it is none, or its entry is not whole")
    return receipt


ENTRY = 12  # values of an entry


def read_months(text: str) -> Months:
    """A file as `Months.text` wrote it, sign by sign. Raises `NotAProof`."""
    told = _told(text, MONTHS)
    try:
        months = []
        for row in told["months"]:
            said = dict(row)
            rows, root = said.pop("rows"), said.pop("root")
            months.append((OfMonth(**said), rows, root))
        pools = {pool: {"zh": str(names["zh"]), "en": str(names["en"])} for pool, names in told["pools"].items()}
        found = Months(community=told["community"], pools=pools, months=months)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotAProof(f"it is no list of sealed months: {error}") from error
    return found


def _told(text: str, kind: str) -> dict[str, Any]:
    try:
        told = json.loads(text)
        known = told.pop("format")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotAProof(f"it cannot be read: {error}") from error
    if known != kind:
        raise NotAProof(f"its format is not {kind!r}")
    try:
        same = _text({"format": known, **told}) == text
    except ValueError:  # half a letter
        same = False
    if not same:
        raise NotAProof("it is not written as it was given out: a sign was added, taken away or changed")
    return dict(told)


def faults(receipt: Receipt) -> list[str]:
    """Which steps of its way do not fit; empty when all do. That its root is the published one says `compared`."""
    found = []
    if chain.digest(*receipt.entry) != receipt.content:
        found.append("the entry (amount, day, purpose, source) does not give its hash")
    said = (receipt.journal, receipt.recorded, receipt.by, receipt.content)
    if chain.digest(receipt.before, receipt.number, receipt.transfer, *said) != receipt.seal:
        found.append("the seal is not made of the entry's hash and its place in the chain")
    try:
        rows = _rows(receipt)
    except ValueError as error:
        found.append(f"the way from the seal to the month is not right: {error}")
    else:
        if rows != receipt.rows:
            found.append("the seal and the hashes beside it do not give the rows of the month")
    if receipt.month.root(receipt.rows) != receipt.root:
        found.append("the rows and the rest of the month do not give its root")
    if receipt.day[:7] != receipt.month.month[:7]:
        found.append("the entry is of another month")
    return found


def _rows(receipt: Receipt) -> str:
    if receipt.around:
        before, after = receipt.around
        if (receipt.index, receipt.size) != (len(before) // 64, 1 + (len(before) + len(after)) // 64):
            raise ValueError("its place is another one")
        if receipt.beside:
            raise ValueError("there are hashes of both kinds")
        return chain.all_in_line([before, receipt.seal, after])
    return chain.rows_by_path(receipt.seal, index=receipt.index, size=receipt.size, path=receipt.beside)


def faults_of_months(months: Months) -> list[str]:
    """What does not fit in the list of months itself."""
    before, found = chain.START, []
    for month, rows, root in months.months:
        if month.before != before or month.root(rows) != root:
            found.append(f"in the list of months {month.month[:7]} does not follow from the month before")
        before = root
    return found


def compared(receipt: Receipt, *, months: Months | None = None, digits: str = "") -> list[str]:
    """What does not fit between a receipt, the published list of months, and the first digits of a printed root.

    Digits alone are those of the receipt's own month; with a list they may be of any month from it on.
    """
    if months is None:
        fits = not digits or receipt.root.startswith(digits)
        return [] if fits else [f"the root of {receipt.month.month[:7]} does not begin with {digits}"]
    found = faults_of_months(months)
    if months.community != receipt.community:
        found.append("the list of months is of another community")
    names = [month.month for month, _rows, _root in months.months]
    if receipt.month.month not in names:
        return [*found, f"the list of months has no {receipt.month.month[:7]}"]
    at = names.index(receipt.month.month)
    if months.months[at][2] != receipt.root:
        found.append(f"the published root of {receipt.month.month[:7]} is another one")
    if digits and not any(root.startswith(digits) for _month, _rows, root in months.months[at:]):
        found.append(f"no month in the list from {receipt.month.month[:7]} on has a root that begins with {digits}")
    return found
