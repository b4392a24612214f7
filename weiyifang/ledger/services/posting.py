from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.bulk import in_lists
from weiyifang.core.ids import new_id
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import current_community_id
from weiyifang.ledger import chain, statements
from weiyifang.ledger.models import Account, Balance, Hold, Movement, Pool, Transfer


class AmountRefused(Refused):
    """Not a whole number above zero."""

    sentence = _("The amount must be more than zero. Please check it.")
    status = 422


class SameAccount(Refused):
    """From an account to itself."""

    sentence = _("Both sides are %(account)s. Choose two different accounts.")
    status = 422


class OverdraftRefused(Refused):
    """The floor of an account would break."""

    sentence = _("%(account)s does not hold enough for this. Take less, or wait until more has come in.")


class TransferConflict(Refused):
    """The source has posted something else before."""

    sentence = _("This has been booked before with other details. Open it and look before you book it again.")


class PeriodSealed(Refused):
    """The date lies in a sealed month."""

    sentence = _("The accounts are sealed through %(through)s. Choose a later date.")


class AccountClosed(Refused):
    """Nothing moves through a closed account."""

    sentence = _("%(account)s is closed. Choose another account.")


class ReversalTooLarge(Refused):
    """All reversals together would exceed the transfer."""

    sentence = _("More would be taken back than was booked. Look at what was taken back before.")


class NotReversible(Refused):
    """A reversal is not reversed."""

    sentence = _("This entry takes another one back. To undo that, book the original again.")


@dataclass(frozen=True, kw_only=True)
class Posting:
    """One transfer to be posted: `amount` whole units (fen or minutes) from `credit` to `debit` within `pool`.

    `source` says what it follows from and posts once per book. `memo` says what for, never who; `party` is a source.
    """

    debit: Account
    credit: Account
    pool: Pool
    amount: int
    source: str
    effective_on: date
    memo: str = ""
    party: str = ""
    journal: UUID | None = None


def post(
    *,
    debit: Account,
    credit: Account,
    pool: Pool,
    amount: int,
    source: str,
    effective_on: date,
    memo: str = "",
    party: str = "",
    journal: UUID | None = None,
    by: Actor,
) -> Transfer:
    """Move `amount` whole units (> 0) from `credit` to `debit` within `pool`; the fields are those of `Posting`.

    The same source with the same content again gives the transfer that stands (`chain.content_hash` says what counts).
    It is one statement, so it needs no transaction, and a refusal inside one leaves it usable.
    Raises `TransferConflict`, `OverdraftRefused`, `PeriodSealed`, `AccountClosed`, `AmountRefused`, `SameAccount`.
    """
    return write(
        drafted(
            debit=debit,
            credit=credit,
            pool=pool,
            amount=amount,
            source=source,
            effective_on=effective_on,
            memo=memo,
            party=party,
            journal=journal,
            by=by,
        )
    )


def post_many(postings: Sequence[Posting], *, by: Actor) -> list[Transfer]:
    """Post all of them or none, in one statement, and give back their transfers in the same order.

    Floors look at what the whole batch does, not at its order. Those whose source stands already with the same content
    are not posted again. Raises what `post` raises.
    """
    drafts = [drafted(**vars(posting), by=by) for posting in postings]
    firsts: dict[tuple[UUID, str], Transfer] = {}
    for draft in drafts:
        same(firsts.setdefault((draft.book_id, draft.source), draft), draft)
    unique = list(firsts.values())
    while unique:
        with transaction.atomic():
            verdict = statements.post(statements.POST_MANY, _values(unique))
            if verdict.posted == verdict.fresh:
                stand = firsts if verdict.fresh == len(unique) else firsts | _standing(unique)
                return [same(stand[draft.book_id, draft.source], draft) for draft in drafts]
            if verdict.posted:  # another posted some of them in between: undo, and look again
                transaction.set_rollback(True)
                continue
        _make_way(verdict, unique)
    return []


@transaction.atomic
def reverse(
    *,
    transfer: Transfer,
    source: str,
    amount: int | None = None,
    effective_on: date | None = None,
    memo: str = "",
    by: Actor,
) -> Transfer:
    """Take a transfer back, in part or (without `amount`) all that is left of it, today or on another open day.

    The original is not touched: the reversal is a transfer of its own, the other way round in the same pool.
    Raises `ReversalTooLarge`, `NotReversible` and what `post` raises.
    """
    if transfer.reverses_id is not None:
        raise NotReversible()
    lock(transfer)  # every reversal of this transfer moves the same balances: one at a time
    before = Transfer.objects.filter(book_id=transfer.book_id, source=source, reverses=transfer).first()
    if before is not None:  # a second try means what the first one did
        amount, effective_on = amount or before.amount, effective_on or before.effective_on
    else:
        left = transfer.amount - (transfer.reversals.aggregate(sum=Sum("amount"))["sum"] or 0)
        amount, effective_on = left if amount is None else amount, effective_on or clock.today()
        if left == 0 or amount > left:
            raise ReversalTooLarge()
    return write(
        drafted(
            debit=transfer.credit,
            credit=transfer.debit,
            pool=transfer.pool,
            amount=amount,
            source=source,
            effective_on=effective_on,
            memo=memo,
            party=transfer.party,
            reverses=transfer,
            by=by,
        )
    )


M = TypeVar("M", bound=Movement)


