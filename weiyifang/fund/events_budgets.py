"""The facts about budgets."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event, Remark


@dataclass(frozen=True, kw_only=True)
class BudgetAsked(Event):
    """Somebody wrote down what is to be spent in a year."""

    words = _("written down, a second person has to approve it")

    number: int
    year: int
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class BudgetApproved(Event):
    """Another person approved it: it counts for its year."""

    words = _("approved by a second person")

    number: int
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class BudgetRefused(Event):
    words = _("refused")

    number: int
    reason: Remark


@dataclass(frozen=True, kw_only=True)
class BudgetWithdrawn(Event):
    words = _("withdrawn")

    number: int


@dataclass(frozen=True, kw_only=True)
class WentBeyondBudget(Event):
    """A payment goes beyond the budget, and somebody said why."""

    words = _("it goes beyond the budget, and it was said why")

    planned_fen: int
    used_fen: int
    amount_fen: int
