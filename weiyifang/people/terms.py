"""How long being forgotten can be taken back, and having left: the dated rule in `terms.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, dated


@dataclass(frozen=True, kw_only=True)
class TermsRule(dated.DatedRule):
    """Days between a wish to be forgotten and its being done; days after leaving in which it can be undone."""

    think_days: int
    back_days: int


TERMS = dated.RuleFile(
    name="people.terms",
    path=Path(__file__).with_name("terms.toml"),
    title=_("People: how long being forgotten and having left can be taken back"),
    settings={
        "think_days": dated.Setting(label=_("Days to take back a wish to be forgotten"), least=1, most=15),
        "back_days": dated.Setting(label=_("Days to undo having left"), least=1, most=365),
    },
    make=TermsRule,
    note=_("A wish that was noted already keeps its day."),
)


def time_to_think() -> timedelta:
    """Between a wish to be forgotten that is noted now and the moment it is carried out."""
    return timedelta(days=TERMS.on(clock.today()).think_days)


def way_back() -> timedelta:
    """How long ago somebody may have left who comes back today as who they were."""
    return timedelta(days=TERMS.on(clock.today()).back_days)
