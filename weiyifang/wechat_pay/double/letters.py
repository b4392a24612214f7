"""What the double does when somebody pays there, and the notifications it sends: signed and encrypted."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass

from weiyifang.wechat_pay import protocol
from weiyifang.wechat_pay.double.answers import at, refund_told, trade_told
from weiyifang.wechat_pay.double.store import Row, Store

LATE = 600  # seconds: older than a notification may be
WRONG = 1  # fen more than the order


@dataclass(frozen=True)
class Letter:
    """A notification as it goes over the line."""

    body: bytes
    headers: dict[str, str]


def pay(store: Store, no: str, *, now: int) -> Row | None:
    """Somebody pays. None where there is nothing to pay: unknown, closed, paid before, too late."""
    with store.writing() as there:
        row = there.execute("SELECT * FROM trade WHERE no = ?", (no,)).fetchone()
        if row is None or row["state"] != "NOTPAY" or row["until"] <= now:
            return None
        there.execute("UPDATE trade SET state = 'SUCCESS', paid_at = ? WHERE no = ?", (now, no))
    return store.trade(no)


def of_trade(store: Store, row: Row, *, now: int, fen: int | None = None) -> Letter:
    """TRANSACTION.SUCCESS of a paid trade."""
    return _letter(store, "TRANSACTION.SUCCESS", "transaction", trade_told(store, row, fen=fen), now)


def told(store: Store, row: Row, act: str, *, now: int) -> list[Letter]:
    """What is sent after somebody paid: as it should be, twice, too late, with a wrong amount, or nothing."""
    right = of_trade(store, row, now=now)
    others = {
        "twice": [right, right],
        "late": [of_trade(store, row, now=now - LATE)],
        "amount": [of_trade(store, row, now=now, fen=row["fen"] + WRONG)],
        "silent": [],
    }
    return others.get(act, [right])


def of_refund(store: Store, row: Row, *, now: int) -> Letter:
    """REFUND.SUCCESS."""
    told = refund_told(store, row)
    told["refund_status"], told["mchid"] = told.pop("status"), store.merchant
    return _letter(store, "REFUND.SUCCESS", "refund", told, now)


def _letter(store: Store, event: str, kind: str, told: dict[str, object], now: int) -> Letter:
    said = {
        "id": secrets.token_hex(16),
        "create_time": at(now),
        "resource_type": "encrypt-resource",
        "event_type": event,
        "summary": event,
        "resource": protocol.encrypted(store.v3_key, json.dumps(told, ensure_ascii=False).encode(), kind=kind),
    }
    body = json.dumps(said, ensure_ascii=False).encode()
    signed = protocol.seal(store.platform_key, store.platform_serial, body, now=now)
    return Letter(body, {"Content-Type": "application/json", **signed.headers()})
