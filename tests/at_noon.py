"""The web server (`core.server.webserver`) at the stage's hour (`tests/stage.py`): `python -m tests.at_noon`."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from weiyifang.core import clock
from weiyifang.core.server import webserver

NOON = datetime(2026, 10, 14, 4, tzinfo=UTC)  # as in `tests.stage`, which needs Django; a test compares
load = webserver.load


def load_at_noon(module: str) -> Any:
    """In a worker: before anything asks what time it is."""
    clock._moment = ContextVar("moment", default=NOON)
    return load(module)


if __name__ == "__main__":
    webserver.load = load_at_noon
    webserver.main()
