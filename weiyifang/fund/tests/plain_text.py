"""Two small readers of journals, as strict as the programs themselves where it matters, written beside their manuals.

Each gives what every account holds, in fen, and raises AssertionError for whatever the program would refuse: a line it
does not know, an account that was not opened (or not yet), an entry that does not balance, a claim that is not so.
`bench/journals.py` has the real programs read the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date

AMOUNT = r"-?(?:0|[1-9]\d*)\.\d\d"
ACCOUNT = r"(?:Assets|Equity|Income|Expenses)(?::[A-Z0-9][A-Za-z0-9-]*)+"
QUOTED = r'"(?:[^"\\\n]|\\["\\])*"'
DAY = r"\d{4}-\d\d-\d\d"


def fen(amount: str) -> int:
    """Fen of `-12.50`."""
    return int(amount.replace(".", ""))


def beancount(text: str) -> dict[str, int]:
    """Directives as https://beancount.github.io/docs/beancount_language_syntax.html has them."""
    opened: dict[str, date] = {}
    postings: list[tuple[date, str, int]] = []
    claims: list[tuple[date, str, int]] = []
    due: list[int] | None = None  # of the entry that is being read

    def ended() -> None:
        assert due is None or (len(due) >= 2 and sum(due) == 0), "an entry that does not balance"

    day = date.min
    for one in text.splitlines():
        if found := re.fullmatch(rf"  ({ACCOUNT})  ({AMOUNT}) CNY", one):
            assert due is not None, one
            assert opened[found[1]] <= day, "posted before it was opened"
            due.append(fen(found[2]))
            postings.append((day, found[1], fen(found[2])))
            continue
        if re.fullmatch(rf"  [a-z]\w*: {QUOTED}", one):
            continue
        ended()
        due = None
        if found := re.fullmatch(rf"({DAY}) \*(?: {QUOTED})? {QUOTED}", one):
            day, due = date.fromisoformat(found[1]), []
        elif found := re.fullmatch(rf"({DAY}) open ({ACCOUNT}) CNY", one):
            assert found[2] not in opened, "opened twice"
            opened[found[2]] = date.fromisoformat(found[1])
        elif found := re.fullmatch(rf"({DAY}) balance ({ACCOUNT})  ({AMOUNT}) CNY", one):
            assert found[2] in opened
            claims.append((date.fromisoformat(found[1]), found[2], fen(found[3])))
        else:
            known = rf"(?:option {QUOTED} {QUOTED}|{DAY} commodity CNY)?"
            assert re.fullmatch(known, one), f"no directive: {one!r}"
    ended()
    for morning, account, claimed in claims:
        held = sum(part for on, of, part in postings if of == account and on < morning)
        assert held == claimed, f"{account} holds {held}, {claimed} are claimed"
    return _held([(account, part) for _day, account, part in postings])


def hledger(text: str) -> dict[str, int]:
    """Entries as https://hledger.org/hledger.html has them, in the order of the days (as `check ordereddates`)."""
    declared: set[str] = set()
    held: dict[str, int] = defaultdict(int)
    due: list[int] | None = None
    day = date.min

    def ended() -> None:
        assert due is None or (len(due) >= 2 and sum(due) == 0), "an entry that does not balance"

    for one in text.splitlines():
        if found := re.fullmatch(rf"  ({ACCOUNT})  ({AMOUNT}) CNY(?: = ({AMOUNT}) CNY)?", one):
            assert due is not None, one
            assert found[1] in declared, "an account nobody declared"
            due.append(fen(found[2]))
            held[found[1]] += fen(found[2])
            assert found[3] is None or held[found[1]] == fen(found[3]), f"{found[1]} holds {held[found[1]]}: {one}"
            continue
        if re.fullmatch(r"  ; [a-z]+: [0-9a-f-]+", one):
            continue
        ended()
        due = None
        if found := re.fullmatch(rf"({DAY}) \* [^;|]+(?: \| [^;|]+)?", one):
            assert date.fromisoformat(found[1]) >= day, "the days are not in order"
            day, due = date.fromisoformat(found[1]), []
        elif found := re.fullmatch(rf"account ((?:Assets|Equity|Income|Expenses)|{ACCOUNT})(?:  ; .*)?", one):
            declared.add(found[1])
        else:
            known = r"(?:; .*|decimal-mark \.|commodity 1000\.00 CNY)?"
            assert re.fullmatch(known, one), f"no line of a journal: {one!r}"
    ended()
    return {account: fen for account, fen in held.items() if fen}


def _held(postings: list[tuple[str, int]]) -> dict[str, int]:
    held: dict[str, int] = defaultdict(int)
    for account, part in postings:
        held[account] += part
    return {account: part for account, part in held.items() if part}
