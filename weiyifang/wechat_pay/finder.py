"""Finding an order by what stands in the phone of whoever paid: WeChat's number, or ours at WeChat."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from weiyifang.core.look.wording import day
from weiyifang.core.money import yuan
from weiyifang.core.web.finding import Finder, Hit, Sought
from weiyifang.wechat_pay import queries, rules
from weiyifang.wechat_pay.models import Order


def _orders(sought: Sought) -> QuerySet[Order]:
    return queries.numbered(sought.words)


def _hits(rows: Sequence[Order], sought: Sought) -> list[Hit]:
    return [
        Hit(
            title=f"{row.number} · {yuan(row.amount_fen)}",
            desc=" · ".join([day(row.made_at), str(row.get_state_display())]),
            route="wechat_pay:order",
            args=(row.pk,),
            is_exact=sought.words in {row.trade_no, row.transaction},
        )
        for row in rows
    ]


FINDERS = (
    Finder(
        code="wechat_orders",
        label=gettext_lazy("Gifts by WeChat"),
        icon="gift",
        may=rules.can_see,
        rows=_orders,
        hits=_hits,
    ),
)
