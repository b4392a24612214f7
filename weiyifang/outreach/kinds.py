"""What may come of a contact, and what somebody may need: lists a community may change from a day on."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from weiyifang.core.wordlists import WordList
from weiyifang.outreach import limits

AWAY, NO, MOVED = "away", "no", "moved"  # the program itself goes by these
OUTCOMES = WordList(
    name="outreach.outcomes",
    path=Path(__file__).with_name("outcomes.toml"),
    title=_("What comes of a visit or a call"),
    kept_codes=frozenset({AWAY, NO, MOVED}),
)


NEEDS = WordList(
    name="outreach.needs",
    path=Path(__file__).with_name("needs.toml"),
    title=_("What somebody may need"),
)


def rests_until(outcome: str, day: date) -> date:
    """The day from which somebody may stand on the list again, when no other was named."""
    rule = limits.rule_on(day)
    days = {AWAY: rule.away_days, NO: rule.no_days}.get(outcome, rule.again_days)
    return day + timedelta(days=days)
