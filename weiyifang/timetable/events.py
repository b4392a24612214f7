"""What is announced: what happens by the clock. What somebody asked for is told by who asked (the source)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event


@dataclass(frozen=True, kw_only=True)
class AllocationLapsed(Event):
    """Nobody confirmed in time: what the source (`subject`) held from `starts_at` to `ends_at` is free again."""

    words = _("a held time became free")

    starts_at: datetime
    ends_at: datetime
