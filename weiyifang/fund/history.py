"""What the facts of this package are about, for who reads what happened: the payment, the gift."""

from __future__ import annotations

from collections.abc import Mapping

from weiyifang.core.timeline import Names, Way, named_by
from weiyifang.fund import rules
from weiyifang.fund.models import (
    Budget,
    Donation,
    PaymentCorrection,
    PaymentRequest,
    Purpose,
    PurposeChange,
    StatedBalance,
)

NAMES: Mapping[str, Names] = {
    PaymentRequest._meta.label_lower: named_by(
        PaymentRequest, "title", Way(route="fund:payment", rule=rules.can_see_books)
    ),
    PaymentCorrection._meta.label_lower: named_by(
        PaymentCorrection, "payment__title", Way(route="fund:payment", args=("payment__pk",), rule=rules.can_see_books)
    ),
    Budget._meta.label_lower: named_by(Budget, "paper", Way(route="fund:budget", rule=rules.can_see_books)),
    Purpose._meta.label_lower: named_by(
        Purpose, "name", Way(route="fund:purpose", args=("code",), rule=rules.can_see_books)
    ),
    PurposeChange._meta.label_lower: named_by(
        PurposeChange, "reason", Way(route="fund:change", rule=rules.can_see_books)
    ),
    Donation._meta.label_lower: named_by(Donation, "note"),
    StatedBalance._meta.label_lower: named_by(
        StatedBalance, "stated_on", Way(route="fund:statements", args=(), rule=rules.can_see_books)
    ),
}
