from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event, Remark


@dataclass(frozen=True, kw_only=True)
class RuleSet(Event):
    """The community has values of its own (the subject) for a rule, from a day on."""

    words = _("A rule was set")

    rule: str
    since: date
    why: Remark


@dataclass(frozen=True, kw_only=True)
class RuleTakenBack(Event):
    """Values (the subject) that had not begun to hold will not."""

    words = _("A rule was taken back before it began")

    rule: str
    since: date
