"""What the demo's community decides about its own rules: two things from 1 January, each with its reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from weiyifang.communities.services import set_rule
from weiyifang.core.actors import Actor

DECIDED = (12, 10)  # month and day of the meeting
SAID: tuple[tuple[str, dict[str, Any], str], ...] = (
    (
        "core.festivals",
        {"days": 30},
        "腊月里大家早就在问年货和团年的事，提前一个月说。居委会12月10日会上定的。",
    ),
    (
        "activities.kinds",
        {"code": "gathering", "name": "坝坝茶", "ended": False},
        "居民都叫坝坝茶，没人叫聚会。居民议事会12月8日提的，居委会12月10日会上定的。",
    ),
)


def is_due(day: date) -> bool:
    """The committee meets."""
    return (day.month, day.day) == DECIDED


def decide(day: date, *, by: Actor) -> None:
    """What holds from the first of January."""
    for rule, values, why in SAID:
        set_rule(rule=rule, since=date(day.year + 1, 1, 1), values=values, why=why, by=by)
