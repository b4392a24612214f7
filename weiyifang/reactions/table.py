"""When this happens, then that follows. The whole of it, on one page."""

from __future__ import annotations

from weiyifang.core.events import Reactions

REACTIONS: Reactions = {}
