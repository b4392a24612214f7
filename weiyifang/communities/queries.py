"""The rules of the community at hand: what holds, what will, and who said so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from weiyifang.communities.models import Community, OwnRule
from weiyifang.core import clock, dated
from weiyifang.core.models import TimelineEntry
from weiyifang.core.tenancy import current_community_id, source_of
from weiyifang.core.wordlists import Word, WordList, Words

Said = list[tuple[Any, Any]]  # label and value, in the order of the file


def here() -> Community:
    """The community at hand."""
    return Community.objects.get(pk=current_community_id())


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
    today: Said  # of figures
    words: Words | None  # of a list
    is_own: bool  # the community's own values hold today
    coming: list[tuple[date, Said]]  # from which day on, and what will be different
    passed_over: list[date]  # from which days on the community said what the rule does not take any more


def rule_files(only: str = "") -> list[Standing]:
    """Every rule file, or the one of that name: what holds today, what changes when."""
    own, today = own_values(), clock.today()
    return [_standing(file, own, today) for file in dated.files.values() if only in {"", file.name}]


def _standing(file: dated.RuleFile[Any], own: dated.OwnValues, today: date) -> Standing:
    rows = file.own_rows(own)
    days = {since for since, _values in rows} | {rule.since for rule in file.shipped_here}
    coming, before = list[tuple[date, Said]](), today
    for day in sorted(day for day in days if day > today):
        if different := _changed(file, before, day, own):
            coming.append((day, different))
        before = day
    return Standing(
        file=file,
        today=[] if isinstance(file, WordList) else _said(file, today, own),
        words=file.on(today, own) if isinstance(file, WordList) else None,
        is_own=any(since <= today for since, _values in rows),
        coming=coming,
        passed_over=[since for since, values in rows if file.unfit(since, values)],
    )


def _changed(file: dated.RuleFile[Any], before: date, after: date, own: dated.OwnValues) -> Said:
    if isinstance(file, WordList):
        return _words_changed(file.on(before, own), file.on(after, own))
    was = dict(_said(file, before, own))
    return [(label, value) for label, value in _said(file, after, own) if was[label] != value]


def _said(file: dated.RuleFile[Any], day: date, own: dated.OwnValues) -> Said:
    return list(_figures(file, file.kept(file.on(day, own))))


def _figures(file: dated.RuleFile[Any], values: dated.Values) -> Iterator[tuple[str, Any]]:
    """Values as JSON holds them, with what they are called."""
    return ((str(setting.label), values[name]) for name, setting in file.settings.items() if name in values)


def _words_changed(before: Words, after: Words) -> Said:
    """What became of each word, in words."""
    return [
        (was.name if was else word.name, _what_became(was, word))
        for word in after.words
        if (was := before.word(word.code)) != word
    ] + [(word.name, _("not offered any more")) for word in before.words if after.word(word.code) is None]


def _what_became(was: Word | None, word: Word) -> str:
    if word.is_ended:
        return _("not offered any more")
    if was is None:
        return _("new on the list")
    if was.name != word.name:
        return _("is called “%(name)s”") % {"name": word.name}
    return _("offered again")


@dataclass(frozen=True, kw_only=True)
class Statement:
    """Own values that were set once: by whom, why, and whether that can still be taken back."""

    row: OwnRule
    entry: TimelineEntry | None
    values: Said
    is_taken_back: bool
    is_to_come: bool


def _said_once(file: dated.RuleFile[Any], row: OwnRule) -> Said:
    if not isinstance(file, WordList):
        return list(_figures(file, row.values))
    if file.unfit(row.since, row.values):
        return []
    before = file.on(row.since - timedelta(days=1))
    after = file.on(row.since, {file.name: [*file.own_rows(), (row.since, row.values)]})
    word, was = after.word(row.values["code"]), before.word(row.values["code"])
    return [(was.name if was else word.name, _what_became(was, word))] if word else []


def words_on(file: dated.RuleFile[Any]) -> Sequence[Statement]:
    """Everything the community ever said about a rule, the newest first."""
    rows = list(OwnRule.objects.filter(rule=file.name).order_by("-set_at", "-id"))
    gone = {row.takes_back_id for row in rows}
    sources = [source_of(row) for row in rows]
    told = TimelineEntry.objects.filter(verb="RuleSet", subject__in=sources).prefetch_related("remarks")
    entries = {entry.subject: entry for entry in told}
    return [
        Statement(
            row=row,
            entry=entries.get(source_of(row)),
            values=_said_once(file, row),
            is_taken_back=row.pk in gone,
            is_to_come=row.since > clock.today() and row.pk not in gone,
        )
        for row in rows
        if row.takes_back_id is None
    ]
