"""Money that goes out: asked for by one, checked by another where much is asked for, approved by a third, then paid."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.facts import new_salt
from weiyifang.core.look.wording import full_day
from weiyifang.core.numbers import next_number
from weiyifang.core.refusals import Refused
from weiyifang.core.states import ForbiddenMove, move
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require, require_fresh
from weiyifang.fund import events, paths, queries, rules, terms
from weiyifang.fund.models import FLOW, MONEY_ACCOUNT, Method, PaymentRequest, State
from weiyifang.fund.services.budgets import look
from weiyifang.fund.services.keeping import books_for
from weiyifang.fund.services.limits import UnknownCode, check_amount, check_use
from weiyifang.ledger import queries as ledger_queries
from weiyifang.ledger import services as ledger
from weiyifang.organizations import queries as organizations


class ApprovalLapsed(Refused):
    """The approval was not used in time."""

    sentence = _("This approval has lapsed and the money is free again. Send it back, or have it asked for once more.")


class ForTheCommittee(Refused):
    """Nobody decides alone on this amount."""

    sentence = _("On this amount the fund's committee decides. You can send it back, or vote if you are a member.")


class NotChecked(Refused):
    """Its papers have to be checked before anybody decides."""

    sentence = _("Of this amount the papers are checked first. It can be approved when somebody has checked them.")


class NotYetPayable(Refused):
    """It waits for a day: until then somebody may object."""

    sentence = _("This may be paid from %(day)s on. Until then its money is only set aside.")


class DecidedElsewhere(Refused):
    """How much and for whom is decided where it comes from."""

    sentence = _("How much this is, and for whom, was decided with what it pays. Correct it there, or withdraw this.")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a payment request says. `urgent`: emergency relief that is paid at once and looked at afterwards."""

    title: str
    payee: str
    category: str
    amount_fen: int
    pool: str = "general"
    method: str = Method.BANK  # where it is to be paid out of
    papers: str = ""
    organization: str = ""
    follows: str = ""  # the row of another topic that it pays
    payable_from: date | None = None
    urgent: bool = False
    beyond: str = ""  # why it goes beyond the budget

    @property
    def columns(self) -> dict[str, Any]:
        """As the request keeps it, with the path it takes by the rule of today. Raises `paths.NotUrgent`."""
        said = {name: value for name, value in vars(self).items() if name not in {"urgent", "beyond"}}
        return {
            **said,
            **paths.chosen(amount_fen=self.amount_fen, category=self.category, urgent=self.urgent),
        }


def _check_wanted(wanted: Wanted, by: Actor) -> dict[str, Any]:
    check_amount(wanted.amount_fen)
    if wanted.method not in Method.values:
        raise UnknownCode()
    check_use(wanted.pool, wanted.category)
    organizations.check_source(wanted.organization, by=by)
    return wanted.columns


@transaction.atomic
def submit_payment(*, wanted: Wanted, by: Actor) -> PaymentRequest:
    """Ask for a payment; its path is that of the rule of today. Raises `NotUrgent`, `BeyondBudget`.

    Announces `PaymentSubmitted`.
    """
    require(rules.can_request(by, wanted.organization))
    columns = _check_wanted(wanted, by)
    row = PaymentRequest(number=next_number("payment"), **columns)
    row.state, row.submitted_by_id, row.submitted_at = State.SUBMITTED, by.account_id, clock.now()
    row.save(force_insert=True)
    look(row, wanted.beyond, by)
    _announce_submitted(row, by)
    return row


@transaction.atomic
def resubmit_payment(*, request: PaymentRequest, wanted: Wanted, by: Actor) -> PaymentRequest:
    """Change a request that was sent back or lapsed (or not looked at yet) and submit it again."""
    request = locked(request, by)
    _lapse_if_due(request, by)
    require(rules.can_edit(by, request) and rules.can_request(by, wanted.organization))
    if request.follows:
        if (wanted.amount_fen, wanted.organization) != (request.amount_fen, request.organization):
            raise DecidedElsewhere()
        wanted = replace(wanted, follows=request.follows, payable_from=request.payable_from)
    columns = _check_wanted(wanted, by)
    if request.state != State.SUBMITTED:
        anew = {"round": request.round + 1, "decision_hash": "", **_UNCHECKED}
        move(request, State.SUBMITTED, flow=FLOW, submitted_at=clock.now(), reason="", **anew)
    for name, value in columns.items():
        setattr(request, name, value)
    request.salt = new_salt()
    request.save(update_fields=[*columns, "salt"])
    look(request, wanted.beyond, by)
    _announce_submitted(request, by)
    return request


