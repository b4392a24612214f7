"""What the facts of this package are about."""

from __future__ import annotations

from collections.abc import Mapping

from weiyifang.core.timeline import Names, Way, named_by
from weiyifang.wechat_pay import rules
from weiyifang.wechat_pay.models import Order, Refund

NAMES: Mapping[str, Names] = {
    Order._meta.label_lower: named_by(Order, "number", Way(route="wechat_pay:order", rule=rules.can_see)),
    Refund._meta.label_lower: named_by(
        Refund, "number", Way(route="wechat_pay:order", args=("order__pk",), rule=rules.can_see)
    ),
}
