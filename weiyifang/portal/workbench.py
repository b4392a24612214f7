"""The workbench opens on what waits for this person, over all topics; who only oversees begins with figures."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.http import HttpResponseBase

from weiyifang.activities import queries as activities
from weiyifang.core import clock, timeline
from weiyifang.core.kinds import kinds
from weiyifang.core.models import TimelineEntry
from weiyifang.core.web import waiting
from weiyifang.core.web.access import PageRequest, holds, page
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import paged, show
from weiyifang.fund import events as fund_events
from weiyifang.fund import queries as fund
from weiyifang.news import events as news_events
from weiyifang.news import queries as news
from weiyifang.organizations import events as organization_events
from weiyifang.organizations import queries as organizations
from weiyifang.people import queries as people
from weiyifang.people.roles import Permission
from weiyifang.portal.chrome import waiting_for
from weiyifang.portal.forms import HistoryFilter

YEAR = 365  # days, today among them
SHOWN = 8  # of what waits, and of what was done lately; their own pages have the rest
OF_NOTE = {fund_events.__name__, news_events.__name__, organization_events.__name__}


@page(holds(Permission.OPEN_WORKBENCH))
def today(request: PageRequest) -> HttpResponseBase:
    """What waits, the soonest due first; who only watches over the work begins with its figures."""
    actor = request.actor
    watches = actor.may_somewhere(Permission.SEE_TIMELINE)
    counted = waiting_for(request)
    if watches and not counted and all(wait.is_oversight for wait in waiting.of(actor)):
        return _figures(request)
    lines = waiting.lines(actor, counted)
    context = {
        "day": clock.today(),
        "kinds": _kinds(counted),
        "lines": lines[:SHOWN],
        "all": len(lines),
        "money": fund.year_or_none() if actor.may_somewhere(Permission.SEE_BOOKS) else None,
        "history": timeline.with_titles(_of_note()[:SHOWN], actor) if watches else (),
    }
    return show(request, "portal/workbench/today.html", context)


@page(holds(Permission.OPEN_WORKBENCH))
def to_do(request: PageRequest) -> HttpResponseBase:
    """All that waits, page by page; `?of=` of one kind."""
    counted = waiting_for(request)
    only = waiting.kinds().get(asked(request, "of", 40))
    listed = paged(request, waiting.lines(request.actor, counted, only))
    context = {"kinds": _kinds(counted), "only": only, "page": listed, "all": sum(counted.values())}
    return show(request, "portal/workbench/waiting.html", context)


def _kinds(counted: dict[str, int]) -> list[tuple[waiting.Wait, int]]:
    """Each kind of which something waits, with how much."""
    return [(wait, counted[code]) for code, wait in waiting.kinds().items() if code in counted]


@page(holds(Permission.OPEN_WORKBENCH))
def everything(request: PageRequest) -> HttpResponseBase:
    """Every page of the workbench that is open to this person: the map, on a phone."""
    return show(request, "portal/workbench/everything.html")


@page(holds(Permission.SEE_TIMELINE))
def figures(request: PageRequest) -> HttpResponseBase:
    """The year in figures: how many came, for whom things were put on, what was read, given and spent."""
    return _figures(request)


def _figures(request: PageRequest) -> HttpResponseBase:
    until = clock.today()
    since = until - timedelta(days=YEAR - 1)
    held = activities.held_between(since, until)
    context = {
        "since": since,
        "until": until,
        "attendances": activities.attendances(since, until),
        "people": activities.people_served(since, until),
        "residents": people.count_living_here(),
        "held": held,
        "reach": activities.reach_by_audience(since, until),
        "organizations": organizations.count_active(),
        "articles": news.total_articles(),
        "reads": news.total_reads(),
        "money": fund.year_or_none() if request.actor.may_somewhere(Permission.SEE_BOOKS) else None,
        "history": timeline.with_titles(_of_note()[:SHOWN], request.actor),
    }
    return show(request, "portal/workbench/figures.html", context)


@page(holds(Permission.SEE_TIMELINE))
def history(request: PageRequest) -> HttpResponseBase:
    """Every act, newest first: for those who watch over the committee's work."""
    form = HistoryFilter(request.GET)
    listed = paged(request, form.narrow(_acts()), per_page=50)
    history = timeline.with_titles(listed.object_list, request.actor)
    return show(request, "portal/workbench/history.html", {"form": form, "page": listed, "history": history})


def _acts() -> QuerySet[TimelineEntry]:
    return TimelineEntry.objects.order_by("-at", "-id").prefetch_related("remarks")


def _of_note() -> QuerySet[TimelineEntry]:
    """What was done about money, news and organizations: among every act, those who came would hide it."""
    verbs = [name for name, kind in kinds().items() if kind.__module__ in OF_NOTE]
    return _acts().filter(verb__in=verbs)
