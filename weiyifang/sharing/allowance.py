"""How much is lent to whom: the dated rule in `lending.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from weiyifang.core import dated


@dataclass(frozen=True, kw_only=True)
class LendingRule(dated.DatedRule):
    """Hours an organization may have rooms and instruments in one week (Monday to Sunday, those asked for counted),
    hours of one booking, and days ahead.
    """

    week_hours: int
    longest_hours: int
    ahead_days: int


LENDING = dated.RuleFile(
    name="sharing.lending",
    path=Path(__file__).with_name("lending.toml"),
    title=_("Rooms and things to borrow"),
    settings={
        "week_hours": dated.Setting(
            label=_("Hours of rooms for one organization in a week, at most"), least=1, most=168
        ),
        "longest_hours": dated.Setting(label=_("Hours of one booking, at most"), least=1, most=24),
        "ahead_days": dated.Setting(label=_("Days ahead that can be booked"), least=1, most=730),
    },
    make=LendingRule,
    note=_("What is booked already stays booked."),
)


def rule_on(day: date) -> LendingRule:
    """The rule for what begins on that day."""
    return LENDING.on(day)
