"""An open fund with money in it."""

from __future__ import annotations

from weiyifang.fund.tests.conftest import fund

__all__ = ["fund"]