def check(debit: Account, credit: Account, pool: Pool, amount: int) -> None:
    """What any movement must be. Raises `AmountRefused`, `SameAccount`; ValueError for different books."""
    if type(amount) is not int or amount <= 0:
        raise AmountRefused()
    if debit.pk == credit.pk:
        raise SameAccount(account=debit.name)
    if not debit.book_id == credit.book_id == pool.book_id:
        raise ValueError("the accounts and the pool belong to different books")


def drafted(
    *,
    debit: Account,
    credit: Account,
    pool: Pool,
    amount: int,
    source: str,
    effective_on: date,
    memo: str = "",
    party: str = "",
    journal: UUID | None = None,
    reverses: Transfer | None = None,
    hold: Hold | None = None,
    by: Actor,
) -> Transfer:
    """A transfer as it will stand in the table. Raises what `check` raises."""
    check(debit, credit, pool, amount)
    content = (
        current_community_id(),
        pool.book_id,
        debit.pk,
        credit.pk,
        pool.pk,
        amount,
        source,
        memo,
        effective_on,
        party,
        None if reverses is None else reverses.pk,
        None if hold is None else hold.pk,
    )
    values = {
        **dict(zip(_CONTENT, content, strict=True)),
        "id": new_id(),
        "content_hash": chain.content_hash(*content),
        "recorded_at": clock.now(),
        "by_account_id": by.account_id,
        "by_name": by.name,
        "journal": journal,
    }
    # as it would be read back, which is several times faster than Transfer(...)
    transfer = Transfer.from_db(connection.alias, _FIELDS, [values[name] for name in _FIELDS])
    for name, row in (("debit", debit), ("credit", credit), ("pool", pool), ("reverses", reverses), ("hold", hold)):
        if row is not None:
            transfer._state.fields_cache[name] = row
    return transfer


_FIELDS = [field.attname for field in Transfer._meta.concrete_fields]
_CONTENT = (
    *("community_id", "book_id", "debit_id", "credit_id", "pool_id", "amount", "source", "memo"),
    *("effective_on", "party", "reverses_id", "hold_id"),
)
_columns = attrgetter(*statements.COLUMNS)


def write(draft: Transfer, *, unheld: int = 0) -> Transfer:
    """Post one transfer, ending a hold of `unheld` units in the same statement; gives the one that stands."""
    while True:
        verdict = statements.post(statements.POST_ONE, _value(draft, unheld))
        if verdict.posted:
            return draft
        if stands := _standing([draft]):
            return same(stands[draft.book_id, draft.source], draft)
        _make_way(verdict, [draft])


def same(stands: M, tried: M) -> M:
    """The row that stands; raises `TransferConflict` when what is tried differs from it."""
    if stands.content_hash != tried.content_hash:
        raise TransferConflict()
    return stands


def lock(movement: Movement) -> list[Balance]:
    """Lock both balances of a movement in order of their ids, made first where account and pool never met."""
    rows = (
        Balance.objects.filter(pool_id=movement.pool_id, account_id__in=[movement.debit_id, movement.credit_id])
        .order_by("account_id", "pool_id")
        .select_for_update(no_key=True)
    )
    found = list(rows)
    if len(found) < 2:
        _meet([movement])
        found = list(rows.all())  # asked anew: a queryset keeps its first answer
    return found


def _make_way(verdict: statements.Verdict, drafts: Sequence[Transfer]) -> None:
    """Remove what can be removed from a posting's way; raise the refusal for what cannot."""
    if verdict.missing:
        _meet(drafts)
    elif verdict.closed is not None:
        raise AccountClosed(account=_name(verdict.closed, drafts))
    elif verdict.sealed is not None:
        raise PeriodSealed(through=verdict.sealed)
    elif verdict.short is not None:
        raise OverdraftRefused(account=_name(verdict.short, drafts))


def _meet(movements: Iterable[Movement]) -> None:
    pairs = {(account_id, row.pool_id) for row in movements for account_id in (row.debit_id, row.credit_id)}
    here = {"community": current_community_id()}
    with connection.cursor() as cursor:
        for account_id, pool_id in sorted(pairs):
            cursor.execute(statements.MEET, {**here, "id": new_id(), "account": account_id, "pool": pool_id})


def _standing(drafts: Sequence[Transfer]) -> dict[tuple[UUID, str], Transfer]:
    wanted = {(draft.book_id, draft.source) for draft in drafts}
    books, sources = {book_id for book_id, _source in wanted}, [source for _book_id, source in wanted]
    rows = Transfer.objects.filter(book_id__in=books, source__in=sources)
    return {key: row for row in rows if (key := (row.book_id, row.source)) in wanted}


def _value(draft: Transfer, unheld: int) -> dict[str, Any]:
    return {**_common(draft), "unheld": unheld, **dict(zip(statements.COLUMNS, _columns(draft), strict=True))}


def _values(drafts: Sequence[Transfer]) -> dict[str, Any]:
    return {**_common(drafts[0]), **in_lists(statements.COLUMNS, map(_columns, drafts))}


def _common(draft: Transfer) -> dict[str, Any]:
    return {
        "community": draft.community_id,
        "recorded_at": draft.recorded_at,
        "by_account_id": draft.by_account_id,
        "by_name": draft.by_name,
    }


def _name(account_id: UUID, drafts: Iterable[Transfer]) -> str:
    return next(str(side) for draft in drafts for side in (draft.debit, draft.credit) if side.pk == account_id)
