from weiyifang.fund.models.budgets import Budget, BudgetLine, BudgetWord
from weiyifang.fund.models.by_two import DECISIONS, ByTwo, CorrectionKind, Decision, MoneyMove, PaymentCorrection
from weiyifang.fund.models.changes import PurposeChange, Why
from weiyifang.fund.models.committee import VOTES, CommitteeVoice, Voice
from weiyifang.fund.models.comparing import StatedBalance
from weiyifang.fund.models.income import Donation
from weiyifang.fund.models.payments import FLOW, NEEDS_CHECK, Finding, Path, PaymentRequest, PaymentReview, State
from weiyifang.fund.models.places import MONEY_ACCOUNT, PLACE, Method
from weiyifang.fund.models.purposes import Purpose, RestrictedBy, open_lines, own_lines, pool_line

__all__ = [
    "DECISIONS",
    "FLOW",
    "MONEY_ACCOUNT",
    "NEEDS_CHECK",
    "PLACE",
    "VOTES",
    "Budget",
    "BudgetLine",
    "BudgetWord",
    "ByTwo",
    "CommitteeVoice",
    "CorrectionKind",
    "Decision",
    "Donation",
    "Finding",
    "Method",
    "MoneyMove",
    "Path",
    "PaymentCorrection",
    "PaymentRequest",
    "PaymentReview",
    "Purpose",
    "PurposeChange",
    "RestrictedBy",
    "State",
    "StatedBalance",
    "Voice",
    "Why",
    "open_lines",
    "own_lines",
    "pool_line",
]
