"""What holds the fund back: a month that does not agree with the bank, a purpose somebody is just paying for."""

from __future__ import annotations

from datetime import date

from weiyifang.banking import services as banking
from weiyifang.core.tenancy import id_in
from weiyifang.fund import purposes
from weiyifang.fund.events import MonthClosed
from weiyifang.fund.events_purposes import PurposeClosed
from weiyifang.wechat_pay import services as wechat_pay


def hold_the_seal(fact: MonthClosed) -> None:
    """Refuses the seal, and with it all of it, unless each place agrees or two people have said why not."""
    banking.check_month(month=date.fromisoformat(f"{fact.month}-01"))


def hold_the_purpose(fact: PurposeClosed) -> None:
    """Refuses to close a purpose while a gift for it is being paid: the money would come for nothing."""
    wechat_pay.check_nobody_gives(pool=purposes.code_of(id_in(fact.subject)))
