"""How near an entry has to be to a line to be suggested, or to be sure: the dated rule in `terms.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, dated


@dataclass(frozen=True, kw_only=True)
class TermsRule(dated.DatedRule):
    """Days between the bank and the books."""

    near_days: int
    sure_days: int


TERMS = dated.RuleFile(
    name="banking.terms",
    path=Path(__file__).with_name("terms.toml"),
    title=_("Beside the bank: how near an entry has to be"),
    settings={
        "near_days": dated.Setting(label=_("Days within which an entry is suggested for a line"), most=60),
        "sure_days": dated.Setting(label=_("Days within which the only one on both sides is sure"), most=31),
    },
    make=TermsRule,
)


def rule() -> TermsRule:
    """What holds today."""
    return TERMS.on(clock.today())
