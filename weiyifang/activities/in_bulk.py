"""Papers of a month or a year at once: the posters of all its dates, and the lists of who came (`core.long_work`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from weiyifang.activities import covers, queries, rules, sheets
from weiyifang.activities.models import Session, SessionState
from weiyifang.communities import queries as communities
from weiyifang.core import clock, tables
from weiyifang.core.actors import Actor
from weiyifang.core.long_work import Arguments, Came, Kind, Made, Result, Step, along
from weiyifang.core.web import periods
from weiyifang.core.web.downloads import XLSX
from weiyifang.people.roles import Permission

POSTERS, ROSTERS = "activities_posters", "activities_rosters"
ROWS_EACH = 20  # a poster or a list costs as much as so many rows of a table
NEEDED: Mapping[str, Permission] = {POSTERS: Permission.PLAN_ACTIVITIES, ROSTERS: Permission.CHECK_IN}


def kinds_for(actor: Actor) -> list[str]:
    """Which papers the actor may make."""
    return [code for code, permission in NEEDED.items() if actor.may_somewhere(permission)]


def dates_of(kind: str, period: str, by: Actor) -> QuerySet[Session]:
    """The dates that take place in a month or a year, of what the actor looks after."""
    since, until = periods.bounds(period)
    mine = rules.manageable_by(by, NEEDED[kind])
    found = Session.objects.shown().filter(
        starts_at__gte=clock.day_bounds(since)[0], starts_at__lt=clock.day_bounds(until)[1], activity__in=mine
    )
    return found.exclude(state=SessionState.CANCELLED).select_related("activity").order_by("starts_at", "id")


def made(kind: str, arguments: Arguments, by: Actor, step: Step) -> Result:
    """The file, and how many dates are in it."""
    dates = list(dates_of(kind, arguments["period"], by))
    write = _posters if kind == POSTERS else _rosters
    return Result(came={"count": len(dates)}, file=write(dates, arguments, step))


def _posters(dates: list[Session], arguments: Arguments, step: Step) -> Made:
    """One page of paper for each date, in one file that needs nothing else: no style sheet, no network."""
    names = queries.organizer_names([date.activity for date in dates])
    home = communities.here()
    sheet = [_poster(date, names, arguments["home"]) for date in along(dates, len(dates), step)]
    context = {"posters": sheet, "home": home, "language": get_language(), "period": arguments["period"]}
    content = render_to_string("activities/posters.html", context).encode()
    return Made(name=f"posters-{arguments['period']}.html", media_type="text/html; charset=utf-8", content=content)


def _poster(date: Session, names: Mapping[str, str], home: str) -> dict[str, Any]:
    path = reverse("activities:date", urlconf="config.community_urls", args=[date.activity.number, date.number])
    return {
        "activity": date.activity,
        "session": date,
        "organizer": names.get(date.activity.organizer, ""),
        "cover": covers.drawing(date.activity.cover),
        "address": home + path.removeprefix(get_script_prefix()),
    }


def _rosters(dates: list[Session], arguments: Arguments, step: Step) -> Made:
    content = tables.write_xlsx(
        _("Lists"), sheets.heads_of_many(), _lines(dates, step), widths=(8, 24, 18, 20, 8, 12, 8, 18, 8)
    )
    return Made(name=f"rosters-{arguments['period']}.xlsx", media_type=XLSX, content=content)


def _lines(dates: list[Session], step: Step) -> Iterator[list[Any]]:
    for date in along(dates, len(dates), step):
        yield from sheets.of_many(date, queries.roster(date))


def _words(came: Came) -> str:
    words = ngettext("%(n)s date is in the file.", "%(n)s dates are in the file.", came["count"])
    return words % {"n": f"{came['count']:,}"}


def _kind(code: str, title: Any, *, names_people: bool) -> Kind:
    return Kind(
        title=title,
        run=lambda arguments, by, step: made(code, arguments, by, step),
        may=lambda actor, _arguments: actor.may_somewhere(NEEDED[code]),
        words=_words,
        names_people=names_people,
    )


KINDS: Mapping[str, Kind] = {
    POSTERS: _kind(POSTERS, gettext_lazy("Posters of many dates"), names_people=False),
    ROSTERS: _kind(ROSTERS, gettext_lazy("Lists of who came, of many dates"), names_people=True),
}
