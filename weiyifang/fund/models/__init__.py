from weiyifang.fund.models.by_two import DECISIONS, ByTwo, CorrectionKind, Decision, MoneyMove, PaymentCorrection
from weiyifang.fund.models.comparing import StatedBalance
from weiyifang.fund.models.income import Donation
from weiyifang.fund.models.payments import FLOW, NEEDS_CHECK, Finding, Path, PaymentRequest, PaymentReview, State
from weiyifang.fund.models.places import MONEY_ACCOUNT, PLACE, Method

__all__ = [
    "DECISIONS",
    "FLOW",
    "MONEY_ACCOUNT",
    "NEEDS_CHECK",
    "PLACE",
    "ByTwo",
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
    "State",
    "StatedBalance",
]
