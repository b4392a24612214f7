"""What we ask WeChat Pay, over HTTPS: an order, how it stands, its end, a refund. Jobs ask; pages never do.

Every answer's signature is looked at before it is believed. Sources: 微信支付商户文档, "Native下单" (4012791877),
"商户订单号查询订单" (4012556352), "关闭订单" (4012556398), "申请退款".
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from weiyifang.core import clock
from weiyifang.wechat_pay import protocol
from weiyifang.wechat_pay.double.answers import Api
from weiyifang.wechat_pay.merchant import Merchant, is_double, merchant, store
from weiyifang.wechat_pay.protocol import NotTrue, Signed

SECONDS = 10  # until an answer is given up
AGAIN = frozenset({"SYSTEM_ERROR", "FREQUENCY_LIMITED", "BANK_ERROR", "USERPAYING"})  # words that mean "later"
PAY_PAGE = "/wechat-pay/double/"


class NotAnswered(Exception):
    """No answer, or one that says "later", or one we do not believe: asked again, with the same number."""


class NotTaken(Exception):
    """WeChat says no. `code`: its word for why."""

    def __init__(self, code: str) -> None:
        self.code = code[:40]
        super().__init__(self.code)


@dataclass(frozen=True, kw_only=True)
class Trade:
    """How an order stands at WeChat. `fen`: what was paid, by what they say."""

    number: str
    state: str
    app: str
    merchant: str
    transaction: str = ""
    fen: int = 0
    currency: str = ""
    paid_at: datetime | None = None

    @classmethod
    def of(cls, told: dict[str, Any]) -> Trade:
        """From a query or a decrypted notification. Raises `NotTrue` for what is none."""
        try:
            amount = told.get("amount") or {}
            paid = told.get("success_time")
            fen = amount.get("total", 0)
            if type(fen) is not int:
                raise NotTrue("amount")
            paid_at = datetime.fromisoformat(paid) if paid else None
            if paid_at is not None and paid_at.tzinfo is None:
                raise NotTrue("success_time")
            return cls(
                number=_text(told["out_trade_no"], 32),
                state=_text(told["trade_state"], 32),
                app=_text(told["appid"], 32),
                merchant=_text(told["mchid"], 32),
                transaction=_text(told.get("transaction_id") or "", 32),
                fen=fen,
                currency=_text(amount.get("currency") or "CNY", 16),
                paid_at=paid_at,
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise NotTrue("trade") from error


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise ValueError(value)
    return value


class Gateway:
    """One connection for the questions of one job."""

    def __init__(self) -> None:
        self.us: Merchant = merchant()
        self._client = httpx.Client(
            base_url=settings.WECHAT_PAY_URL, timeout=SECONDS, transport=_InProcess() if is_double() else None
        )

    def __enter__(self) -> Gateway:
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()

    def order(self, *, number: str, fen: int, words: str, until: datetime) -> str:
        """Native下单: the address that a code to pay with stands for. Raises `NotAnswered`, `NotTaken`."""
        said = {
            "appid": self.us.app,
            "mchid": self.us.number,
            "description": words,
            "out_trade_no": number,
            "time_expire": until.replace(microsecond=0).isoformat(),
            "notify_url": settings.WECHAT_PAY_NOTIFY,
            "amount": {"total": fen, "currency": "CNY"},
        }
        told = self._ask("POST", "/v3/pay/transactions/native", said)
        found = told.get("code_url")
        if not isinstance(found, str) or not found or len(found) > 500:
            raise NotAnswered("no code_url")
        return found

    def look(self, number: str) -> Trade:
        """查询订单. Raises `NotAnswered`, `NotTaken` (`ORDER_NOT_EXIST`)."""
        told = self._ask("GET", f"/v3/pay/transactions/out-trade-no/{number}?mchid={self.us.number}")
        try:
            return Trade.of(told)
        except NotTrue as error:
            raise NotAnswered(error.why) from error

    def close(self, number: str) -> None:
        """关闭订单. Raises `NotAnswered`, `NotTaken`."""
        self._ask("POST", f"/v3/pay/transactions/out-trade-no/{number}/close", {"mchid": self.us.number})

    def refund(self, *, number: str, of: str, fen: int, total: int) -> str:
        """申请退款, or how one asked for before stands: their word. Raises `NotAnswered`, `NotTaken`."""
        amount = {"refund": fen, "total": total, "currency": "CNY"}
        told = self._ask(
            "POST", "/v3/refund/domestic/refunds", {"out_trade_no": of, "out_refund_no": number, "amount": amount}
        )
        if told.get("out_refund_no") != number or (told.get("amount") or {}).get("refund") != fen:
            raise NotAnswered("another refund")
        return str(told.get("status", ""))

    def _ask(self, method: str, target: str, said: dict[str, Any] | None = None) -> dict[str, Any]:
        body = b"" if said is None else json.dumps(said, ensure_ascii=False).encode()
        now = int(clock.now().timestamp())
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": "weiyifang",
            "Authorization": protocol.authorization(
                self.us.key,
                merchant=self.us.number,
                serial=self.us.serial,
                method=method,
                target=target,
                body=body,
                now=now,
            ),
        }
        try:
            answer = self._client.request(method, target, content=body, headers=headers)
            return self._believed(answer)
        except httpx.HTTPError as error:
            raise NotAnswered(type(error).__name__) from error

    def _believed(self, answer: httpx.Response) -> dict[str, Any]:
        """What it says, once it is sure who says it: also a "no" ends an order."""
        try:
            protocol.check(
                Signed.of(answer.headers), answer.content, keys=self.us.keys, now=int(clock.now().timestamp())
            )
        except NotTrue as error:
            raise NotAnswered(f"{answer.status_code} {error.why}") from error
        try:
            told = json.loads(answer.content) if answer.content else {}
        except ValueError as error:
            raise NotAnswered("no JSON") from error
        if not isinstance(told, dict):
            raise NotAnswered("no object")
        if answer.is_success:
            return told
        code = str(told.get("code", answer.status_code))
        if answer.is_server_error or code in AGAIN:
            raise NotAnswered(code)
        raise NotTaken(code)


class _InProcess(httpx.BaseTransport):
    """The way to the double: the same bytes, without a line."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        target = urlsplit(str(request.url))
        asked = target.path + (f"?{target.query}" if target.query else "")
        api = Api(store(), PAY_PAGE)
        told = api.answer(
            request.method, asked, dict(request.headers), request.read(), now=int(clock.now().timestamp())
        )
        return httpx.Response(told.status, content=told.body, headers=told.headers)
