"""Which amount follows from which result, and for how long there can be appeals: the dated rule in `terms.toml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import models
from django.utils.translation import gettext_lazy as _

from weiyifang.core import dated, text
from weiyifang.core.refusals import Refused

MOST_POINTS = 100
TENTHS = 10  # points are kept in tenths: 87.5 is 875
_POINTS = re.compile(r"(\d{1,3})(?:\.(\d)0*)?")


class Grade(models.TextChoices):
    """What an organization was found to be."""

    EXCELLENT = "excellent", _("excellent")
    GOOD = "good", _("good")
    PASSED = "passed", _("passed")
    NONE = "none", _("not passed")


class NotInOrder(Refused):
    """Steps that go down where they should go up."""

    sentence = _("A better result takes more points, and brings no less money.")
    status = 422


class NotPoints(Refused):
    """Something that is no number of points."""

    sentence = _("Points are a number from 0 to 100, with one decimal place at most.")
    status = 422


@dataclass(frozen=True, kw_only=True)
class GrantRule(dated.DatedRule):
    """From how many points on (of 100) which grade is reached, what it brings in yuan, days for appeals."""

    excellent_points: int
    good_points: int
    pass_points: int
    excellent_yuan: int
    good_yuan: int
    pass_yuan: int
    appeal_days: int

    def __post_init__(self) -> None:
        rise = self.excellent_points > self.good_points > self.pass_points
        if not (rise and self.excellent_yuan >= self.good_yuan >= self.pass_yuan):
            raise NotInOrder()

    def grade_of(self, tenths: int) -> Grade:
        """The grade for so many tenths of a point."""
        for grade, points in self._steps():
            if tenths >= points * TENTHS:
                return grade
        return Grade.NONE

    def fen_of(self, grade: str) -> int:
        """What a grade brings, in fen."""
        yuan = {
            Grade.EXCELLENT: self.excellent_yuan,
            Grade.GOOD: self.good_yuan,
            Grade.PASSED: self.pass_yuan,
            Grade.NONE: 0,
        }
        return yuan[Grade(grade)] * 100

    @property
    def steps(self) -> list[tuple[str, int, int]]:
        """For whoever reckons again: each grade in words, from how many points, how many fen."""
        return [(str(grade.label), points, self.fen_of(grade)) for grade, points in self._steps()]

    def _steps(self) -> tuple[tuple[Grade, int], ...]:
        return (
            (Grade.EXCELLENT, self.excellent_points),
            (Grade.GOOD, self.good_points),
            (Grade.PASSED, self.pass_points),
        )


TERMS = dated.RuleFile(
    name="grants.terms",
    path=Path(__file__).with_name("terms.toml"),
    title=_("Running grants: which result brings how much, how long there can be appeals"),
    settings={
        "excellent_points": dated.Setting(label=_("Excellent: from so many points"), most=MOST_POINTS),
        "good_points": dated.Setting(label=_("Good: from so many points"), most=MOST_POINTS),
        "pass_points": dated.Setting(label=_("Passed: from so many points"), most=MOST_POINTS),
        "excellent_yuan": dated.Setting(label=_("Excellent: so many yuan"), most=100_000),
        "good_yuan": dated.Setting(label=_("Good: so many yuan"), most=100_000),
        "pass_yuan": dated.Setting(label=_("Passed: so many yuan"), most=100_000),
        "appeal_days": dated.Setting(label=_("Days for appeals after the day of publication"), least=1, most=60),
    },
    make=GrantRule,
    note=_("A run keeps the rule of the day it was begun."),
)


def rule_on(day: date) -> GrantRule:
    """The rule for a run that was begun on that day."""
    return TERMS.on(day)


def tenths(typed: str) -> int | None:
    """Points as somebody typed them, in tenths; None for nothing. Raises `NotPoints`."""
    said = text.number(typed)
    if not said:
        return None
    found = _POINTS.fullmatch(said)
    if found is None:
        raise NotPoints()
    value = int(found[1]) * TENTHS + int(found[2] or 0)
    if value > MOST_POINTS * TENTHS:
        raise NotPoints()
    return value


def points(value: int | None) -> str:
    """Tenths as people write them: 875 is 87.5, 900 is 90."""
    if value is None:
        return ""
    whole, rest = divmod(value, TENTHS)
    return f"{whole}.{rest}" if rest else f"{whole}"
