"""Budgets: what the committee wishes to spend in a year. They restrict no money; beyond them a payment needs a word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
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
from weiyifang.core.tenancy import fill_community, source_of
from weiyifang.core.web.access import require, require_fresh
from weiyifang.fund import budgets, rules
from weiyifang.fund import events_budgets as events
from weiyifang.fund.models import DECISIONS, Budget, BudgetLine, BudgetWord, Decision, PaymentRequest
from weiyifang.fund.services.limits import UnknownCode, check_amount, check_use


class NothingPlanned(Refused):
    """A budget without a line."""

    sentence = _("Plan an amount for at least one line.")
    status = 422


class DecisionMissing(Refused):
    """A budget is decided on."""

    sentence = _("Name the decision: the minutes, with their day.")
    status = 422


class BeyondBudget(Refused):
    """More than is planned, and nobody says why."""

    sentence = _(
        "This goes beyond the budget: %(planned)s yuan are planned for it this year, %(used)s are spent or asked for, "
        "this is %(amount)s. Write why, if it has to be."
    )
    status = 422


@transaction.atomic
def ask_budget(*, year: int, lines: Mapping[budgets.Key, int], paper: str, happened_on: date, by: Actor) -> Budget:
    """Write down what is to be spent in a year, in fen by purpose and category. It counts when another approves it.

    Raises `NothingPlanned`, `DecisionMissing`, `UnknownCode`, `OtherUse`. Announces `BudgetAsked`.
    """
    require(rules.can_plan_budget(by))
    require_fresh(by)
    if not paper.strip():
        raise DecisionMissing()
    if not lines:
        raise NothingPlanned()
    if abs(year - clock.today().year) > 1 or happened_on > clock.today():
        raise UnknownCode()
    for (pool, category), fen in lines.items():
        check_amount(fen)
        check_use(pool, category)
    check_amount(sum(lines.values()))
    row = Budget(
        number=next_number("budget"),
        year=year,
        amount_fen=sum(lines.values()),
        happened_on=happened_on,
        paper=paper,
        asked_by_id=by.account_id,
    )
    row.save(force_insert=True)
    made = [
        BudgetLine(budget=row, pool=pool, category=category, planned_fen=fen) for (pool, category), fen in lines.items()
    ]
    fill_community(made)
    BudgetLine.objects.bulk_create(made)
    announce(events.BudgetAsked(subject=source_of(row), number=row.number, year=year, amount_fen=row.amount_fen), by=by)
    return row


@transaction.atomic
def confirm_budget(*, row: Budget, by: Actor) -> Budget:
    """Another person approves it: from now on it counts for its year, and the one before does not."""
    row = Budget.objects.select_for_update(of=("self",)).get(pk=row.pk)
    require(rules.can_decide(by, row))
    require_fresh(by)
    now: dict[str, Any] = {"decided_by_id": by.account_id, "decided_at": clock.now(), "booked_on": clock.today()}
    move(row, Decision.BOOKED, flow=DECISIONS, **now)
    announce(events.BudgetApproved(subject=source_of(row), number=row.number, amount_fen=row.amount_fen), by=by)
    return row


@transaction.atomic
def refuse_budget(*, row: Budget, reason: str, by: Actor) -> Budget:
    """Another person says no, with the reason."""
    row = Budget.objects.select_for_update(of=("self",)).get(pk=row.pk)
    require(rules.can_decide(by, row))
    now: dict[str, Any] = {"decided_by_id": by.account_id, "decided_at": clock.now(), "answer": reason}
    move(row, Decision.REFUSED, flow=DECISIONS, **now)
    announce(events.BudgetRefused(subject=source_of(row), number=row.number, reason=reason), by=by)
    return row


@transaction.atomic
def withdraw_budget(*, row: Budget, by: Actor) -> Budget:
    """Whoever wrote it takes it back before it is approved."""
    row = Budget.objects.select_for_update(of=("self",)).get(pk=row.pk)
    require(rules.can_withdraw(by, row))
    move(row, Decision.WITHDRAWN, flow=DECISIONS)
    announce(events.BudgetWithdrawn(subject=source_of(row), number=row.number), by=by)
    return row


def look(payment: PaymentRequest, word: str, by: Actor) -> None:
    """A payment that goes beyond the year's budget needs a word: given now, or before. Raises `BeyondBudget`."""
    seen = budgets.beside((payment.pool, payment.category), payment.amount_fen, besides=payment.pk)
    if seen is None or not seen.beyond:
        return
    if word.strip():
        said = BudgetWord(
            payment=payment,
            planned_fen=seen.planned,
            used_fen=seen.used,
            amount_fen=seen.amount,
            word=word,
            said_by_id=by.account_id,
        )
        said.save(force_insert=True)
        announce(
            events.WentBeyondBudget(
                subject=source_of(payment), planned_fen=seen.planned, used_fen=seen.used, amount_fen=seen.amount
            ),
            by=by,
        )
    elif not BudgetWord.objects.filter(payment=payment, amount_fen__gte=payment.amount_fen).exists():
        raise BeyondBudget(planned=yuan(seen.planned), used=yuan(seen.used), amount=yuan(seen.amount))
