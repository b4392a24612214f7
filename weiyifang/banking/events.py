"""The facts this package announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event


@dataclass(frozen=True, kw_only=True)
class StatementImported(Event):
    """A statement was taken in: of which place, from when to when, with how many lines, amounts in fen."""

    words = _("a statement was imported")

    number: int
    method: str
    since: date
    until: date
    closing_fen: int
    lines: int
    known: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class StatementTakenBack(Event):
    """It was the wrong file: its lines are gone."""

    words = _("the statement was taken back, its lines are gone")

    number: int
