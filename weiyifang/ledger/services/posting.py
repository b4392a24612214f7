from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, timekeeping
from weiyifang.core.actors import Actor
from weiyifang.core.bulk import in_lists
from weiyifang.core.ids import new_id, new_ids
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


Sides = tuple[Account, Account, Pool]  # debit, credit, and the pool within which something moves


class Posting(NamedTuple):
    """One transfer to be posted: `amount` whole units (fen or minutes) from `credit` to `debit` within `pool`.

    `source` says what it follows from and posts once per book. `memo` is a code, never words; `party` is a source.
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
) -> UUID:
    """Move `amount` whole units (> 0) from `credit` to `debit` within `pool`; the fields are those of `Posting`.

    Gives the id of the transfer. The same source with the same content again gives the one that stands
    (`chain.content_hash` says what counts). It is one statement, so it needs no transaction, and a refusal inside one
    leaves it usable.
    Raises `TransferConflict`, `OverdraftRefused`, `PeriodSealed`, `AccountClosed`, `AmountRefused`, `SameAccount`.
    """
    return write(
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


def post_many(postings: Sequence[Posting], *, by: Actor) -> list[UUID]:
    """Post all of them or none, in one statement, and give the ids of their transfers in the same order.

    Floors look at what the whole batch does, not at its order. Those whose source stands already with the same content
    are not posted again. Raises what `post` raises.
    """
    timekeeping.require()
    batch = _Batch(postings)
    if not batch.rows:
        return []
    with transaction.atomic():
        verdict = statements.post(statements.POST_MANY, batch.values(by))
        _refuse_if(verdict, batch.sides)
        return batch.ids() if verdict.posted == len(batch.rows) else batch.standing_ids()


class _Route(NamedTuple):
    """What many postings share: two accounts and a pool."""

    number: int
    content_hash: chain.ContentHashes
    places: dict[str, int]  # source: where in the batch's rows, in the route's book


class _Batch:
    """Postings as rows: what they share is looked at once, and each source stands once."""

    def __init__(self, postings: Sequence[Posting]) -> None:
        self.rows: list[statements.Row] = []
        self.sides: list[Sides] = []  # of each route
        self._places: dict[UUID, dict[str, int]] = {}  # book and source: where in `rows`
        self._order: list[int] = []  # where in `rows` each posting is
        routes: dict[tuple[UUID, UUID, UUID], _Route] = {}
        for posting, pk in zip(postings, new_ids(len(postings)), strict=True):
            debit, credit, pool, amount, source, effective_on, memo, party, journal = posting
            check_amount(amount)
            key = debit.id, credit.id, pool.id
            route = routes.get(key)
            if route is None:
                route = routes[key] = self._route(debit, credit, pool)
            number, content_hash, places = route
            content = content_hash(amount, source, memo, effective_on, party, None, None)
            place = places.setdefault(source, len(self.rows))
            if place == len(self.rows):
                row = number, pk, amount, source, content, memo, effective_on, party, journal
                self.rows.append(statements.Row(*row))
            elif self.rows[place].content_hash != content:
                raise TransferConflict()
            self._order.append(place)

    def _route(self, *sides: *Sides) -> _Route:
        debit, credit, pool = sides
        check_sides(debit, credit, pool)
        self.sides.append(sides)
        hashes = chain.ContentHashes(current_community_id(), pool.book_id, debit.id, credit.id, pool.id)
        return _Route(len(self.sides), hashes, self._places.setdefault(pool.book_id, {}))

    def values(self, by: Actor) -> dict[str, Any]:
        """What `POST_MANY` takes."""
        routes = [(pool.book_id, debit.id, credit.id, pool.id) for debit, credit, pool in self.sides]
        return {
            "community": current_community_id(),
            "recorded_at": clock.now(),
            "by_account_id": by.account_id,
            **in_lists(statements.ROUTE, routes),
            **in_lists(statements.ROW, self.rows),
        }

    def ids(self) -> list[UUID]:
        """The id of each posting's transfer when all of them were new."""
        return [self.rows[place].id for place in self._order]

    def standing_ids(self) -> list[UUID]:
        """The same when some stood before. Raises `TransferConflict` when one of those has other content."""
        ids = [row.id for row in self.rows]
        for book_id, places in self._places.items():
            stand = Transfer.objects.filter(book_id=book_id, source__in=[*places])
            for source, pk, content in stand.values_list("source", "pk", "content_hash"):
                if self.rows[places[source]].content_hash != content:
                    raise TransferConflict()
                ids[places[source]] = pk
        return [ids[place] for place in self._order]


