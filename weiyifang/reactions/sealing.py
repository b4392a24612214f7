"""What statements of banks and wallets mean for the fund: a month that does not agree is not sealed."""

from __future__ import annotations

from datetime import date

from weiyifang.banking import services as banking
from weiyifang.fund.events import MonthClosed


def hold_the_seal(fact: MonthClosed) -> None:
    """Refuses the seal, and with it all of it, unless each place agrees or two people have said why not."""
    banking.check_month(month=date.fromisoformat(f"{fact.month}-01"))
