"""The workbench opens on what waits for this person, over all topics; who only oversees begins with figures."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.http import HttpResponseBase

from weiyifang.activities import queries as activities
from weiyifang.core import clock, timeline
from weiyifang.core.models import TimelineEntry
from weiyifang.core.web import own, waiting
from weiyifang.core.web.access import PageRequest, holds, page
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import paged, show
from weiyifang.fund import queries as fund
from weiyifang.news import queries as news
from weiyifang.organizations import queries as organizations
from weiyifang.people import queries as people
from weiyifang.people.roles import Permission
from weiyifang.portal.chrome import waiting_for
from weiyifang.portal.forms import HistoryFilter
from weiyifang.portal.own import SHOWN, of_note

YEAR = 365  # days, today among them


@page(holds(Permission.OPEN_WORKBENCH), kept=60)  # its frame: all that stands in it is filled in
def today(request: PageRequest) -> HttpResponseBase:
    """What waits, the soonest due first; who only watches over the work begins with its figures."""
    actor = request.actor
    if actor.may_somewhere(Permission.SEE_TIMELINE) and all(wait.is_oversight for wait in waiting.of(actor)):
        if own.making(request) is not None:
            raise own.ForEachAlone  # what they begin with depends on whether anything waits
        if not waiting_for(request):
            return _figures(request)
    context = {"day": clock.today(), "kinds": [], "lines": [], "all": 0, "money": None, "history": []}
    return show(request, "portal/workbench/today.html", context)


@page(holds(Permission.OPEN_WORKBENCH))
def to_do(request: PageRequest) -> HttpResponseBase:
    """All that waits, page by page; `?of=` of one kind."""
    counted = waiting_for(request)
    only = waiting.kinds().get(asked(request, "of", 40))
    listed = paged(request, waiting.lines(request.actor, counted, only))
    context = {"kinds": waiting.of_which(counted), "only": only, "page": listed, "all": sum(counted.values())}
    return show(request, "portal/workbench/waiting.html", context)


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
        "history": timeline.with_titles(of_note()[:SHOWN], request.actor),
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
