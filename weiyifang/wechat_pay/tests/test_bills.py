"""The double's bills are what banking imports, to the fen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from weiyifang.banking import reading
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.wechat_pay import services
from weiyifang.wechat_pay.double import bills
from weiyifang.wechat_pay.double.store import Store
from weiyifang.wechat_pay.tests import make

pytestmark = pytest.mark.django_db


def test_a_day_is_billed_in_the_shapes_that_are_imported(double: Store, cast: dict[str, Actor]) -> None:
    make.paid(cast["resident"], double, 8_800)
    back = make.paid(cast["resident"], double, 5_000)
    with clock.at(clock.now() + timedelta(seconds=5)):
        asked = services.ask_refund(order=back, reason="多付了", by=cast["accountant"])
        services.confirm_refund(refund=asked, by=cast["secretary"])
        services.pay_back(refund_id=asked.pk)
    today = str(clock.today())
    for kind, shape in (("tradebill", "wechat_trade"), ("fundflowbill", "wechat_flow")):
        content = bills.of(double, kind, today)
        assert content is not None
        read = reading.read(content.encode())
        assert read is not None
        assert read.shape.code == shape
        assert not read.wrong
        assert sorted(line.fen for line in read.lines) == [-5_000, 5_000, 8_800]
    assert bills.of(double, "fundflowbill", "2026-01-01") is None
    assert bills.of(double, "anything", today) is None
