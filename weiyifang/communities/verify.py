"""The community's own rules fit the rules they stand in for, and each was set before it began."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from weiyifang.communities import events, queries
from weiyifang.communities.models import OwnRule
from weiyifang.core import dated, facts
from weiyifang.core.faults import Fault
from weiyifang.core.look.wording import as_day


def check() -> list[Fault]:
    """Every fault in the community at hand."""
    wanted = facts.due({events.RuleSet: lambda fact: {"since": date.fromisoformat(fact.values["since"])}})
    rows = OwnRule.objects.filter(takes_back=None)
    return [*facts.compare(rows, wanted, check="rules"), *_early(), *_unfit()]


def _early() -> Iterator[Fault]:
    for row in OwnRule.objects.all():
        if row.since <= as_day(row.set_at):
            yield Fault.of(row, check="rules", what="was said on or after the day it is about")


def _unfit() -> Iterator[Fault]:
    for row in queries.standing():
        file = dated.files.get(row.rule)
        if file is None:
            yield Fault.of(row, check="rules", what=f"names no rule file: {row.rule}")
            continue
        if why := file.unfit(row.since, row.values):
            yield Fault.of(row, check="rules", what=f"does not fit its rule and is passed over: {why}")
