"""Things the fund's tests start from, made through the services."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.fund import services
from weiyifang.fund.books import books
from weiyifang.fund.models import Donation, PaymentRequest
from weiyifang.fund.services import Receipt, Wanted
from weiyifang.ledger import queries as ledger

APPROVED_FOR = timedelta(days=90)  # as `terms.toml` says

VOICES = {"supervisor": "watches", "secretary": "for", "member": "for", "member_2": "for"}  # enough to decide


def gift(by: Actor, fen: int = 100_000, **more: Any) -> Donation:
    """A gift of 1,000 yuan by a resident company, today."""
    fields = {"channel": "partners", "received_on": clock.today(), "donor_name": "花园路粮油店", **more}
    return services.receive(receipt=Receipt(amount_fen=fen, **fields), by=by)


def wanted(fen: int = 30_000, **more: Any) -> Wanted:
    """300 yuan of rice and flour."""
    fields = {"title": "米面油", "payee": "花园路粮油店", "category": "meals", **more}
    return Wanted(amount_fen=fen, **fields)


def request(by: Actor, fen: int = 30_000, **more: Any) -> PaymentRequest:
    """A request for 300 yuan of rice and flour."""
    return services.submit_payment(wanted=wanted(fen, **more), by=by)


def approved(cast: dict[str, Actor], fen: int = 30_000, **more: Any) -> PaymentRequest:
    """A payment that was asked for, checked where its path wants that, and approved."""
    row = request(cast["staff"], fen, **more)
    if row.needs_check:
        services.check_payment(request=row, by=cast["accountant"])
    if row.is_decided_together:
        for who, voice in VOICES.items():
            row = services.speak(request=row, voice=voice, by=cast[who])
        return row
    return services.approve_payment(request=row, by=cast["secretary"])


def paid(cast: dict[str, Actor], fen: int = 30_000, **more: Any) -> PaymentRequest:
    """A payment that three people carried through, or more where much is paid."""
    row = approved(cast, fen, **more)
    return services.pay(request=row, by=cast["cashier" if row.needs_check else "accountant"])


def ledger_now(code: str = "1002") -> int:
    """What the books say lies in the bank now."""
    return ledger.balance(books().account(code))


def from_today(fields: dict[str, Any]) -> dict[str, Any]:
    """With days in place of the spans until them: what a test is handed is made before its clock stands."""
    return {name: clock.today() + value if isinstance(value, timedelta) else value for name, value in fields.items()}
