"""The double as a server of its own, for a program that asks it as it would ask the real one: over HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import httpx

from weiyifang.wechat_pay.double import letters
from weiyifang.wechat_pay.double.answers import Answer, Api
from weiyifang.wechat_pay.double.store import Store

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

SECONDS = 10
PAGE = """<!doctype html><meta charset="utf-8"><title>WeChat Pay, the double</title><h1>{yuan} yuan: {state}</h1>
<form method="post"><button name="act" value="pay">pay</button>
<button name="act" value="twice">pay, tell it twice</button> <button name="act" value="late">pay, tell it late</button>
<button name="act" value="amount">pay, tell a wrong amount</button>
<button name="act" value="silent">pay, tell nobody</button></form>"""


class Server:
    """A WSGI application: the API under `/v3/`, a page to pay on under `/pay/`."""

    def __init__(self, store: Store, address: str) -> None:
        self.store, self.api = store, Api(store, f"{address}/pay/")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        path, method = environ.get("PATH_INFO", ""), environ["REQUEST_METHOD"]
        now = int(time.time())
        if path.startswith("/pay/"):
            answer = self._page(path.removeprefix("/pay/").strip("/"), method, body, now)
        else:
            query = environ.get("QUERY_STRING", "")
            target = f"{path}?{query}" if query else path
            headers = {"Authorization": environ.get("HTTP_AUTHORIZATION", "")}
            answer = self.api.answer(method, target, headers, body, now=now)
        start_response(f"{answer.status} .", [*answer.headers.items(), ("Content-Length", str(len(answer.body)))])
        return [answer.body]

    def _page(self, number: str, method: str, body: bytes, now: int) -> Answer:
        if method == "POST":
            self._pay(number, parse_qs(body.decode("ascii", "replace")).get("act", [""])[0], now)
        row = self.store.trade(number)
        if row is None:
            return Answer(404)
        said = PAGE.format(yuan=f"{row['fen'] / 100:.2f}", state=row["state"])
        return Answer(200, said.encode(), {"Content-Type": "text/html; charset=utf-8"})

    def _pay(self, number: str, act: str, now: int) -> None:
        row = letters.pay(self.store, number, now=now)
        if row is None:
            return
        for letter in letters.told(self.store, row, act, now=now):
            try:
                httpx.post(row["notify"], content=letter.body, headers=letter.headers, timeout=SECONDS)
            except httpx.HTTPError:
                return  # as with the real one: whoever was not told asks
