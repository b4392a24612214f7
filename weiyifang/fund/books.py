"""The fund's book in the ledger, by the chart's codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from weiyifang.core.refusals import Refused
from weiyifang.fund.chart import Chart, Line, by_ledger_code, chart
from weiyifang.fund.models import own_lines
from weiyifang.ledger import queries as ledger
from weiyifang.ledger.models import Account, Book, Pool, Transfer


class FundNotOpen(Refused):
    """The community keeps no fund yet."""

    sentence = _("This community's fund is not open yet. The committee can open it in the workbench.")
    status = 404


@dataclass(kw_only=True)
class Books:
    """The open book with its accounts and pools, each asked for when it is first needed."""

    book: Book

    @cached_property
    def accounts(self) -> dict[str, Account]:
        return ledger.accounts(self.book)

    @cached_property
    def pools(self) -> dict[str, Pool]:
        return ledger.pools(self.book)

    def has_all_of(self, chart: Chart) -> bool:
        """Does the book have what the chart has? A chart may gain lines after the book was opened."""
        lines = (*chart.money.values(), *chart.net.values(), *chart.channels.values(), *chart.categories.values())
        return self.accounts.keys() >= {line.ledger_code for line in lines} and self.pools.keys() >= chart.pools.keys()

    @cached_property
    def lines(self) -> dict[UUID, Line]:
        """The line of the chart behind each account, by the account's id; of one the chart lost, its own name."""
        return {
            row.pk: by_ledger_code(code) or Line(code=code, zh=row.name, en=row.name)
            for code, row in self.accounts.items()
        }

    def account(self, code: str) -> Account:
        return self.accounts[code]

    @cached_property
    def pool_lines(self) -> dict[UUID, Line]:
        """The same of each pool: the chart's purposes, and the community's own."""
        known = chart().pools
        if self.pools.keys() - known.keys():
            known = known | own_lines()
        return {
            row.pk: known.get(code) or Line(code=code, zh=row.name, en=row.name) for code, row in self.pools.items()
        }

    def ids(self, lines: Iterable[Line]) -> list[UUID]:
        """The ids of the accounts of some lines of the chart, of those that were opened."""
        return [self.accounts[line.ledger_code].pk for line in lines if line.ledger_code in self.accounts]

    def code_of(self, account_id: UUID) -> str:
        """The code of an account of this book."""
        return next(code for code, row in self.accounts.items() if row.pk == account_id)

    def pool(self, code: str) -> Pool:
        return self.pools[code]

    def transfer_of(self, source: str) -> Transfer:
        """The transfer posted for a source."""
        return ledger.transfer_of(self.book, source)


def is_open() -> bool:
    """Does the community at hand keep a fund?"""
    return ledger.book("fund") is not None


def book_or_none() -> Books | None:
    """The fund's book of the community at hand, if it keeps one."""
    book = ledger.book("fund")
    return None if book is None else Books(book=book)


def books() -> Books:
    """The fund's book of the community at hand; raises `FundNotOpen`."""
    found = book_or_none()
    if found is None:
        raise FundNotOpen()
    return found
