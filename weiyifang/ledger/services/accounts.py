from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core.actors import Actor
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import fill_community
from weiyifang.ledger.models import Account, Balance, Book, Pool


class CodeTaken(Refused):
    """A book, account or pool with this code stands already, and is kept otherwise."""

    sentence = _("The code %(code)s already belongs to %(name)s, which is kept in another way. Choose another code.")


class AccountNotEmpty(Refused):
    """Only an empty account can be closed."""

    sentence = _("%(account)s is not empty yet. Move or release what is left in it first.")


@transaction.atomic
def open_book(*, code: str, name: str, unit: str, by: Actor) -> Book:
    """The book with this code, opened when there is none. Raises `CodeTaken` when it counts in another unit."""
    book, _made = Book.objects.get_or_create(code=code, defaults={"name": name, "unit": unit})
    if book.unit != unit:
        raise CodeTaken(code=code, name=book.name)
    return book


@transaction.atomic
def open_account(
    *,
    book: Book,
    code: str,
    name: str,
    side: Literal["debit", "credit"],
    floored: bool,
    party: str = "",
    by: Actor,
) -> Account:
    """The book's account with this code, opened when there is none. `side` is where it grows; `party` is a source.

    Raises `CodeTaken` when the account that stands grows on the other side or has another floor.
    """
    account, is_new = Account.objects.get_or_create(
        book=book, code=code, defaults={"name": name, "side": side, "floored": floored, "party": party}
    )
    if is_new:
        _meet_all(book)
    if (account.side, account.floored) != (side, floored):
        raise CodeTaken(code=code, name=account.name)
    return account


@transaction.atomic
def open_accounts(
    *,
    book: Book,
    wanted: Mapping[str, str],
    name: str,
    side: Literal["debit", "credit"],
    floored: bool,
    by: Actor,
) -> dict[str, Account]:
    """Many accounts of one kind by their codes, those opened that are not there; `wanted` is code → party.

    What `open_account` does, at the cost of one. Raises `CodeTaken`.
    """
    there = Account.objects.filter(book=book, code__in=wanted)
    missing = sorted(wanted.keys() - set(there.values_list("code", flat=True)))
    if missing:
        lock_book(book.pk)
        rows = [
            Account(book=book, code=code, name=name, side=side, floored=floored, party=wanted[code]) for code in missing
        ]
        fill_community(rows)
        Account.objects.bulk_create(rows, ignore_conflicts=True)
        _meet_all(book)
    found = {account.code: account for account in there.all()}
    for account in found.values():
        if (account.side, account.floored) != (side, floored):
            raise CodeTaken(code=account.code, name=account.name)
    return found


@transaction.atomic
def open_pool(*, book: Book, code: str, name: str, restricted: bool = False, purpose: str = "", by: Actor) -> Pool:
    """The book's pool with this code, opened when there is none. Raises `CodeTaken` when its restriction differs."""
    pool, is_new = Pool.objects.get_or_create(
        book=book, code=code, defaults={"name": name, "restricted": restricted, "purpose": purpose}
    )
    if is_new:
        _meet_all(book)
    if pool.restricted != restricted:
        raise CodeTaken(code=code, name=pool.name)
    return pool


@transaction.atomic
def close_account(*, account: Account, by: Actor) -> None:
    """Let nothing more move through an account. Raises `AccountNotEmpty` while any pool has something in it."""
    lock_book(account.book_id)  # it meets no new pool meanwhile
    rows = Balance.objects.filter(account=account).order_by("account_id", "pool_id").select_for_update(no_key=True)
    if any(row.amount or row.held_debits or row.held_credits for row in rows):
        raise AccountNotEmpty(account=account.name)
    Balance.objects.filter(account=account).update(closed=True)
    Account.objects.filter(pk=account.pk).update(closed=True)
    account.closed = True


def lock_book(book_id: UUID) -> Book:
    """The book, before anything of it: whoever opens, closes or seals goes one after the other. Who posts never waits.

    It comes before the balances in the one order of locks, so a posting, which holds balances, may not ask for it.
    """
    return Book.objects.select_for_update(no_key=True).get(pk=book_id)


def _meet_all(book: Book) -> None:
    """Give every account of the book a balance in every pool of it, so that a posting finds both and only moves them.

    The balances copy what the book and the account say; with the book locked, neither changes meanwhile.
    """
    book = lock_book(book.pk)
    accounts, pools = Account.objects.filter(book=book), Pool.objects.filter(book=book)
    there = set(Balance.objects.filter(book=book).values_list("account_id", "pool_id"))
    new = [
        Balance(
            book=book,
            account=account,
            pool=pool,
            side=account.side,
            floored=account.floored,
            closed=account.closed,
            sealed_through=book.sealed_through,
        )
        for account in accounts
        for pool in pools
        if (account.pk, pool.pk) not in there
    ]
    fill_community(new)
    Balance.objects.bulk_create(new, batch_size=2000)
