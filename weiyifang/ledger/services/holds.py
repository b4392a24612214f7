from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, timekeeping
from weiyifang.core.actors import Actor
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import current_community_id
from weiyifang.ledger import chain, queries
from weiyifang.ledger.models import Account, Balance, Hold, HoldOutcome, HoldResolution, Pool, Side, Transfer
from weiyifang.ledger.services.posting import (
    AccountClosed,
    OverdraftRefused,
    check,
    check_amount,
    lock,
    same,
    write,
)


class HoldResolved(Refused):
    """The hold has ended before."""

    sentence = _("This amount is no longer set aside: it was paid, released or has lapsed. Open it to see which.")


class HoldLapsed(Refused):
    """The hold's time is over."""

    sentence = _("The time for which this amount was set aside is over. Have it approved again.")


class HoldTooSmall(Refused):
    """More than was held."""

    sentence = _("More would be paid than was set aside. Take at most what was approved.")


@transaction.atomic
def hold(
    *,
    debit: Account,
    credit: Account,
    pool: Pool,
    amount: int,
    source: str,
    expires_at: datetime | None,
    memo: str = "",
    by: Actor,
) -> Hold:
    """Set `amount` whole units aside for a transfer from `credit` to `debit` within `pool`, until `expires_at`.

    The same source with the same content again gives the hold that stands. Raises `TransferConflict`,
    `OverdraftRefused`, `AccountClosed`, `AmountRefused`, `SameAccount`.
    """
    check(debit, credit, pool, amount)
    timekeeping.require()
    content = (current_community_id(), pool.book_id, debit.pk, credit.pk, pool.pk, amount, source, memo, expires_at)
    held = Hold(
        community_id=current_community_id(),
        book_id=pool.book_id,
        debit=debit,
        credit=credit,
        pool=pool,
        amount=amount,
        source=source,
        memo=memo,
        expires_at=expires_at,
        content_hash=chain.content_hash(*content),
        recorded_at=clock.now(),
        by_account_id=by.account_id,
    )
    balances = lock(held)
    # not get_or_create: whoever holds the same source with other accounts holds other locks
    Hold.objects.bulk_create([held], ignore_conflicts=True)
    stands = Hold.objects.get(book_id=held.book_id, source=source)
    if stands.pk != held.pk:
        return same(stands, held.content_hash)
    for balance in balances:
        account = debit if balance.account_id == debit.pk else credit
        spends = balance.account_id == (credit if balance.side == Side.DEBIT else debit).pk
        if balance.closed:
            raise AccountClosed(account=account.name)
        if balance.floored and spends and balance.free < amount:
            raise OverdraftRefused(account=account.name)
    _set_aside(held, amount)
    return stands


@transaction.atomic
def post_hold(*, hold: Hold, source: str, effective_on: date, amount: int | None = None, by: Actor) -> UUID:
    """Post a hold, wholly or (with `amount`) in part; what is not posted of it is free again.

    Gives the id of the transfer; the same source with the same content again that of the one that stands. Raises
    `HoldResolved`, `HoldLapsed`, `HoldTooSmall` and what `post` raises.
    """
    amount = hold.amount if amount is None else amount
    check_amount(amount)
    lock(hold)  # whoever resolves this hold moves the same balances: one at a time
    again = Transfer.objects.filter(hold=hold, source=source).exists()
    if not again:
        if hold.expires_at is not None and hold.expires_at <= clock.now():
            raise HoldLapsed()
        if amount > hold.amount:
            raise HoldTooSmall()
        _check_open(hold)
    transfer_id = write(
        debit=hold.debit,
        credit=hold.credit,
        pool=hold.pool,
        amount=amount,
        source=source,
        effective_on=effective_on,
        memo=hold.memo,
        hold=hold,
        by=by,
    )
    if not again:
        _resolve(hold, HoldOutcome.POSTED, amount=amount, by=by)
    return transfer_id


@transaction.atomic
def release_hold(*, hold: Hold, by: Actor) -> None:
    """Free a hold that is not needed any more. Raises `HoldResolved`."""
    lock(hold)
    _check_open(hold)
    _resolve(hold, HoldOutcome.RELEASED, by=by)
    _set_aside(hold, -hold.amount)


def expire_holds(*, by: Actor) -> int:
    """Free every hold whose time is over, each in a transaction of its own; gives their number."""
    due = Hold.objects.filter(queries.is_lapsed()).order_by("expires_at", "id")
    return sum(_expire(held, by) for held in due)


@transaction.atomic
def _expire(held: Hold, by: Actor) -> bool:
    lock(held)
    if HoldResolution.objects.filter(hold=held).exists():  # somebody was faster
        return False
    _resolve(held, HoldOutcome.EXPIRED, by=by)
    _set_aside(held, -held.amount)
    return True


def _check_open(held: Hold) -> None:
    if HoldResolution.objects.filter(hold=held).exists():
        raise HoldResolved()


def _resolve(held: Hold, outcome: HoldOutcome, *, amount: int = 0, by: Actor) -> None:
    """Write how the hold ended, with its balances locked."""
    HoldResolution(hold=held, outcome=outcome, amount=amount, by_account_id=by.account_id).save(force_insert=True)


def _set_aside(held: Hold, amount: int) -> None:
    rows = Balance.objects.filter(pool_id=held.pool_id)
    rows.filter(account_id=held.debit_id).update(held_debits=F("held_debits") + amount)
    rows.filter(account_id=held.credit_id).update(held_credits=F("held_credits") + amount)
