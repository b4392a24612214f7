"""Statements for tests, made through the verbs."""

from __future__ import annotations

from datetime import date
from typing import Any

from weiyifang.banking import services
from weiyifang.banking.models import Statement, StatementDraft
from weiyifang.banking.services import Wanted
from weiyifang.banking.tests import samples
from weiyifang.core.actors import Actor
from weiyifang.core.money import yuan

MARCH = Wanted(since=date(2026, 3, 1), until=date(2026, 3, 31))


def draft(by: Actor, content: bytes | None = None, method: str = "bank") -> StatementDraft:
    """An uploaded file: the plain sample, where no other is given."""
    content = samples.of("plain") if content is None else content
    return services.keep_draft(method=method, file_name="流水.csv", content=content, lines=2, by=by)


def statement(by: Actor, content: bytes | None = None, wanted: Wanted = MARCH, method: str = "bank") -> Statement:
    """A statement of March 2026 that was imported."""
    return services.import_statement(draft=draft(by, content, method), wanted=wanted, by=by)


def of_lines(rows: list[tuple[date, int]], *, opening: int = 0, **more: Any) -> bytes:
    """A plain table of these days and amounts in fen, with the running balance."""
    there, written = opening, []
    for day, fen in rows:
        there += fen
        written.append([str(day), yuan(max(0, fen)), yuan(max(0, -fen)), yuan(there), "", more.get("words", "")])
    return samples.plain(written)