def _announce_submitted(row: PaymentRequest, by: Actor) -> None:
    announce(
        events.PaymentSubmitted(
            subject=source_of(row),
            number=row.number,
            amount_fen=row.amount_fen,
            category=row.category,
            method=row.method,
            path=row.path,
            follows=row.follows,
            fingerprint=row.fingerprint,
        ),
        by=by,
    )


_UNCHECKED: dict[str, Any] = {"checked_by_id": None, "checked_at": None}


@transaction.atomic
def check_payment(*, request: PaymentRequest, by: Actor) -> PaymentRequest:
    """The papers are complete and it is for what it says: now another can decide. Announces `PaymentChecked`.

    Raises `ForbiddenMove` where nothing waits for a check.
    """
    request = locked(request, by)
    require(rules.can_check(by, request))
    require_fresh(by)
    if not request.needs_check:
        raise ForbiddenMove()
    move(request, State.CHECKED, flow=FLOW, checked_by_id=by.account_id, checked_at=clock.now())
    announce(events.PaymentChecked(subject=source_of(request), number=request.number), by=by)
    return request


@transaction.atomic
def approve_payment(*, request: PaymentRequest, by: Actor) -> PaymentRequest:
    """Approve and set the money aside. Raises `NotChecked`, `ForTheCommittee`, `OverdraftRefused`."""
    request = locked(request, by)
    require(rules.can_approve(by, request))
    require_fresh(by)
    if request.is_decided_together:
        raise ForTheCommittee()
    if request.waits_for_check:
        raise NotChecked()
    now = clock.now()
    until = now + timedelta(days=terms.rule_on(clock.today()).approval_days)
    hold_id = set_aside(request, until=until, by=by)
    move(
        request,
        State.APPROVED,
        flow=FLOW,
        approved_by_id=by.account_id,
        approved_at=now,
        approved_until=until,
        hold_id=hold_id,
        approvals=request.approvals,
    )
    announce(
        events.PaymentApproved(
            subject=source_of(request), number=request.number, amount_fen=request.amount_fen, follows=request.follows
        ),
        by=by,
    )
    return request


def set_aside(request: PaymentRequest, *, until: datetime, memo: str = "", by: Actor) -> UUID:
    """Hold its money until then; the id of the hold. Raises `BeyondBudget`, the ledger's `OverdraftRefused`."""
    look(request, "", by)
    request.approvals += 1
    source = f"{source_of(request)}/hold-{request.approvals}"
    return ledger.hold(**_sides(request, by), source=source, expires_at=until, memo=memo, by=by).pk


@transaction.atomic
def send_back_payment(*, request: PaymentRequest, reason: str, by: Actor) -> PaymentRequest:
    """Give it back with a reason; money set aside for it is free again."""
    request = locked(request, by)
    require(rules.can_send_back(by, request))
    _free(request, by)
    move(
        request,
        State.SENT_BACK,
        flow=FLOW,
        reason=reason,
        **_UNCHECKED,
        decision_hash="",
        approved_by_id=None,
        approved_at=None,
        approved_until=None,
        hold_id=None,
    )
    announce(events.PaymentSentBack(subject=source_of(request), number=request.number, reason=reason), by=by)
    return request


def lapse_approvals(*, by: Actor) -> int:
    """Free the money of every approval whose time is over, each in a transaction of its own; gives their number."""
    due = PaymentRequest.objects.filter(queries.is_lapsed()).order_by("id")
    return sum(_lapse(request, by) for request in due)


@transaction.atomic
def _lapse(request: PaymentRequest, by: Actor) -> bool:
    return _lapse_if_due(locked(request, by), by)


