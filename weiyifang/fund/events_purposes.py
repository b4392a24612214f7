"""The facts about what money is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event, Remark


@dataclass(frozen=True, kw_only=True)
class PurposeOpened(Event):
    """A purpose of the community's own; `restricted_by` says who fixed it, "" when nobody did."""

    words = _("the purpose was opened")

    number: int
    code: str
    category: str
    restricted_by: str
    since: date


@dataclass(frozen=True, kw_only=True)
class PurposeClosed(Event):
    words = _("the purpose was closed")

    number: int


@dataclass(frozen=True, kw_only=True)
class PurposeChangeAsked(Event):
    """Somebody says that money is no longer for what it was for."""

    words = _("asked for, a second person has to confirm it")

    number: int
    amount_fen: int
    why: str
    from_pool: str
    to_pool: str
    method: str


@dataclass(frozen=True, kw_only=True)
class PurposeChanged(Event):
    """Another person confirmed it, and it is booked."""

    words = _("confirmed by a second person and booked")

    number: int
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class PurposeChangeRefused(Event):
    words = _("refused")

    number: int
    reason: Remark


@dataclass(frozen=True, kw_only=True)
class PurposeChangeWithdrawn(Event):
    words = _("withdrawn")

    number: int
