"""In which order seats are given: what an organizer may choose, and the dated rule for first-timers."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from weiyifang.core import clock, dated
from weiyifang.core.look.wording import as_day


class Order(models.TextChoices):
    """Who goes before whom. But for the first, everybody stands in one list until enrolment closes."""

    FIRST_COME = "come", _("first come, first served")
    FIRST_TIMERS = "timers", _("first-timers first, when enrolment closes")
    LOTTERY = "lottery", _("drawn by lot, when enrolment closes")


@dataclass(frozen=True, kw_only=True)
class FirstTimersRule(dated.DatedRule):
    """For how many months somebody who came once is no first-timer."""

    months: int


FIRST_TIMERS = dated.RuleFile(
    name="activities.first_timers",
    path=Path(__file__).with_name("first_timers.toml"),
    title=_("First-timers of an organizer"),
    settings={
        "months": dated.Setting(label=_("Months without coming after which one is a first-timer"), least=1, most=60)
    },
    make=FirstTimersRule,
)


def newcomers_since(starts_at: datetime, closes_at: datetime) -> datetime:
    """Whoever has come to nothing of the organizer since this moment is a first-timer of a date."""
    day = as_day(closes_at)
    months = day.year * 12 + day.month - 1 - FIRST_TIMERS.on(as_day(starts_at)).months
    year, month = months // 12, months % 12 + 1
    first = date(year, month, min(day.day, monthrange(year, month)[1]))
    return clock.day_bounds(first)[0]


def in_words(order: str, starts_at: datetime) -> str:
    """The order, as it is said to whoever enrols."""
    if order == Order.LOTTERY:
        return str(_("Drawn by lot when enrolment closes. Until then it makes no difference when one enrols."))
    if order == Order.FIRST_TIMERS:
        months = FIRST_TIMERS.on(as_day(starts_at)).months
        said = ngettext(
            "When enrolment closes, whoever has not been to anything of this organizer for %(n)d month goes first; "
            "among equals, whoever enrolled first.",
            "When enrolment closes, whoever has not been to anything of this organizer for %(n)d months goes first; "
            "among equals, whoever enrolled first.",
            months,
        )
        return said % {"n": months}
    return str(_("First come, first served."))
