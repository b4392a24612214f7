"""For how long an approval stands, and when a month wants sealing: the dated rule in `terms.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from weiyifang.core import dated


@dataclass(frozen=True, kw_only=True)
class TermsRule(dated.DatedRule):
    """Days from an approval on in which it can be paid; days after a month's last one until its reminder."""

    approval_days: int
    seal_days: int


TERMS = dated.RuleFile(
    name="fund.terms",
    path=Path(__file__).with_name("terms.toml"),
    title=_("The fund: how long an approval stands, when months are sealed"),
    settings={
        "approval_days": dated.Setting(label=_("Days in which an approved payment can be made"), least=1, most=365),
        "seal_days": dated.Setting(label=_("Days after the end of a month until its reminder"), most=28),
    },
    make=TermsRule,
    note=_("What is approved already keeps the time it was approved with."),
)


def rule_on(day: date) -> TermsRule:
    """The rule for what is approved, or was over, on that day."""
    return TERMS.on(day)
