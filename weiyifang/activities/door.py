"""From when on somebody can be noted as having come: the dated rule in `door.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from weiyifang.core import dated
from weiyifang.core.look.wording import as_day


@dataclass(frozen=True, kw_only=True)
class DoorRule(dated.DatedRule):
    """Minutes before the start from which on people are checked in."""

    opens_minutes: int


DOOR = dated.RuleFile(
    name="activities.door",
    path=Path(__file__).with_name("door.toml"),
    title=_("At the door of activities"),
    settings={
        "opens_minutes": dated.Setting(label=_("Check-in opens so many minutes before the start"), least=1, most=1440)
    },
    make=DoorRule,
)


def opens_at(starts_at: datetime) -> datetime:
    """From when on people are checked in to what begins at this moment."""
    return starts_at - timedelta(minutes=DOOR.on(as_day(starts_at)).opens_minutes)
