"""A year of activities in figures: on a page, on paper and as a table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from weiyifang.activities import queries, rules
from weiyifang.activities.workbench import plans
from weiyifang.core import clock, tables
from weiyifang.core.small_groups import FEWEST
from weiyifang.core.web import downloads
from weiyifang.core.web.access import PageRequest, page
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import show
from weiyifang.core.web.periods import YEARS
from weiyifang.people.models import Gender


@page(plans)
def figures(request: PageRequest) -> HttpResponseBase:
    """What came of one's activities in a `?year=`; `?of=` one of them; `?as=csv` as a table."""
    this = clock.today().year
    years = [str(this - back) for back in range(YEARS)]
    year = asked(request, "year", 4)
    year = year if year in years else years[0]
    mine, of = rules.manageable_by(request.actor), asked(request, "of", 9)
    one = mine.filter(number=int(of)).first() if of.isdecimal() else None
    chosen = mine.filter(pk=one.pk) if one is not None else mine
    found = queries.figures_of(chosen, date(int(year), 1, 1), date(int(year), 12, 31))
    if asked(request, "as") == "csv":
        return downloads.named(tables.streamed(_heads(), _lines(found)), f"activities-{year}.csv")
    context = {
        "found": found,
        "one": one,
        "year": year,
        "years": years,
        "ages": [(_age(group), group.people) for group in found.ages if group.people != 0],
        "genders": [(_gender(group), group.people) for group in found.genders if group.people != 0],
        "fewest": FEWEST,
        "is_kept": any(row.kept for row in found.rows),
    }
    return show(request, "activities/workbench/figures.html", context)


def _heads() -> list[str]:
    heads = [_("No."), _("Activity"), _("Dates"), _("Had enrolled")]
    return [*heads, _("Attendances"), _("Different people"), _("On kept seats")]


def _lines(found: queries.YearFigures) -> Iterator[list[Any]]:
    for row in found.rows:
        about = row.activity
        yield [about.number, about.title, row.dates, row.enrolled, row.attendances, row.people, row.kept_words]
    yield ["", _("All together, each person once"), "", "", found.attendances, found.people, ""]


def _age(group: queries.Group) -> str:
    if group.first is None:
        return _("age not known")
    if group.last is None:
        return _("%(age)d and older") % {"age": group.first}
    return _("%(first)d to %(last)d") % {"first": group.first, "last": group.last}


def _gender(group: queries.Group) -> str:
    return str(Gender(group.gender).label) if group.gender else pgettext("gender", "not noted")
