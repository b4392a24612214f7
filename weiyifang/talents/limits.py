"""How much one may ask at a time, and how long a phone is shown: the dated rule in `limits.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from weiyifang.core import dated


@dataclass(frozen=True, kw_only=True)
class LimitsRule(dated.DatedRule):
    """Questions of one asker that wait for an answer, at most; days a phone is shown after the time, or the yes; days
    without an answer after which the desk helps, and after which a question lapses.
    """

    most_open: int
    phone_days: int
    help_days: int
    lapse_days: int


LIMITS = dated.RuleFile(
    name="talents.limits",
    path=Path(__file__).with_name("limits.toml"),
    title=_("Talents: open questions, days a phone is shown"),
    settings={
        "most_open": dated.Setting(label=_("Unanswered questions of one asker, at most"), least=1, most=100),
        "phone_days": dated.Setting(label=_("Days a phone that was given is shown afterwards"), most=365),
        "help_days": dated.Setting(label=_("Days without an answer until the desk is asked to help"), least=1, most=90),
        "lapse_days": dated.Setting(label=_("Days without an answer until a question lapses"), least=1, most=365),
    },
    make=LimitsRule,
)


def rule_on(day: date) -> LimitsRule:
    """The rule for what is done on that day."""
    return LIMITS.on(day)
