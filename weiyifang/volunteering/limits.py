"""From which age one may volunteer, how much is enough, and what an hour is worth: the dated rule in `limits.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from weiyifang.core import dated


@dataclass(frozen=True, kw_only=True)
class LimitsRule(dated.DatedRule):
    """Full years from which one may volunteer; minutes of rest between two shifts, and of shifts in a week.

    `hour_credits`: minutes that the time bank writes down for an hour worked.
    """

    least_age: int
    rest_minutes: int
    week_minutes: int
    hour_credits: int

    def credited(self, minutes: int) -> int:
        """Minutes of the time bank for minutes worked; part of a minute is not counted."""
        return minutes * self.hour_credits // 60


LIMITS = dated.RuleFile(
    name="volunteering.limits",
    path=Path(__file__).with_name("limits.toml"),
    title=_("Volunteers: age, rest, hours a week, time bank"),
    settings={
        "least_age": dated.Setting(label=_("Full years from which one may volunteer"), least=6, most=18),
        "rest_minutes": dated.Setting(label=_("Minutes of rest between two shifts, at least"), most=24 * 60),
        "week_minutes": dated.Setting(label=_("Minutes of shifts in a week, at most"), least=60, most=7 * 24 * 60),
        "hour_credits": dated.Setting(label=_("Minutes in the time bank for an hour worked"), most=120),
    },
    make=LimitsRule,
)


def rule_on(day: date) -> LimitsRule:
    """The rule for what is done on that day."""
    return LIMITS.on(day)
