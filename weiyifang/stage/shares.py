"""What is usual between troupe, members and fund: the dated rule in `shares.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from weiyifang.core import dated
from weiyifang.core.money import WHOLE
from weiyifang.stage.splitting import Shares


@dataclass(frozen=True, kw_only=True)
class SharesRule(dated.DatedRule):
    """Basis points of what is paid for a show. Raises `SharesDoNotAddUp`."""

    troupe: int
    members: int
    fund: int

    def __post_init__(self) -> None:
        _ = self.shares  # refuses what does not add up

    @property
    def shares(self) -> Shares:
        return Shares(troupe=self.troupe, members=self.members, fund=self.fund)


SHARES = dated.RuleFile(
    name="stage.shares",
    path=Path(__file__).with_name("shares.toml"),
    title=_("How the income of shows is shared"),
    settings={
        "troupe": dated.Setting(label=_("The troupe's, in hundredths of a per cent"), most=WHOLE),
        "members": dated.Setting(label=_("The members', in hundredths of a per cent"), most=WHOLE),
        "fund": dated.Setting(label=_("The fund's, in hundredths of a per cent"), most=WHOLE),
    },
    make=SharesRule,
    note=_("It stands on the form when a contract is made, and may be changed there. What was agreed stays."),
)


def usual_on(day: date) -> Shares:
    """What a contract of that day begins with."""
    return SHARES.on(day).shares
