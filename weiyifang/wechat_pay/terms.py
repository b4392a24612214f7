"""How much a gift by WeChat Pay may be, how long there is to pay: the dated rule in `terms.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, dated


@dataclass(frozen=True, kw_only=True)
class TermsRule(dated.DatedRule):
    """Amounts in yuan, times in minutes."""

    least_yuan: int
    most_yuan: int
    first_yuan: int
    second_yuan: int
    third_yuan: int
    fourth_yuan: int
    pay_minutes: int
    look_minutes: int
    open_at_most: int

    @property
    def amounts(self) -> list[int]:
        """Those to choose with one tap, in fen; what is outside the bounds is not offered."""
        offered = sorted({self.first_yuan, self.second_yuan, self.third_yuan, self.fourth_yuan})
        return [yuan * 100 for yuan in offered if self.least_yuan <= yuan <= self.most_yuan]


def _yuan(label: object) -> dated.Setting:
    return dated.Setting(label=label, least=1, most=100_000)  # type: ignore[arg-type]  # words in the reader's language


TERMS = dated.RuleFile(
    name="wechat_pay.terms",
    path=Path(__file__).with_name("terms.toml"),
    title=_("Gifts by WeChat Pay: how much, and how long there is to pay"),
    settings={
        "least_yuan": _yuan(_("Least gift, in yuan")),
        "most_yuan": _yuan(_("Largest gift, in yuan")),
        "first_yuan": _yuan(_("Offered amount, the first")),
        "second_yuan": _yuan(_("Offered amount, the second")),
        "third_yuan": _yuan(_("Offered amount, the third")),
        "fourth_yuan": _yuan(_("Offered amount, the fourth")),
        "pay_minutes": dated.Setting(label=_("Minutes in which an order can be paid"), least=5, most=110),
        "look_minutes": dated.Setting(label=_("Minutes until WeChat is asked about an order"), least=1, most=60),
        "open_at_most": dated.Setting(label=_("Orders that may wait to be paid at one time"), least=10, most=100_000),
    },
    make=TermsRule,
    note=_("An order keeps the time it was made with."),
)


def rule() -> TermsRule:
    """What holds now."""
    return TERMS.on(clock.today())
