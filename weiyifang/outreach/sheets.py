"""Tables that leave the program: the figures, and who stands behind one of them. No phone is in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from weiyifang.outreach import limits, queries
from weiyifang.outreach.kinds import NEEDS
from weiyifang.outreach.models import Grid
from weiyifang.outreach.queries.figures import AT_HOME, NOT_KNOWN
from weiyifang.people.models import Gender, ResidentQuerySet


def dimension(code: str) -> str:
    """What the groups are made by, in words."""
    return {
        "grid": _("Grid"),
        "compound": _("Compound"),
        "age": _("Age"),
        "gender": _("Gender"),
        "home": _("People behind the door"),
        "need": _("Need"),
    }[code]


def names(day: date) -> dict[str, dict[str, str]]:
    """What the groups are called, by dimension and key; a compound is called by its key."""
    bands = enumerate(limits.rule_on(day).bands)
    at_home = {key: _("%(n)s people") % {"n": key} for key in AT_HOME}
    return {
        "grid": {str(number): name for number, name in Grid.objects.values_list("number", "name")}
        | {NOT_KNOWN: _("in no grid yet")},
        "compound": {NOT_KNOWN: _("no address noted")},
        "age": {str(place): _band(first, last) for place, (first, last) in bands} | {NOT_KNOWN: _("age not known")},
        "gender": {code: str(label) for code, label in Gender.choices} | {NOT_KNOWN: pgettext("gender", "not noted")},
        "home": at_home
        | {"1": _("lives alone"), AT_HOME[-1]: _("%(n)s people or more") % {"n": AT_HOME[-1]}}
        | {NOT_KNOWN: _("no address noted")},
        "need": {word.code: word.name for word in NEEDS.ever()} | {NOT_KNOWN: _("none noted")},
    }


def _band(first: int, last: int | None) -> str:
    if last is None:
        return _("%(age)d and older") % {"age": first}
    return _("%(first)d to %(last)d") % {"first": first, "last": last}


def figures_head() -> list[str]:
    return [_("By"), _("Group"), _("Live here"), _("Reached (people)"), _("Not reached (people)"), _("Attendances")]


def figures_lines(found: queries.Figures, until: date) -> Iterator[list[Any]]:
    """Everybody first; of a group that is not said the figures are empty."""
    counts = [found.reached, found.unreached, found.times] if found.is_said else [None, None, None]
    yield ["", _("Everybody"), found.people, *counts]
    called = names(until)
    for by in queries.DIMENSIONS:
        for group in found.groups[by]:
            label = called[by].get(group.key, group.key)
            yield [dimension(by), label, group.people, group.reached, group.unreached, group.times]


def people_head() -> list[str]:
    return [
        _("No."),
        pgettext("people", "Name"),
        _("Gender"),
        _("Age"),
        pgettext("people", "Address"),
        _("Attendances"),
    ]


def people_lines(rows: ResidentQuerySet, since: date, until: date) -> Iterator[list[Any]]:
    """One line a person, with how often they were reached."""
    times = queries.times(since, until)
    for one in rows.iterator(chunk_size=2000):
        home = one.household.address if one.household else ""
        gender = str(one.get_gender_display()) if one.gender else ""
        yield [one.number, one.name, gender, one.age_on(until), home, times[one.pk]]
