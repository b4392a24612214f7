"""What the community's rules mean for its paper."""

from __future__ import annotations

from weiyifang.communities.events import RuleSet
from weiyifang.core.actors import system
from weiyifang.news import services as news
from weiyifang.news.columns import COLUMNS


def open_column(fact: RuleSet) -> None:
    """A new word on the list of columns has its place in the paper at once; articles go in from its day on."""
    if fact.rule == COLUMNS.name:
        news.open_columns(by=system())
