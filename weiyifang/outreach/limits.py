"""When somebody was not reached for long, how long a contact holds, and the bands of age: the rule in `limits.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from weiyifang.core import dated
from weiyifang.core.refusals import Refused

YEAR = 365


class BandsOutOfOrder(Refused):
    """The bands of age do not follow one another."""

    sentence = _("The ages have to rise: children, then grown-ups, elders, and the oldest.")
    status = 422


@dataclass(frozen=True, kw_only=True)
class LimitsRule(dated.DatedRule):
    """Days without any service after which somebody stands on the list; days until they stand there again after a
    contact, after nobody was at home, and after they said no. The last full year of age of children, and the first one
    of elders and of the oldest.

    Raises `BandsOutOfOrder`.
    """

    unreached_days: int
    again_days: int
    away_days: int
    no_days: int
    children_until: int
    elders_from: int
    oldest_from: int

    def __post_init__(self) -> None:
        if not self.children_until < self.elders_from - 1 < self.oldest_from - 1:
            raise BandsOutOfOrder()

    @property
    def bands(self) -> tuple[tuple[int, int | None], ...]:
        """First and last full year of each band; the last one is open."""
        children, elders, oldest = self.children_until, self.elders_from, self.oldest_from
        return ((0, children), (children + 1, elders - 1), (elders, oldest - 1), (oldest, None))


LIMITS = dated.RuleFile(
    name="outreach.limits",
    path=Path(__file__).with_name("limits.toml"),
    title=_("Who is reached: days and ages"),
    settings={
        "unreached_days": dated.Setting(
            label=_("Days without any service until somebody is on the list"), least=7, most=YEAR
        ),
        "again_days": dated.Setting(label=_("Days until they are on it again after a contact"), least=1, most=YEAR),
        "away_days": dated.Setting(label=_("The same when nobody was at home"), least=1, most=YEAR),
        "no_days": dated.Setting(
            label=_("The same when they said no, if they named no day; the longest there is"), least=7, most=2 * YEAR
        ),
        "children_until": dated.Setting(label=_("Children: up to the age of"), least=3, most=25),
        "elders_from": dated.Setting(label=_("Elders: from the age of"), least=40, most=90),
        "oldest_from": dated.Setting(label=_("The oldest: from the age of"), least=60, most=110),
    },
    make=LimitsRule,
)


def rule_on(day: date) -> LimitsRule:
    """The rule for what is looked at or noted on that day."""
    return LIMITS.on(day)
