"""People who come together, all or none: the dated rule in `groups.toml`, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from weiyifang.core import dated
from weiyifang.core.look.wording import as_day


@dataclass(frozen=True, kw_only=True)
class GroupsRule(dated.DatedRule):
    """How many people may be enrolled at once, and hours for which free seats are kept for a group that waits."""

    most: int
    gather_hours: int


GROUPS = dated.RuleFile(
    name="activities.groups",
    path=Path(__file__).with_name("groups.toml"),
    title=_("People who come together"),
    settings={
        "most": dated.Setting(label=_("People one may enrol at once, at most"), least=2, most=100),
        "gather_hours": dated.Setting(
            label=_("Hours for which free seats are kept for a group that others have passed"), most=240
        ),
    },
    make=GroupsRule,
    note=_("Dates that are planned already keep the hours they had."),
)


def rule_on(day: date) -> GroupsRule:
    """The rule for what begins on that day."""
    return GROUPS.on(day)


def waiting_in_words(starts_at: datetime) -> str:
    """How a group waits, said to those who do."""
    hours = rule_on(as_day(starts_at)).gather_hours
    kept = ngettext(
        "You wait as one: your turn comes when there are seats for all of you. While fewer are free, a few of those "
        "behind you may go first; then free seats are kept for you for up to %(n)d hour.",
        "You wait as one: your turn comes when there are seats for all of you. While fewer are free, a few of those "
        "behind you may go first; then free seats are kept for you for up to %(n)d hours.",
        hours,
    )
    return kept % {"n": hours}
