"""When a queue ends before the start: the dated rule in `queue.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from weiyifang.core.wording import as_day

DATA = Path(__file__).with_name("queue.toml")


@dataclass(frozen=True, kw_only=True)
class ClosingRule:
    """Minutes before the start at which the queue ends, and minutes an offer runs at least."""

    since: date
    closes_minutes: int
    answer_minutes: int

    def __post_init__(self) -> None:
        if not 0 <= self.answer_minutes < self.closes_minutes:
            raise ValueError(f"an offer of {self.since} could run past the start")


@cache
def rules() -> list[ClosingRule]:
    """Every rule, the newest first."""
    found = [ClosingRule(**rule) for rule in tomllib.loads(DATA.read_text(encoding="utf-8"))["rule"]]
    return sorted(found, key=lambda rule: rule.since, reverse=True)


def rule_on(day: date) -> ClosingRule:
    """The rule for what begins on that day."""
    return next(rule for rule in rules() if rule.since <= day)


def closes_at(starts_at: datetime) -> datetime:
    """When the queue of a date ends."""
    return starts_at - timedelta(minutes=rule_on(as_day(starts_at)).closes_minutes)
