"""Gifts that nobody pays are in a demo alone."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment


def test_the_double_stops_the_start_anywhere_but_in_a_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIYIFANG_WECHAT_PAY", "double")
    assert environment.wechat_pay("WEIYIFANG_WECHAT_PAY", demo=True) == "double"
    with pytest.raises(ImproperlyConfigured):
        environment.wechat_pay("WEIYIFANG_WECHAT_PAY", demo=False)
    monkeypatch.setenv("WEIYIFANG_WECHAT_PAY_URL", "http://127.0.0.1:9200")
    assert environment.secure_url("WEIYIFANG_WECHAT_PAY_URL", "", demo=True) == "http://127.0.0.1:9200"
    with pytest.raises(ImproperlyConfigured):
        environment.secure_url("WEIYIFANG_WECHAT_PAY_URL", "", demo=False)
