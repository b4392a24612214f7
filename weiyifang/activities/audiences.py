"""For whom something is, and from which age one is an elder or a child: the dated rule in `audiences.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import models
from django.utils.translation import gettext_lazy as _

from weiyifang.core import dated


class Audience(models.TextChoices):
    """For whom. `queries.reach_by_audience` counts by it; who may enrol follows from it and from the ages."""

    EVERYONE = "everyone", _("everyone")
    ELDERS = "elders", _("elders")
    CHILDREN = "children", _("children")
    WOMEN = "women", _("women")
    FAMILIES = "families", _("families")


AGED = frozenset({Audience.ELDERS, Audience.CHILDREN})  # whom an age makes


@dataclass(frozen=True, kw_only=True)
class AudiencesRule(dated.DatedRule):
    """From which age somebody is an elder, and up to which a child; full years on the day of the date."""

    elders_from: int
    children_most: int


AUDIENCES = dated.RuleFile(
    name="activities.audiences",
    path=Path(__file__).with_name("audiences.toml"),
    title=_("Who is an elder, and who is a child"),
    settings={
        "elders_from": dated.Setting(label=_("An elder from so many years on"), least=45, most=90),
        "children_most": dated.Setting(label=_("A child up to so many years"), least=6, most=17),
    },
    make=AudiencesRule,
    note=_("It holds for dates that begin from that day on. Whoever has enrolled stays on the list."),
)


def rule_on(day: date) -> AudiencesRule:
    """The rule for what begins on that day."""
    return AUDIENCES.on(day)


def ages(audience: str, day: date) -> tuple[int | None, int | None]:
    """The youngest and oldest of an audience on that day, in full years; None for no bound."""
    if audience == Audience.ELDERS:
        return rule_on(day).elders_from, None
    if audience == Audience.CHILDREN:
        return None, rule_on(day).children_most
    return None, None
