"""Which path a payment takes to its money, by amount: the dated rule in `paths.toml`.

Every path keeps its people apart, and the database with it (`models.payments`). The short one is for small amounts:
three people, and no separate check of the papers. From `check_from` on somebody checks the papers before another
decides; from `committee_from` on the fund's committee decides instead (`deciding`). Emergency relief is approved and
paid as the short path is, and looked at afterwards by who oversees the fund.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path as File
from typing import Any

from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, dated
from weiyifang.core.money import yuan
from weiyifang.core.refusals import Refused
from weiyifang.fund.models import Path

YUAN = 100  # fen
MOST = 100_000_000  # yuan that a limit may be


class NotUrgent(Refused):
    """Emergency relief that is no relief, or too much for its short path."""

    sentence = _("Only relief of up to %(most)s yuan can be paid at once. Ask for it in the usual way.")
    status = 422


class EvenCommittee(Refused):
    """A committee that may be split in halves."""

    sentence = _("A committee has an odd number of seats, so that it always comes to a decision.")
    status = 422


class QuorumTooSmall(Refused):
    """Fewer than half could decide, or more than all would have to."""

    sentence = _("Of %(seats)s seats more than half have to vote, and no more than all.")
    status = 422


@dataclass(frozen=True, kw_only=True)
class PathRule(dated.DatedRule):
    """Limits in whole yuan; `review_days` from an urgent payment on."""

    check_from: int
    committee_from: int
    seats: int
    quorum: int
    urgent_most: int
    urgent_categories: Sequence[str]
    review_days: int

    def __post_init__(self) -> None:
        """Raises `EvenCommittee`, `QuorumTooSmall`."""
        if self.seats % 2 == 0:
            raise EvenCommittee()
        if not self.seats < 2 * self.quorum <= 2 * self.seats:
            raise QuorumTooSmall(seats=self.seats)

    def path(self, *, amount_fen: int, category: str, urgent: bool) -> Path:
        """The path of a payment. Raises `NotUrgent`."""
        if urgent:
            if category not in self.urgent_categories or amount_fen > self.urgent_most * YUAN:
                raise NotUrgent(most=yuan(self.urgent_most * YUAN))
            return Path.URGENT
        if amount_fen >= self.committee_from * YUAN:
            return Path.COMMITTEE
        return Path.CHECKED if amount_fen >= self.check_from * YUAN else Path.SHORT


PATHS = dated.RuleFile(
    name="fund.paths",
    path=File(__file__).with_name("paths.toml"),
    title=_("The fund: who decides on a payment"),
    settings={
        "check_from": dated.Setting(label=_("Yuan from which on somebody checks the papers first"), least=1, most=MOST),
        "committee_from": dated.Setting(label=_("Yuan from which on the committee decides"), least=1, most=MOST),
        "seats": dated.Setting(label=_("Seats of the committee, an odd number"), least=3, most=25),
        "quorum": dated.Setting(label=_("Members that have to vote, more than half of the seats"), least=2, most=25),
        "urgent_most": dated.Setting(label=_("Yuan up to which emergency relief is paid at once"), most=MOST),
        "review_days": dated.Setting(label=_("Days in which an urgent payment is looked at"), least=1, most=90),
    },
    make=PathRule,
    note=_("What is asked for already keeps the limits it was asked for with."),
)


def rule_on(day: date) -> PathRule:
    """The rule for what is submitted that day."""
    return PATHS.on(day)


def shown_on(day: date) -> dict[str, str]:
    """The rule's values as a page shows them."""
    return {name: f"{value:,}" for name, value in PATHS.kept(rule_on(day)).items()}


def chosen(*, amount_fen: int, category: str, urgent: bool) -> Mapping[str, Any]:
    """The path of a payment that is submitted today, and the values of its rule, as the request keeps them."""
    rule = rule_on(clock.today())
    path = rule.path(amount_fen=amount_fen, category=category, urgent=urgent)
    return {"path": path, "path_rule": {"since": str(rule.since), **PATHS.kept(rule)}}
