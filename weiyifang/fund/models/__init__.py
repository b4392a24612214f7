from weiyifang.fund.models.by_two import DECISIONS, ByTwo, CorrectionKind, Decision, MoneyMove, PaymentCorrection
from weiyifang.fund.models.comparing import StatedBalance
from weiyifang.fund.models.income import Donation
from weiyifang.fund.models.payments import FLOW, PaymentRequest, State
from weiyifang.fund.models.places import MONEY_ACCOUNT, PLACE, Method

__all__ = [
    "DECISIONS",
    "FLOW",
    "MONEY_ACCOUNT",
    "PLACE",
    "ByTwo",
    "CorrectionKind",
    "Decision",
    "Donation",
    "Method",
    "MoneyMove",
    "PaymentCorrection",
    "PaymentRequest",
    "State",
    "StatedBalance",
]
