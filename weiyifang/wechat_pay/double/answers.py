"""The double's API: it looks at the signature of every request and signs every answer, as the real one does."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from weiyifang.wechat_pay import protocol
from weiyifang.wechat_pay.double import bills
from weiyifang.wechat_pay.double.store import Row, Store

HOURS_2 = 7200  # seconds a code to pay with lives
_AUTHORIZATION = re.compile(r'(\w+)="([^"]*)"')
_TRADE_NO = re.compile(r"[0-9A-Za-z_\-|*]{6,32}")


class Declined(Exception):
    """An answer of WeChat's that is an error: its status and its word."""

    def __init__(self, status: int, code: str) -> None:
        self.status, self.code = status, code
        super().__init__(code)


@dataclass(frozen=True)
class Answer:
    """Status, headers, body."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request whose signature was right."""

    path: str
    query: dict[str, str]
    said: dict[str, Any]
    now: int


class Api:
    """What `https://api.mch.weixin.qq.com` answers. `pay_page`: what a code to pay with begins with."""

    def __init__(self, store: Store, pay_page: str) -> None:
        self.store, self.pay_page = store, pay_page

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes, *, now: int) -> Answer:
        """What it says to this request; the answer signed."""
        try:
            self._look_at(method, target, headers, body)
            status, told = self._told(method, target, body, now)
        except Declined as declined:
            status, told = declined.status, {"code": declined.code, "message": declined.code}
        if isinstance(told, str):  # a bill: its address is signed, its content is not
            return Answer(status, told.encode(), {"Content-Type": "text/plain; charset=utf-8"})
        content = b"" if told is None else json.dumps(told, ensure_ascii=False).encode()
        signed = protocol.seal(self.store.platform_key, self.store.platform_serial, content, now=now)
        return Answer(status, content, {"Content-Type": "application/json; charset=utf-8", **signed.headers()})

    def _look_at(self, method: str, target: str, headers: dict[str, str], body: bytes) -> None:
        scheme, _, rest = {name.lower(): value for name, value in headers.items()}.get("authorization", "").partition(
            " "
        )
        said = dict(_AUTHORIZATION.findall(rest))
        parts = (method, target, said.get("timestamp", ""), said.get("nonce_str", ""), body)
        known = said.get("mchid") == self.store.merchant and said.get("serial_no") == self.store.serial
        right = protocol.is_signed(self.store.merchant_key.public_key(), said.get("signature", ""), *parts)
        if scheme != protocol.SCHEME or not known or not right:
            raise Declined(401, "SIGN_ERROR")

    def _told(self, method: str, target: str, body: bytes, now: int) -> tuple[int, Any]:
        parts = urlsplit(target)
        try:
            said = json.loads(body) if body else {}
        except ValueError:
            raise Declined(400, "PARAM_ERROR") from None
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        for verb, pattern, act in ROUTES:
            if verb == method and (found := re.fullmatch(pattern, parts.path)):
                return act(self, Asked(path=found[1] if found.groups() else "", query=query, said=said, now=now))
        raise Declined(404, "NOT_FOUND")

    # --- orders -------------------------------------------------------------------------------------------------

    def order(self, asked: Asked) -> tuple[int, Any]:
        """Native下单. The same order asked for again has the same answer; another under its number is refused."""
        said = asked.said
        try:
            no, fen, notify = said["out_trade_no"], said["amount"]["total"], said["notify_url"]
            until = int(datetime.fromisoformat(said["time_expire"]).timestamp())
        except (KeyError, TypeError, ValueError):
            raise Declined(400, "PARAM_ERROR") from None
        self._ours(said)
        if not _TRADE_NO.fullmatch(no) or type(fen) is not int or fen < 1 or not said.get("description"):
            raise Declined(400, "PARAM_ERROR")
        body = json.dumps(said, sort_keys=True)
        with self.store.writing() as there:
            row = there.execute("SELECT * FROM trade WHERE no = ?", (no,)).fetchone()
            if row is None:
                name = f"42000{asked.now}{secrets.randbelow(10**13):013d}"[:28]
                there.execute(
                    "INSERT INTO trade VALUES (?, ?, ?, ?, 'NOTPAY', ?, ?, NULL, ?)",
                    (no, name, body, fen, asked.now, until, notify),
                )
            elif row["body"] != body:
                raise Declined(403, "OUT_TRADE_NO_USED")
            elif row["state"] == "CLOSED":
                raise Declined(400, "ORDER_CLOSED")
            elif row["state"] != "NOTPAY":
                raise Declined(400, "ORDER_PAID")
        return 200, {"code_url": f"{self.pay_page}{no}/"}

    def query(self, asked: Asked) -> tuple[int, Any]:
        row = self._trade(asked)
        return 200, trade_told(self.store, row)

    def close(self, asked: Asked) -> tuple[int, Any]:
        """关闭订单: of what is not paid."""
        with self.store.writing() as there:
            row = there.execute("SELECT * FROM trade WHERE no = ?", (asked.path,)).fetchone()
            if row is None:
                raise Declined(404, "ORDER_NOT_EXIST")
            if row["state"] not in {"NOTPAY", "CLOSED"}:
                raise Declined(400, "ORDER_PAID")
            there.execute("UPDATE trade SET state = 'CLOSED' WHERE no = ?", (asked.path,))
        return 204, None

    def refund(self, asked: Asked) -> tuple[int, Any]:
        """申请退款: never above what was paid. The same asked for again has the same answer."""
        said = asked.said
        try:
            no, trade, fen, total = (
                said["out_refund_no"],
                said["out_trade_no"],
                said["amount"]["refund"],
                said["amount"]["total"],
            )
        except (KeyError, TypeError):
            raise Declined(400, "PARAM_ERROR") from None
        with self.store.writing() as there:
            paid = there.execute("SELECT * FROM trade WHERE no = ?", (trade,)).fetchone()
            if paid is None:
                raise Declined(404, "RESOURCE_NOT_EXISTS")
            row = there.execute("SELECT * FROM refund WHERE no = ?", (no,)).fetchone()
            if row is None:
                given = there.execute("SELECT coalesce(sum(fen), 0) FROM refund WHERE trade = ?", (trade,)).fetchone()[
                    0
                ]
                if paid["state"] not in {"SUCCESS", "REFUND"} or total != paid["fen"] or not 0 < fen <= total - given:
                    raise Declined(400, "INVALID_REQUEST")
                name = f"50000{asked.now}{secrets.randbelow(10**14):014d}"[:28]
                there.execute("INSERT INTO refund VALUES (?, ?, ?, ?, ?, 'SUCCESS')", (no, name, trade, fen, asked.now))
                there.execute("UPDATE trade SET state = 'REFUND' WHERE no = ?", (trade,))
            elif (row["trade"], row["fen"]) != (trade, fen):
                raise Declined(400, "PARAM_ERROR")
        return self.refund_query(Asked(path=no, query={}, said={}, now=asked.now))

    def refund_query(self, asked: Asked) -> tuple[int, Any]:
        row = self.store.refund(asked.path)
        if row is None:
            raise Declined(404, "RESOURCE_NOT_EXISTS")
        return 200, refund_told(self.store, row)

    # --- bills --------------------------------------------------------------------------------------------------

    def bill(self, asked: Asked) -> tuple[int, Any]:
        """The address of a bill of a day, and what its content hashes to."""
        kind, day = asked.path, asked.query.get("bill_date", "")
        content = bills.of(self.store, kind, day)
        if content is None:
            raise Declined(400, "NO_STATEMENT_EXIST")
        return 200, {
            "hash_type": "SHA1",
            "hash_value": bills.sha1(content),
            "download_url": f"/v3/billdownload/file?kind={kind}&day={day}",
        }

    def bill_file(self, asked: Asked) -> tuple[int, Any]:
        content = bills.of(self.store, asked.query.get("kind", ""), asked.query.get("day", ""))
        if content is None:
            raise Declined(400, "NO_STATEMENT_EXIST")
        return 200, content

    def _ours(self, said: dict[str, Any]) -> None:
        if (said.get("mchid"), said.get("appid")) != (self.store.merchant, self.store.app):
            raise Declined(400, "APPID_MCHID_NOT_MATCH")

    def _trade(self, asked: Asked) -> Row:
        row = self.store.trade(asked.path)
        if row is None or asked.query.get("mchid") != self.store.merchant:
            raise Declined(404, "ORDER_NOT_EXIST")
        return row


