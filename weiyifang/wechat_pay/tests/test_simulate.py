"""The double as a server: asked over HTTP by a program that has a merchant's settings and nothing of the double's."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from wsgiref.simple_server import make_server

import httpx
import pytest
from django.test import override_settings

from weiyifang.core.actors import Actor
from weiyifang.wechat_pay import services
from weiyifang.wechat_pay.double.server import Server
from weiyifang.wechat_pay.double.store import Store
from weiyifang.wechat_pay.merchant import NotSetUp, merchant
from weiyifang.wechat_pay.models import State
from weiyifang.wechat_pay.tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.computers_clock]


@pytest.fixture
def served(double: Store, tmp_path: Path) -> Iterator[str]:
    """It runs, and the settings are those that it names."""
    with make_server("127.0.0.1", 0, Server(double, "")) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        server.set_app(Server(double, address))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        command = import_module("weiyifang.wechat_pay.management.commands.wechat-pay").Command()
        said = dict(line.split("=", 1) for line in command.settings(double, tmp_path, address))
        of_account = ("MERCHANT", "APP", "SERIAL", "KEY", "V3_KEY", "PLATFORM")
        account = {name: said[f"WEIYIFANG_WECHAT_PAY_{name}"] for name in of_account}
        with override_settings(WECHAT_PAY="merchant", WECHAT_PAY_URL=address, WECHAT_PAY_ACCOUNT=account):
            yield address
        server.shutdown()


def test_a_gift_is_asked_paid_and_found_over_http(served: str, double: Store, cast: dict[str, Actor]) -> None:
    row = make.asked(cast["resident"])
    assert row.code_url == f"{served}/pay/{row.trade_no}/"
    assert "50.00" in httpx.get(row.code_url).text
    assert "SUCCESS" in httpx.post(row.code_url, data={"act": "silent"}).text
    from weiyifang.wechat_pay.gateways import Gateway

    with Gateway() as gateway:
        trade = gateway.look(row.trade_no)
    assert services.settle(order=row, trade=trade, by=cast["accountant"]) == ""
    row.refresh_from_db()
    assert row.state == State.PAID
    with pytest.raises(httpx.HTTPStatusError):
        httpx.get(f"{served}/v3/pay/transactions/out-trade-no/{row.trade_no}").raise_for_status()  # unsigned


@pytest.mark.parametrize("lacks", ["MERCHANT", "KEY", "V3_KEY", "PLATFORM"])
def test_what_is_not_set_is_said(served: str, lacks: str) -> None:
    from django.conf import settings

    with (
        override_settings(WECHAT_PAY_ACCOUNT={**settings.WECHAT_PAY_ACCOUNT, lacks: ""}),
        pytest.raises(NotSetUp, match=lacks),
    ):
        merchant()
