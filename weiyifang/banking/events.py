"""The facts this package announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event, Remark


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
class LinesMatched(Event):
    """Somebody says that this line, perhaps with others, is these entries. `match`: the source of the row."""

    words = _("matched with the books")

    method: str
    match: str
    lines: int
    entries: int
    fen: int


@dataclass(frozen=True, kw_only=True)
class MatchUndone(Event):
    """It was another: lines and entries are open again."""

    words = _("the match was undone")

    method: str
    match: str


@dataclass(frozen=True, kw_only=True)
class LineSetAside(Event):
    """The line belongs into no book of ours, and why."""

    words = _("set aside")

    fen: int
    reason: Remark


@dataclass(frozen=True, kw_only=True)
class LineTakenUp(Event):
    """It is open again."""

    words = _("taken up again")

    fen: int


@dataclass(frozen=True, kw_only=True)
class StatementTakenBack(Event):
    """It was the wrong file: its lines are gone."""

    words = _("the statement was taken back, its lines are gone")

    number: int


@dataclass(frozen=True, kw_only=True)
class MonthExplained(Event):
    """Somebody says why a month does not agree with the bank: so many lines and days, so much difference in fen."""

    words = _("explained, a second person has to confirm it")

    method: str
    month: str
    word: Remark
    open_lines: int
    aside_lines: int
    missing_days: int
    difference_fen: int


@dataclass(frozen=True, kw_only=True)
class MonthExplanationConfirmed(Event):
    """Another person confirmed it: the month may be sealed."""

    words = _("confirmed by a second person")

    method: str
    month: str
