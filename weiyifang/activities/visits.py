"""One lesson of a class whose pupil one is not, on trial or to make one up: the dated rule in `visits.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from weiyifang.core import dated
from weiyifang.core.look.wording import as_day


@dataclass(frozen=True, kw_only=True)
class VisitsRule(dated.DatedRule):
    """How often one may try one class, whether that costs (0, 1), and days within which a lesson is made up."""

    trials: int
    trial_costs: int
    makeup_days: int


VISITS = dated.RuleFile(
    name="activities.visits",
    path=Path(__file__).with_name("visits.toml"),
    title=_("One lesson of a class: on trial, or made up"),
    settings={
        "trials": dated.Setting(label=_("Trial lessons of one class for one person"), most=10),
        "trial_costs": dated.Setting(label=_("A trial lesson costs as much as a lesson: 1; nothing: 0"), most=1),
        "makeup_days": dated.Setting(label=_("Days after a missed lesson to make it up"), most=366),
    },
    make=VisitsRule,
)


def rule_on(day: date) -> VisitsRule:
    """The rule of that day."""
    return VISITS.on(day)


def made_up_until(missed_at: datetime) -> datetime:
    """Until when a lesson of that moment can be made up."""
    return missed_at + timedelta(days=rule_on(as_day(missed_at)).makeup_days)


def trial_fee(fee_fen: int, starts_at: datetime) -> int:
    """What a trial lesson at that moment costs, in fen, where a lesson costs `fee_fen`."""
    return fee_fen if rule_on(as_day(starts_at)).trial_costs else 0
