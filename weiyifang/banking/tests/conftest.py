"""An open fund."""

from __future__ import annotations

from weiyifang.fund.tests.conftest import fund

__all__ = ["fund"]