def _lapse_if_due(request: PaymentRequest, by: Actor) -> bool:
    """An approval whose time is over ends; whoever comes first, the clock's job or somebody's next step."""
    if request.state == State.LAPSED or request.stands != State.LAPSED:
        return False
    _free(request, by)
    move(request, State.LAPSED, flow=FLOW, approved_by_id=None, approved_at=None, hold_id=None)
    announce(events.PaymentLapsed(subject=source_of(request), number=request.number), by=by)
    return True


def _free(request: PaymentRequest, by: Actor) -> None:
    """What was set aside for it is free again, or was already because its time was over."""
    if request.hold_id is not None:
        with suppress(ledger.HoldResolved):
            ledger.release_hold(hold=ledger_queries.hold(request.hold_id), by=by)


@transaction.atomic
def refuse_payment(*, request: PaymentRequest, reason: str, by: Actor) -> PaymentRequest:
    """Say no, with the reason. Raises `ForTheCommittee`."""
    request = locked(request, by)
    require(rules.can_approve(by, request))
    if request.is_decided_together:
        raise ForTheCommittee()
    move(request, State.REFUSED, flow=FLOW, reason=reason)
    announce(events.PaymentRefused(subject=source_of(request), number=request.number, reason=reason), by=by)
    return request


@transaction.atomic
def withdraw_payment(*, request: PaymentRequest, by: Actor) -> PaymentRequest:
    """Who submitted it takes it back before it is approved, or when the approval lapsed."""
    request = locked(request, by)
    _lapse_if_due(request, by)
    require(rules.can_edit(by, request))
    move(request, State.WITHDRAWN, flow=FLOW)
    announce(events.PaymentWithdrawn(subject=source_of(request), number=request.number), by=by)
    return request


@transaction.atomic
def pay(*, request: PaymentRequest, slip: str = "", by: Actor) -> PaymentRequest:
    """Pay what another approved: the money set aside becomes a transfer. Announces `PaymentMade`.

    `slip` is the number of the bank's receipt; the papers that were approved stay. Raises `ApprovalLapsed`.
    """
    request = locked(request, by)
    require(rules.can_pay(by, request))
    require_fresh(by)
    if request.stands == State.LAPSED:
        raise ApprovalLapsed()
    if request.payable_from is not None and not request.is_payable:
        raise NotYetPayable(day=full_day(request.payable_from))
    now = clock.now()
    review_by = now + timedelta(days=request.path_rule["review_days"]) if request.is_urgent else None
    move(request, State.PAID, flow=FLOW, paid_by_id=by.account_id, paid_at=now, review_by=review_by, slip=slip)
    assert request.hold_id is not None  # a constraint keeps it
    hold = ledger_queries.hold(request.hold_id)
    ledger.post_hold(hold=hold, source=source_of(request), effective_on=clock.today(), by=by)
    announce(
        events.PaymentMade(
            subject=source_of(request),
            number=request.number,
            amount_fen=request.amount_fen,
            category=request.category,
            path=request.path,
        ),
        by=by,
    )
    return request


def hold_payments(*, follows: Iterable[str]) -> list[PaymentRequest]:
    """The approved payments of rows of another topic, locked in one order: whoever pays many comes here first."""
    rows = PaymentRequest.objects.select_for_update(of=("self",)).filter(follows__in=[*follows])
    return list(rows.filter(state=State.APPROVED).order_by("id"))


def locked(request: PaymentRequest, by: Actor) -> PaymentRequest:
    """The row, locked, and as whoever acts has seen it."""
    free = PaymentRequest.objects.select_for_update(of=("self",)).filter(pk=request.pk).first()
    row = free or PaymentRequest.objects.get(pk=request.pk)  # paid: it needs no lock, for nobody may change it
    versions.check(row, by)
    return row


def _sides(request: PaymentRequest, by: Actor) -> dict[str, Any]:
    here = books_for(by)
    return {
        "debit": here.account(request.category_line.ledger_code),
        "credit": here.account(MONEY_ACCOUNT[Method(request.method)]),
        "pool": here.pool(request.pool),
        "amount": request.amount_fen,
    }