Act = Callable[[Api, Asked], tuple[int, Any]]
ROUTES: tuple[tuple[str, str, Act], ...] = (
    ("POST", r"/v3/pay/transactions/native", Api.order),
    ("GET", r"/v3/pay/transactions/out-trade-no/([^/]+)", Api.query),
    ("POST", r"/v3/pay/transactions/out-trade-no/([^/]+)/close", Api.close),
    ("POST", r"/v3/refund/domestic/refunds", Api.refund),
    ("GET", r"/v3/refund/domestic/refunds/([^/]+)", Api.refund_query),
    ("GET", r"/v3/bill/(tradebill|fundflowbill)", Api.bill),
    ("GET", r"/v3/billdownload/file", Api.bill_file),
)


def at(seconds: int | None) -> str:
    """A moment as WeChat writes it."""
    return "" if seconds is None else datetime.fromtimestamp(seconds, UTC).astimezone(bills.CHINA).isoformat()


def trade_told(store: Store, row: Row, *, fen: int | None = None) -> dict[str, Any]:
    """A trade as its query and its notification say it; `fen`: another amount than the true one."""
    told: dict[str, Any] = {
        "appid": store.app,
        "mchid": store.merchant,
        "out_trade_no": row["no"],
        "trade_state": row["state"],
        "trade_state_desc": row["state"],
        "amount": {"total": row["fen"] if fen is None else fen, "currency": "CNY"},
    }
    if row["paid_at"] is not None:
        told |= {
            "transaction_id": row["id"],
            "trade_type": "NATIVE",
            "bank_type": "OTHERS",
            "success_time": at(row["paid_at"]),
            "payer": {"openid": "o" + "0" * 27},
        }
        told["amount"] |= {"payer_total": told["amount"]["total"], "payer_currency": "CNY"}
    return told


def refund_told(store: Store, row: Row) -> dict[str, Any]:
    """A refund as its query says it."""
    trade = store.trade(row["trade"]) or {}
    return {
        "refund_id": row["id"],
        "out_refund_no": row["no"],
        "transaction_id": trade["id"],
        "out_trade_no": row["trade"],
        "status": row["state"],
        "success_time": at(row["at"]),
        "amount": {"total": trade["fen"], "refund": row["fen"], "currency": "CNY"},
    }
