"""When a queue ends before the start: the dated rule in `queue.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from weiyifang.core import dated
from weiyifang.core.look.wording import as_day
from weiyifang.core.refusals import Refused

DAY = 24 * 60


class AnswerPastTheStart(Refused):
    """An offer could run until the queue ends, or past the start."""

    sentence = _("The time to answer has to be shorter than the time by which the queue ends before the start.")
    status = 422


@dataclass(frozen=True, kw_only=True)
class ClosingRule(dated.DatedRule):
    """Minutes before the start at which the queue ends, and minutes an offer runs at least.

    Raises `AnswerPastTheStart`.
    """

    closes_minutes: int
    answer_minutes: int

    def __post_init__(self) -> None:
        if not self.answer_minutes < self.closes_minutes:
            raise AnswerPastTheStart()


QUEUE = dated.RuleFile(
    name="activities.queue",
    path=Path(__file__).with_name("queue.toml"),
    title=_("Queues for activities"),
    settings={
        "closes_minutes": dated.Setting(label=_("The queue ends so many minutes before the start"), least=1, most=DAY),
        "answer_minutes": dated.Setting(label=_("Minutes to answer an offer, at least"), most=DAY),
    },
    make=ClosingRule,
    note=_("Dates that are planned already keep the end of their queue until they are moved."),
)


def rule_on(day: date) -> ClosingRule:
    """The rule for what begins on that day."""
    return QUEUE.on(day)


def closes_at(starts_at: datetime) -> datetime:
    """When the queue of a date ends."""
    return starts_at - timedelta(minutes=rule_on(as_day(starts_at)).closes_minutes)
