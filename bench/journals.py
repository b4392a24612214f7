"""A book of 10,000 gifts, as many payments, and its receipts and journals, read by the programs they are made for.

    BEAN_CHECK=/path/to/bean-check HLEDGER=/path/to/hledger make bench ARGS=journals

"export" writes the journal, against the program that reads and checks it, where it is there (neither is needed for
anything else, so neither is installed with this program). What they said, and whether hledger comes to the balances of
our books, is printed. "one proof" is the file of one gift of a month with 1,700 entries; "its page" what the payments
it met cost to find; "all proofs" makes and checks the file of every gift of sealed months, as a stranger would.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import tempfile
from datetime import timedelta
from io import StringIO
from pathlib import Path

from django.db import connection

from bench.scratch import scratch_database
from bench.table import Row, compare, elapsed_ms
from weiyifang.communities.services import open_community
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.core.server.database import analyze
from weiyifang.core.tenancy import in_community, source_of
from weiyifang.fund import following, journals, queries, receipts, services
from weiyifang.fund.books import books
from weiyifang.fund.models import Donation
from weiyifang.ledger import queries as ledger
from weiyifang.ledger import services as books_of
from weiyifang.ledger.models import Side
from weiyifang.ledger.services import Posting

GIFTS, AT_ONCE = 10_000, 2_000
PROGRAMS = {
    "beancount": ("BEAN_CHECK", "bean-check", ["{program}", "{file}"]),
    "hledger": ("HLEDGER", "hledger", ["{program}", "-f", "{file}", "check", "--strict", "ordereddates"]),
}


def run() -> list[Row]:
    """Measure on a database of its own."""
    with (
        scratch_database(),
        tempfile.TemporaryDirectory() as folder,
        in_community(open_community(code=500108002001, slug="nanhu")),
    ):
        _fill()
        analyze(connection)
        return [*_proofs(), *[_read(kind, Path(folder)) for kind in journals.FORMATS]]


def _fill() -> None:
    """A year of gifts, as many payments out of half of them, and all months that are over sealed."""
    by, today = system(), clock.today()
    services.open_fund(by=by)
    here = books()
    for at in range(0, GIFTS, AT_ONCE):
        day = today - timedelta(days=365 - 365 * at // GIFTS)
        receipts_ = [
            services.Receipt(channel="residents", amount_fen=1_000 + n % 977, received_on=day) for n in range(AT_ONCE)
        ]
        services.receive_many(receipts=receipts_, by=by)
        paid = [
            Posting(
                debit=here.account("5101.meals"),
                credit=here.account("1002"),
                pool=here.pool("general"),
                amount=500,
                source=f"bench.payment:{at + n}",
                effective_on=day,
            )
            for n in range(AT_ONCE)
        ]
        books_of.post_many(postings=paid, by=by)
    while (month := queries.next_to_seal()) is not None and month < today.replace(day=1):
        books_of.close_period(book=here.book, month=month, by=by)


def _proofs() -> list[Row]:
    here = books()
    gift = here.transfer_of(source_of(Donation.objects.order_by("number")[GIFTS // 2]))
    late = here.transfer_of(source_of(Donation.objects.order_by("-number")[AT_ONCE]))
    rows = [
        compare("one proof", lambda: receipts.proof(here, gift)),
        compare("its page", lambda: list(following.trail(here, late).met[:20])),
    ]
    found: list[receipts.Verified] = []
    took = elapsed_ms(lambda: found.append(receipts.verify_all()))
    print(f"{found[0].good} of {found[0].all} receipts hold {found[0].wrong}")
    return [*rows, Row("all proofs", took)]


def _read(kind: str, folder: Path) -> Row:
    """Write it, and have the program read it."""
    file = folder / f"fund.{journals.FORMATS[kind].suffix}"
    took = elapsed_ms(lambda: file.write_text("".join(journals.lines(kind)), encoding="utf-8"))
    name, usual, command = PROGRAMS[kind]
    program = os.environ.get(name) or shutil.which(usual)
    if program is None:
        print(f"{usual} is not here: nobody but our own readers has read the journal")
        return Row(f"export {kind}", took)
    said: list[subprocess.CompletedProcess[str]] = []
    theirs = elapsed_ms(lambda: said.append(_run([part.format(program=program, file=file) for part in command])))
    print(f"{usual} {'accepts it' if said[0].returncode == 0 else 'REFUSES it: ' + said[0].stderr[:400]}")
    if kind == "hledger":
        _compare(_run([program, "-f", str(file), "balance", "-O", "csv", "--flat", "--no-total"]).stdout)
    return Row(f"export {kind}", took, usual, theirs)


def _compare(said: str) -> None:
    """What hledger comes to, beside the balances of our books."""
    theirs = {name: round(float(amount.split()[0]) * 100) for name, amount in list(csv.reader(StringIO(said)))[1:]}
    here = books()
    side = {row.pk: row.side for row in here.accounts.values()}
    names = journals.Journal(here).names
    ours = {
        names[pair]: fen if side[pair[0]] == Side.DEBIT else -fen for pair, fen in ledger.balances(here.book).items()
    }
    ours = {name: fen for name, fen in ours.items() if fen}
    print(f"hledger comes to {'the same' if ours == theirs else 'OTHER'} balances in {len(ours)} accounts")


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "LANG": "C.UTF-8"})
