"""What the newest statement ends with is said beside the books by itself, once they agree."""

from __future__ import annotations

from weiyifang.banking import queries
from weiyifang.banking.models import BankAccount
from weiyifang.core.actors import Actor
from weiyifang.fund import queries as fund_queries
from weiyifang.fund import services as fund
from weiyifang.fund.books import is_open


def say_balance(account: BankAccount, by: Actor) -> None:
    """Write down the closing balance where the books say the same and nobody has written it down (`StatedBalance`).

    While they differ nothing is said by itself. Who has to prove once more who they are says it with a later step.
    """
    newest = queries.standing(account).order_by("-until", "-id").first()
    if newest is None or newest.closing_fen < 0 or by.proof_is_old or by.lacks_second_factor or not is_open():
        return
    booked = fund_queries.there_in(account.method, newest.until)
    if booked != newest.closing_fen or fund_queries.is_stated(account.method, newest.until, booked):
        return
    fund.state_balance(method=account.method, stated_on=newest.until, stated_fen=booked, by=by)
