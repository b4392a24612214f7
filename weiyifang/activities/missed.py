"""Dates that people missed, and what follows: the dated rule in `missed.toml`, and what is said of it.

Whoever lets others miss a seat stands behind them for a while. It is no punishment: nobody is kept out, the dates fall
out of the rule by themselves, and a word is enough to have one not counted until somebody has looked at it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from weiyifang.core import clock, dated

BEFORE_THE_END = timedelta(hours=24)  # of enrolment: by then everybody may


@dataclass(frozen=True, kw_only=True)
class MissedRule(dated.DatedRule):
    """How many missed dates within so many days let one enrol so many hours after the others."""

    absences: int
    within_days: int
    later_hours: int

    @property
    def begins(self) -> datetime:
        """Dates before this moment count no more."""
        return clock.now() - timedelta(days=self.within_days)


MISSED = dated.RuleFile(
    name="activities.missed",
    path=Path(__file__).with_name("missed.toml"),
    title=_("Dates that people missed"),
    settings={
        "absences": dated.Setting(label=_("Missed dates from which one enrols later"), least=1, most=20),
        "within_days": dated.Setting(label=_("Days after which a missed date counts no more"), least=1, most=366),
        "later_hours": dated.Setting(label=_("Hours by which one enrols later; 0: no rule"), most=240),
    },
    make=MissedRule,
)


def rule() -> MissedRule:
    """The one that holds today."""
    return MISSED.on(clock.today())


def from_moment(opened: datetime, ends: datetime, day: date) -> datetime:
    """From when somebody who missed too many may enrol; `opened`, `ends`: enrolment, for everybody."""
    return min(opened + timedelta(hours=MISSED.on(day).later_hours), ends - BEFORE_THE_END)


def in_words() -> str:
    """The rule of today, said to whom it may concern."""
    now = rule()
    if not now.later_hours:
        return str(_("Nothing follows from it here."))
    said = ngettext(
        "Whoever missed %(n)d date within %(days)d days without giving the seat back enrols %(hours)d hours after the "
        "others, but in any case a day before it closes.",
        "Whoever missed %(n)d dates within %(days)d days without giving the seat back enrols %(hours)d hours after the "
        "others, but in any case a day before it closes.",
        now.absences,
    )
    return said % {"n": now.absences, "days": now.within_days, "hours": now.later_hours}
