"""The fund's book in the ledger, by the chart's codes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from weiyifang.core.refusals import Refused
from weiyifang.ledger.models import Account, Book, Pool, Transfer


class FundNotOpen(Refused):
    """The community keeps no fund yet."""

    sentence = _("This community's fund is not open yet. The committee can open it in the workbench.")


@dataclass(kw_only=True)
class Books:
    """The open book with its accounts and pools, each asked for when it is first needed."""

    book: Book

    @cached_property
    def accounts(self) -> dict[str, Account]:
        return {account.code: account for account in Account.objects.filter(book=self.book)}

    @cached_property
    def pools(self) -> dict[str, Pool]:
        return {pool.code: pool for pool in Pool.objects.filter(book=self.book)}

    def account(self, code: str) -> Account:
        return self.accounts[code]

    def pool(self, code: str) -> Pool:
        return self.pools[code]

    def transfer_of(self, source: str) -> Transfer:
        """The transfer posted for a source."""
        return Transfer.objects.get(book=self.book, source=source)


def is_open() -> bool:
    """Does the community at hand keep a fund?"""
    return Book.objects.filter(code="fund").exists()


def books() -> Books:
    """The fund's book of the community at hand ; raises `FundNotOpen`."""
    book = Book.objects.filter(code="fund").first()
    if book is None:
        raise FundNotOpen()
    return Books(book=book)
