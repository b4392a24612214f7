"""Purposes of the community's own, and money that is no longer for what it was for.

Only a giver or the law fixes a purpose, and only they lift it. The committee opens and closes; whoever keeps the books
asks for a change, another confirms it, and it is booked at that moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.money import yuan
from weiyifang.core.numbers import next_number
from weiyifang.core.refusals import Refused
from weiyifang.core.states import move
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require, require_fresh
from weiyifang.fund import events_purposes as events
from weiyifang.fund import purposes, rules
from weiyifang.fund.chart import Line, chart
from weiyifang.fund.models import (
    DECISIONS,
    MONEY_ACCOUNT,
    Decision,
    Method,
    PaymentRequest,
    Purpose,
    PurposeChange,
    RestrictedBy,
    State,
    Why,
    pool_line,
)
from weiyifang.fund.services.income import NotYetReceived
from weiyifang.fund.services.keeping import books_for
from weiyifang.fund.services.limits import UnknownCode, check_amount, open_purpose_of
from weiyifang.ledger import services as ledger
from weiyifang.ledger.services import Posting


class OnlyGiversRestrict(Refused):
    """The committee would fix a purpose by itself."""

    sentence = _(
        "Only a giver or the law can fix what money is for: name the paper in which they do. "
        "What the committee wishes for is a budget."
    )
    status = 422


class OnlyGiversLift(Refused):
    """The committee would free money that was given for something."""

    sentence = _(
        "This money was given for %(purpose)s. The committee cannot spend it on anything else: say what was fulfilled, "
        "or what the giver decided, with the paper."
    )
    status = 422


class PaperMissing(Refused):
    """What the giver or the law said stands in a paper."""

    sentence = _("Name the paper in which the giver or the law says so.")
    status = 422


class SamePurpose(Refused):
    sentence = _("Both are the same purpose. Choose what the money is for from now on.")
    status = 422


class NotRestricted(Refused):
    """There is nothing to release."""

    sentence = _("%(purpose)s is free money: there is nothing to release.")
    status = 422


class MoreThanSpent(Refused):
    """More would become free than was spent for the purpose."""

    sentence = _("That is more than was spent for it and not released yet: %(most)s yuan.")
    status = 422


class PaymentMissing(Refused):
    """Which payment of free money it was."""

    sentence = _("Choose the payment that free money has made for this purpose, by its number.")
    status = 422


class NotEmptyYet(Refused):
    """A purpose is closed when nothing of it is left."""

    sentence = _("There are %(left)s yuan left for it. Say first, with the paper, what they are for from now on.")


class DaysTurned(Refused):
    sentence = _("The last day is before the first.")
    status = 422


class NothingToUndo(Refused):
    """Only what is booked is taken back, and once."""

    sentence = _("This is not in the books, or was taken back already.")


@dataclass(frozen=True, kw_only=True)
class NewPurpose:
    """What `open_purpose` is told. `restricted_by` and `paper`: both, where a giver or the law fixes it; else none."""

    name: str
    words: str
    since: date
    until: date | None = None
    category: str = ""
    restricted_by: str = ""
    paper: str = ""


@transaction.atomic
def open_purpose(*, wanted: NewPurpose, by: Actor) -> Purpose:
    """Open a purpose of the community's own. Raises `OnlyGiversRestrict`, `UnknownCode`, `DaysTurned`.

    Announces `PurposeOpened`.
    """
    require(rules.can_keep_purposes(by))
    require_fresh(by)
    if bool(wanted.restricted_by) != bool(wanted.paper.strip()):
        raise OnlyGiversRestrict()
    if wanted.restricted_by not in {"", *RestrictedBy.values} or wanted.category not in {"", *chart().categories}:
        raise UnknownCode()
    if wanted.until is not None and wanted.until < wanted.since:
        raise DaysTurned()
    number = next_number("purpose")
    row = Purpose(number=number, code=f"p{number}", opened_by_id=by.account_id, **vars(wanted))
    row.save(force_insert=True)
    # the ledger keeps no words: it knows the purpose by its code
    ledger.open_pool(book=books_for(by).book, code=row.code, name=row.code, restricted=row.is_restricted, by=by)
    announce(
        events.PurposeOpened(
            subject=source_of(row),
            number=number,
            code=row.code,
            category=row.category,
            restricted_by=row.restricted_by,
            since=row.since,
        ),
        by=by,
    )
    return row


@transaction.atomic
def close_purpose(*, row: Purpose, by: Actor) -> Purpose:
    """Nothing is given for it and nothing paid out of it any more. Raises `NotEmptyYet`, `PurposeClosed`.

    What is paid back later by whom it was paid lands there all the same, and waits for a word what it is for.
    """
    require(rules.can_keep_purposes(by))
    require_fresh(by)
    row = Purpose.objects.select_for_update(of=("self",)).get(pk=row.pk)
    versions.check(row, by)
    open_purpose_of(row.code)
    left = purposes.one(row.code).balance
    if left:
        raise NotEmptyYet(left=yuan(left))
    row.closed_at, row.closed_by_id = clock.now(), by.account_id
    row.save(update_fields=["closed_at", "closed_by"])
    announce(events.PurposeClosed(subject=source_of(row), number=row.number), by=by)
    return row


@dataclass(frozen=True, kw_only=True)
class Change:
    """What `ask_change` is told. `payment`: its number, where free money has paid for the purpose before."""

    why: str
    from_pool: str
    amount_fen: int
    happened_on: date
    reason: str
    to_pool: str = ""
    method: str = Method.BANK
    payment: int | None = None
    paper: str = ""


@transaction.atomic
def ask_change(*, wanted: Change, by: Actor) -> PurposeChange:
    """Say that money is no longer for what it was for. It is booked when another confirms it.

    Raises `OnlyGiversLift`, `OnlyGiversRestrict`, `PaperMissing`, `SamePurpose`, `NotRestricted`, `MoreThanSpent`,
    `PaymentMissing`, `UnknownCode`, `NotYetReceived`. Announces `PurposeChangeAsked`.
    """
    require(rules.can_change_purpose(by))
    require_fresh(by)
    check_amount(wanted.amount_fen)
    if wanted.why not in {*Why.values} - {Why.UNDONE} or wanted.method not in Method.values:
        raise UnknownCode()
    if wanted.happened_on > clock.today():
        raise NotYetReceived()
    number = next_number("purpose change")  # whoever asks waits here: what is left is looked at one by one
    payment = _paid_before(wanted) if wanted.why == Why.PAID else None
    to_pool = wanted.from_pool if wanted.why == Why.SPENT else payment.pool if payment else wanted.to_pool
    source = _line(wanted.from_pool)
    target = source if to_pool == wanted.from_pool else open_purpose_of(to_pool)
    _check_kind(wanted, source, target)
    given = {name: value for name, value in vars(wanted).items() if name not in {"to_pool", "payment"}}
    row = PurposeChange(number=number, asked_by_id=by.account_id, payment=payment, to_pool=to_pool, **given)
    _check_limit(row)
    return _asked(row, by)


@transaction.atomic
def ask_undo(*, row: PurposeChange, reason: str, by: Actor) -> PurposeChange:
    """Say that a change that is in the books was a mistake: another of its kind, which takes it back when confirmed.

    Raises `NothingToUndo`. Announces `PurposeChangeAsked`.
    """
    require(rules.can_change_purpose(by))
    require_fresh(by)
    number = next_number("purpose change")
    row = PurposeChange.objects.get(pk=row.pk)
    again = PurposeChange.objects.filter(undoes=row, state__in=[Decision.ASKED, Decision.BOOKED])
    if row.state != Decision.BOOKED or row.why == Why.UNDONE or again.exists():
        raise NothingToUndo()
    back = PurposeChange(
        number=number,
        why=Why.UNDONE,
        undoes=row,
        from_pool=row.to_pool,
        to_pool=row.from_pool,
        method=row.method,
        amount_fen=row.amount_fen,
        happened_on=clock.today(),
        reason=reason,
        asked_by_id=by.account_id,
    )
    return _asked(back, by)


def _asked(row: PurposeChange, by: Actor) -> PurposeChange:
    row.save(force_insert=True)
    announce(
        events.PurposeChangeAsked(
            subject=source_of(row),
            number=row.number,
            amount_fen=row.amount_fen,
            why=row.why,
            from_pool=row.from_pool,
            to_pool=row.to_pool,
            method=row.method,
        ),
        by=by,
    )
    return row


def _line(code: str) -> Line:
    """Also of a closed purpose: what came back to it has to go on."""
    if code not in chart().pools and not Purpose.objects.filter(code=code).exists():
        raise UnknownCode()
    return pool_line(code)


def _paid_before(wanted: Change) -> PaymentRequest:
    found = PaymentRequest.objects.filter(number=wanted.payment or 0, state=State.PAID).first()
    if found is None or pool_line(found.pool).restricted:
        raise PaymentMissing()
    return found


def _check_kind(wanted: Change, source: Line, target: Line) -> None:
    """Whose word it needs, by what the money was for and will be for."""
    if wanted.why in {Why.SPENT, Why.PAID, Why.FULFILLED} and not source.restricted:
        raise NotRestricted(purpose=source.name)
    if wanted.why != Why.SPENT and source.code == target.code:
        raise SamePurpose()
    if wanted.why == Why.BETWEEN and source.restricted:
        raise OnlyGiversLift(purpose=source.name)
    if wanted.why in {Why.BETWEEN, Why.FULFILLED} and target.restricted:
        raise OnlyGiversRestrict()
    if wanted.why == Why.GIVER and not target.restricted:
        raise OnlyGiversLift(purpose=source.name) if source.restricted else NotRestricted(purpose=target.name)
    if wanted.why in {Why.FULFILLED, Why.GIVER} and not wanted.paper.strip():
        raise PaperMissing()


def _check_limit(row: PurposeChange) -> None:
    """What was spent for it and is not released yet is the most that its spending releases."""
    if row.why == Why.SPENT:
        most = purposes.one(row.from_pool).spent - purposes.released(row.from_pool, besides=row.pk)
    elif row.why == Why.PAID and row.payment is not None:
        category = pool_line(row.from_pool).category
        if category not in {"", row.payment.category}:
            raise PaymentMissing()
        most = purposes.left_of_payment(row.payment, besides=row.pk)
    else:
        return
    if row.amount_fen > most:
        raise MoreThanSpent(most=yuan(max(most, 0)))


@transaction.atomic
def confirm_change(*, row: PurposeChange, by: Actor) -> PurposeChange:
    """Another person confirms it: it is booked. Raises what `ask_change` raises of its limits, and the ledger's
    `OverdraftRefused` when the money was not there.
    """
    row = PurposeChange.objects.select_for_update(of=("self",)).get(pk=row.pk)
    require(rules.can_decide(by, row))
    require_fresh(by)
    _check_limit(row)
    if row.why not in {Why.SPENT, Why.UNDONE}:
        open_purpose_of(row.to_pool)
    here, day = books_for(by), clock.today()  # on an earlier day the money was perhaps not there yet
    _decide(row, Decision.BOOKED, by, booked_on=day)
    if row.undoes is not None:
        before = source_of(row.undoes)
        for leg in ("",) if row.undoes.why == Why.SPENT else ("", "/out"):
            ledger.reverse(
                transfer=here.transfer_of(f"{before}{leg}"),
                source=f"{source_of(row)}{leg}",
                effective_on=day,
                by=by,
            )
    else:
        ledger.post_many(_postings(row, day, by), by=by)
    announce(
        events.PurposeChanged(subject=source_of(row), number=row.number, amount_fen=row.amount_fen),
        by=by,
    )
    return row


def _postings(row: PurposeChange, day: date, by: Actor) -> list[Posting]:
    """One entry within the purpose, or one in each: every purpose balances by itself, and the place of money keeps what
    it has.
    """
    here, plan = books_for(by), chart()
    free, fixed = (here.account(plan.net_code(restricted=restricted)) for restricted in (False, True))
    source, target = here.pool(row.from_pool), here.pool(row.to_pool)
    post = partial(Posting, amount=row.amount_fen, effective_on=day, journal=row.pk)
    if row.why == Why.SPENT:
        return [post(debit=fixed, credit=free, pool=source, source=source_of(row))]
    money = here.account(MONEY_ACCOUNT[Method(row.method)])
    was, will_be = fixed if source.restricted else free, fixed if target.restricted else free
    return [
        post(debit=was, credit=money, pool=source, source=f"{source_of(row)}/out"),
        post(debit=money, credit=will_be, pool=target, source=source_of(row)),
    ]


@transaction.atomic
def refuse_change(*, row: PurposeChange, reason: str, by: Actor) -> PurposeChange:
    """Another person says no, with the reason; nothing is booked."""
    row = PurposeChange.objects.select_for_update(of=("self",)).get(pk=row.pk)
    require(rules.can_decide(by, row))
    _decide(row, Decision.REFUSED, by, answer=reason)
    announce(events.PurposeChangeRefused(subject=source_of(row), number=row.number, reason=reason), by=by)
    return row


@transaction.atomic
def withdraw_change(*, row: PurposeChange, by: Actor) -> PurposeChange:
    """Whoever asked takes it back before it is booked."""
    row = PurposeChange.objects.select_for_update(of=("self",)).get(pk=row.pk)
    require(rules.can_withdraw(by, row))
    move(row, Decision.WITHDRAWN, flow=DECISIONS)
    announce(events.PurposeChangeWithdrawn(subject=source_of(row), number=row.number), by=by)
    return row


def _decide(row: PurposeChange, to: Decision, by: Actor, **also: Any) -> None:
    move(row, to, flow=DECISIONS, decided_by_id=by.account_id, decided_at=clock.now(), **also)
