"""For how long a file that long work made is kept: the dated rule in `terms.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, dated


@dataclass(frozen=True, kw_only=True)
class TermsRule(dated.DatedRule):
    """Days from the end of the work on."""

    kept_days: int


TERMS = dated.RuleFile(
    name="errands.terms",
    path=Path(__file__).with_name("terms.toml"),
    title=_("Long work: how long its files are kept"),
    settings={"kept_days": dated.Setting(label=_("Days in which a file can be fetched"), least=1, most=60)},
    make=TermsRule,
    note=_("A file that is there already keeps its day."),
)


def kept_for() -> timedelta:
    """How long what is made now lies ready, and what it was asked with."""
    return timedelta(days=TERMS.on(clock.today()).kept_days)