@transaction.atomic
def reverse(
    *,
    transfer: Transfer,
    source: str,
    amount: int | None = None,
    effective_on: date | None = None,
    memo: str = "",
    by: Actor,
) -> UUID:
    """Take a transfer back, in part or (without `amount`) all that is left of it, today or on another open day.

    The original is not touched: the reversal, whose id is given, is a transfer of its own, the other way round in the
    same pool.
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


M = TypeVar("M", bound=Movement)


def check(debit: Account, credit: Account, pool: Pool, amount: int) -> None:
    """What any movement must be. Raises `AmountRefused`, `SameAccount`; ValueError for different books."""
    check_amount(amount)
    check_sides(debit, credit, pool)


def check_amount(amount: int) -> None:
    """Raises `AmountRefused` unless it is a whole number above zero."""
    if type(amount) is not int or amount <= 0:
        raise AmountRefused()


def check_sides(debit: Account, credit: Account, pool: Pool) -> None:
    """Raises `SameAccount`; ValueError for different books."""
    if debit.id == credit.id:
        raise SameAccount(account=debit.name)
    if not debit.book_id == credit.book_id == pool.book_id:
        raise ValueError("the accounts and the pool belong to different books")


def write(
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
) -> UUID:
    """What `post` does. With a `hold` all of it stops being held in the same statement."""
    check(debit, credit, pool, amount)
    timekeeping.require()
    content = (
        current_community_id(),
        pool.book_id,
        debit.id,
        credit.id,
        pool.id,
        amount,
        source,
        memo,
        effective_on,
        party,
        None if reverses is None else reverses.id,
        None if hold is None else hold.id,
    )
    pk, content_hash = new_id(), chain.content_hash(*content)
    values = {
        **dict(zip(_CONTENT, content, strict=True)),
        "id": pk,
        "content_hash": content_hash,
        "recorded_at": clock.now(),
        "by_account_id": by.account_id,
        "journal": journal,
        "unheld": 0 if hold is None else hold.amount,
    }
    verdict = statements.post(statements.POST_ONE, values)
    if verdict.posted:
        return pk
    stands = Transfer.objects.filter(book_id=pool.book_id, source=source).first()
    if stands is None:
        _refuse_if(verdict, [(debit, credit, pool)])
        raise RuntimeError("a posting was neither made nor refused")
    return same(stands, content_hash).pk


_CONTENT = (
    *("community", "book_id", "debit_id", "credit_id", "pool_id", "amount", "source", "memo"),
    *("effective_on", "party", "reverses_id", "hold_id"),
)


def same(stands: M, content_hash: str) -> M:
    """The row that stands; raises `TransferConflict` when what is tried has another content."""
    if stands.content_hash != content_hash:
        raise TransferConflict()
    return stands


def lock(movement: Movement) -> list[Balance]:
    """Lock both balances of a movement in order of their ids."""
    rows = (
        Balance.objects.filter(pool_id=movement.pool_id, account_id__in=[movement.debit_id, movement.credit_id])
        .order_by("account_id", "pool_id")
        .select_for_update(no_key=True)
    )
    return list(rows)


def _refuse_if(verdict: statements.Verdict, tried: Sequence[Sides]) -> None:
    """Raise the refusal for what is in a posting's way, if anything is."""
    if verdict.missing:
        raise ValueError("an account and a pool have no balance: open both through the services")
    if verdict.closed is not None:
        raise AccountClosed(account=_name(verdict.closed, tried))
    if verdict.sealed is not None:
        raise PeriodSealed(through=verdict.sealed)
    if verdict.short is not None:
        raise OverdraftRefused(account=_name(verdict.short, tried))


def _name(account_id: UUID, tried: Iterable[Sides]) -> str:
    return next(str(account) for *accounts, _pool in tried for account in accounts if account.id == account_id)
