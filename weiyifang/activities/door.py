"""From when on somebody can be noted as having come, and who is handed over: the dated rule in `door.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from weiyifang.core import dated
from weiyifang.core.look.wording import as_day


@dataclass(frozen=True, kw_only=True)
class DoorRule(dated.DatedRule):
    """Minutes before the start from which on people are checked in; up to which age a child is handed over; how long
    a date is looked after at the workbench from which a child was not noted as fetched."""

    opens_minutes: int
    handed_over_most: int  # full years on the day of the date
    looked_after_days: int  # after it ended


DOOR = dated.RuleFile(
    name="activities.door",
    path=Path(__file__).with_name("door.toml"),
    title=_("At the door of activities"),
    settings={
        "opens_minutes": dated.Setting(label=_("Check-in opens so many minutes before the start"), least=1, most=1440),
        "handed_over_most": dated.Setting(label=_("A child up to so many years is handed over"), least=5, most=17),
        "looked_after_days": dated.Setting(
            label=_("A date from which a child was not noted as fetched waits on the list, days"), least=1, most=90
        ),
    },
    make=DoorRule,
)


def opens_at(starts_at: datetime) -> datetime:
    """From when on people are checked in to what begins at this moment."""
    return starts_at - timedelta(minutes=DOOR.on(as_day(starts_at)).opens_minutes)


def handed_over_most(starts_at: datetime) -> int:
    """Up to which age, in full years, a child is handed over to somebody at a date that begins at this moment."""
    return DOOR.on(as_day(starts_at)).handed_over_most
