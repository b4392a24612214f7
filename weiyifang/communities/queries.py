"""The rules of the community at hand: what holds, what will, and who said so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from weiyifang.communities.models import OwnRule
from weiyifang.core import clock, dated
from weiyifang.core.models import TimelineEntry
from weiyifang.core.tenancy import source_of

Said = list[tuple[Any, Any]]  # label and value, in the order of the file


def standing() -> list[OwnRule]:
    """Every row of own values that was not taken back, in the order in which they hold; the later word wins."""
    rows = list(OwnRule.objects.order_by("since", "set_at", "id"))
    gone = {row.takes_back_id for row in rows if row.takes_back_id}
    return [row for row in rows if row.takes_back_id is None and row.pk not in gone]


def own_values() -> dated.OwnValues:
    """The same for `core.dated`."""
    found: dict[str, list[tuple[date, dated.Values]]] = {}
    for row in standing():
        found.setdefault(row.rule, []).append((row.since, row.values))
    return found


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One rule file as a page shows it."""

    file: dated.RuleFile[Any]
    today: Said
    is_own: bool  # the community's own values hold today
    coming: list[tuple[date, Said]]  # from which day on, and what will be different


def rule_files(only: str = "") -> list[Standing]:
    """Every rule file, or the one of that name: what holds today, what changes when."""
    own, today = own_values(), clock.today()
    return [_standing(file, own, today) for file in dated.files.values() if only in {"", file.name}]


def _standing(file: dated.RuleFile[Any], own: dated.OwnValues, today: date) -> Standing:
    rows = own.get(file.name, ())
    days = {since for since, _values in rows} | {rule.since for rule in file.shipped}
    before, coming = dict(_said(file, today, own)), list[tuple[date, Said]]()
    for day in sorted(day for day in days if day > today):
        now = _said(file, day, own)
        if different := [(label, value) for label, value in now if before[label] != value]:
            coming.append((day, different))
        before = dict(now)
    is_own = any(since <= today for since, _values in rows)
    return Standing(file=file, today=_said(file, today, own), is_own=is_own, coming=coming)


def _said(file: dated.RuleFile[Any], day: date, own: dated.OwnValues) -> Said:
    return list(said(file, file.kept(file.on(day, own))))


def said(file: dated.RuleFile[Any], values: dated.Values) -> Iterator[tuple[str, Any]]:
    """Values as JSON holds them, with what they are called."""
    return ((str(setting.label), values[name]) for name, setting in file.settings.items() if name in values)


@dataclass(frozen=True, kw_only=True)
class Word:
    """Own values that were set once: by whom, why, and whether that can still be taken back."""

    row: OwnRule
    entry: TimelineEntry | None
    values: Said
    is_taken_back: bool
    is_to_come: bool


def words_on(file: dated.RuleFile[Any]) -> Sequence[Word]:
    """Everything the community ever said about a rule, the newest first."""
    rows = list(OwnRule.objects.filter(rule=file.name).order_by("-set_at", "-id"))
    gone = {row.takes_back_id for row in rows}
    sources = [source_of(row) for row in rows]
    told = TimelineEntry.objects.filter(verb="RuleSet", subject__in=sources).prefetch_related("remarks")
    entries = {entry.subject: entry for entry in told}
    return [
        Word(
            row=row,
            entry=entries.get(source_of(row)),
            values=list(said(file, row.values)),
            is_taken_back=row.pk in gone,
            is_to_come=row.since > clock.today() and row.pk not in gone,
        )
        for row in rows
        if row.takes_back_id is None
    ]
