"""An open fund, and the double in a folder of the test's own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from weiyifang.fund.books import Books
from weiyifang.fund.tests.conftest import fund
from weiyifang.wechat_pay.double.store import Store

__all__ = ["fund"]


@pytest.fixture(scope="session")
def double_with_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys take half a second: they are made once, and each test has a copy without orders."""
    folder = tmp_path_factory.mktemp("double")
    there = Store(folder)
    names = ("merchant", "app", "serial", "platform_serial", "v3_key", "merchant_key", "platform_key")
    assert all(getattr(there, name) for name in names)
    return folder


@pytest.fixture
def double(fund: Books, double_with_keys: Path, tmp_path: Path) -> Iterator[Store]:
    """WeChat's side; the fund is open."""
    folder = tmp_path / "double"
    shutil.copytree(double_with_keys, folder)
    with override_settings(WECHAT_PAY="double", WECHAT_PAY_DOUBLE=folder):
        yield Store(folder)
